import { describe, expect, it, test } from 'vitest';
import { clashOf } from '../../../../src/core/kinds/address.ts';
import type { KindName } from '../../../../src/core/kinds/kind-name.ts';
import { kindOf } from '../../../../src/core/kinds/kinds.ts';
import { hookRequestOf, meansOf, newOrder } from '../../../../src/core/kinds/order.ts';
import { digestsOf } from '../../../../src/core/model/digest.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import { accelerator, address, oracleDns, recordsDns, serviceWith, weightedDns } from '../service.fixture.ts';
import { orders, token, whole } from './whole.fixture.ts';

const thingOf = (kind: KindName, of: NamedService, parts: object) =>
  kindOf(kind).thingOf({ token, ...parts }, of, 'region-1') as Readonly<Record<string, unknown>> | null;

describe('a thing of a site in another account', () => {
  const account = '222222222222';
  const sites = Object.fromEntries(Object.entries(whole.sites).map(([name, site]) => [name, { ...site, account }]));
  const abroad: NamedService = { ...whole, sites };

  it.each(['fence', 'promote', 'start', 'work', 'address', 'route', 'targets', 'zonal', 'rebuild'] as const)(
    'is looked for there (%s)',
    (kind) => {
      expect(thingOf(kind, abroad, orders[kind].wanted)?.account).toBe(account);
      expect(thingOf(kind, whole, orders[kind].wanted)?.account).toBeUndefined();
    },
  );

  it('is a record in the account of its zone', () => {
    const zone = { ...recordsDns.zone, account };
    const of = serviceWith({ traffic: { dns: { ...recordsDns, zone } } });

    expect(thingOf('dns', of, { site: 'two' })?.account).toBe(account);
  });
});

describe('endpoints of an accelerator', () => {
  const arns = { one: 'arn:shared', two: 'arn:shared', far: 'arn:far' };
  const endpointIds = { one: ['e-1', 'e-2'], two: ['e-3'], far: ['e-4'] };
  const of = serviceWith({ traffic: { accelerator: { ...accelerator, endpointGroupArns: arns, endpointIds } } });

  it('have the usual weight at the site that is active, and none elsewhere, each in its own group', () => {
    expect(thingOf('accelerator', of, { site: 'one' })).toEqual({
      groups: {
        'arn:shared': { dial: 100, weights: { 'e-1': 128, 'e-2': 128, 'e-3': 0 } },
        'arn:far': { dial: 0, weights: { 'e-4': 0 } },
      },
    });
  });
});

describe('the addresses of a service', () => {
  const places = [{ instanceId: 'i-1' }, { instanceId: 'i-2' }];
  const several = (allocationId: readonly string[], at: readonly object[] = places) =>
    serviceWith({ traffic: { address: { ...address, allocationId, instances: { one: at as typeof places } } } });

  it('have a place each, and know where the other Elastic IPs belong', () => {
    const of = several(['eipalloc-1', 'eipalloc-2']);

    expect(thingOf('address', of, { site: 'one', address: 1 })).toMatchObject({
      allocationId: 'eipalloc-2',
      place: { instanceId: 'i-2' },
      others: [{ allocationId: 'eipalloc-1', place: { instanceId: 'i-1' } }],
    });
  });

  it('share a place where there is one for all', () => {
    const of = several(['10.0.0.7', '10.0.0.8'], [{ networkInterfaceId: 'eni-1' }]);

    expect(thingOf('address', of, { site: 'one', address: 1 })).toMatchObject({
      allocationId: '10.0.0.8',
      place: { networkInterfaceId: 'eni-1' },
      others: [],
    });
  });

  it.each([
    ['an Elastic IP beside a private address', ['eipalloc-1', '10.0.0.7'], 0],
    ['a private address beside an Elastic IP', ['eipalloc-1', '10.0.0.7'], 1],
  ])('cannot clash where only one of them is an Elastic IP: %s', (_, allocationId, position) => {
    expect(thingOf('address', several(allocationId), { site: 'one', address: position })?.others).toEqual([]);
  });

  it('are none without a place of their own', () => {
    const of = several(['eipalloc-1', 'eipalloc-2', 'eipalloc-3']);

    expect(thingOf('address', of, { site: 'one', address: 2 })).toBeNull();
    expect(thingOf('address', of, { site: 'one', address: 0 })?.others).toHaveLength(1);
  });
});

describe('an Elastic IP takes no place', () => {
  const other = { allocationId: 'eipalloc-2', place: { instanceId: 'i-2' } };
  const third = { allocationId: 'eipalloc-3', place: { instanceId: 'i-3' } };
  const others = [other, third];
  const own = { region: 'region-1', allocationId: 'eipalloc-1', place: { instanceId: 'i-1' }, others };

  it.each([
    ['that is free', null, ['eni-2'], null],
    ['that it holds', 'eipalloc-1', ['eni-2'], null],
    ['that another one of the service holds, which belongs elsewhere', 'eipalloc-2', ['eni-2'], null],
    ["that a stranger's holds", 'eipalloc-9', ['eni-2'], /holds eipalloc-9, which is not of this service/],
    [
      'where another one of the service belongs too',
      null,
      ['eni-1'],
      /eipalloc-1 and eipalloc-2 would both be at eni-1/,
    ],
  ])('%s (held by %s, others at %j)', (_, held, othersAt, clash) => {
    const found = clashOf(own, 'eni-1', held, othersAt);

    if (clash === null) expect(found).toBeNull();
    else expect(found).toMatch(clash);
  });
});

describe('a record that is ordered', () => {
  const lastResort = { a: ['192.0.2.9'] };
  const failover = (more: object = {}) => serviceWith({ traffic: { dns: { ...recordsDns, ...more } } });

  it('holds the static endpoint, where the service has one', () => {
    expect(thingOf('dns', failover({ lastResort }), { site: 'last-resort' })?.answer).toEqual({
      kind: 'values',
      values: { a: ['192.0.2.9'], aaaa: [], cname: [] },
    });
  });

  it('is none where oracles answer, or where there is no record', () => {
    expect(thingOf('dns', serviceWith({ traffic: { dns: oracleDns } }), { site: 'one' })).toBeNull();
    expect(thingOf('dns', serviceWith({ traffic: {} }), { site: 'one' })).toBeNull();
  });

  it('has a weight for the static endpoint only where the service has one', () => {
    const weighted = (more: object) => serviceWith({ traffic: { dns: { ...weightedDns, ...more } } });
    const weights = { one: 0, 'last-resort': 100 };

    expect(thingOf('dns', weighted({ lastResort }), { weights })?.answer).toEqual({ kind: 'weights', weights });
    expect(thingOf('dns', weighted({}), { weights })).toBeNull();
  });
});

test('data without a writer of its own is not promoted', () => {
  const shared = serviceWith({ data: { kind: 'dynamodb-global', tables: ['carts'] } as never });

  expect(thingOf('promote', shared, orders.promote.wanted)).toBeNull();
  expect(thingOf('promote', whole, orders.promote.wanted)).not.toBeNull();
});

test.each([
  ['switched off', { isOn: false }],
  ['switched on', { isOn: true }],
])('work is %s as ordered', (_, parts) => {
  expect(thingOf('work', whole, { ...orders.work.wanted, ...parts })).toMatchObject(parts);
});

test('clients are told nothing of a service that tells none', () => {
  expect(thingOf('publish', serviceWith({}), { ...orders.publish.wanted, sites: [] })).toBeNull();
});

describe('an order', () => {
  const fence = { kind: 'custom', functionName: 'cut', asks: 'client' } as never;
  const hooked = serviceWith({ sites: { one: { fence } } });
  const close = { kind: 'fence', site: 'one', isIsolated: true, isSelfFence: false } as const;

  it('says whose it is, in which manner, and what its sender was configured with', () => {
    expect(newOrder(hooked, token, 'repair', close)).toEqual({
      ...{ service: 'shop', token, manner: 'repair', digests: digestsOf(hooked), means: meansOf(hooked, close) },
      ...close,
    });
  });

  const requestOf = (of: NamedService, isIsolated = true, attempt = 1) =>
    hookRequestOf(of, 'region-1', newOrder(of, { epoch: 2, attempt }, 'enforce', { ...close, isIsolated }));

  it('asks a function of the user for the same, whoever gives it', () => {
    expect(requestOf(hooked)).not.toBeNull();
    expect(requestOf(hooked, true, 2)).toBe(requestOf(hooked));
    expect(requestOf(hooked, false)).not.toBe(requestOf(hooked));
  });

  it("asks no function of the user where the thing is AWS's, or none", () => {
    expect(requestOf(whole)).toBeNull();
    expect(requestOf(serviceWith({}))).toBeNull();
    expect(hookRequestOf(whole, 'region-1', newOrder(whole, token, 'enforce', orders.route.wanted))).toBeNull();
  });
});
