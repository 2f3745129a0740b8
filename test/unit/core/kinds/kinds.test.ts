import { describe, expect, it } from 'vitest';
import { obey } from '../../../../src/core/kinds/actuator.ts';
import { type KindName, kindNames } from '../../../../src/core/kinds/kind-name.ts';
import { kindOf } from '../../../../src/core/kinds/kinds.ts';
import { digestsOf } from '../../../../src/core/model/digest.ts';
import type { NamedService } from '../../../../src/core/model/service.ts';
import { globalData, recordsDns, registerWith, runWith, serviceWith } from '../service.fixture.ts';
import { orders, token, weighted, whole } from './whole.fixture.ts';

/** Kinds whose things belong to no region, or to every one. */
const everywhere: readonly KindName[] = ['accelerator', 'controls', 'edge', 'dns', 'publish'];

function rebuilt(kind: KindName, more: object = {}, service: NamedService = whole, region = 'region-1'): unknown {
  return kindOf(kind).thingOf({ token, ...orders[kind].wanted, ...more }, service, region);
}

describe('an order', () => {
  it.each(kindNames)('is rebuilt from the deployment of the function that gets it (%s)', (kind) => {
    expect(rebuilt(kind)).toEqual(orders[kind].thing);
  });

  it.each(kindNames)('says nothing that the deployment says: no id, no ARN, no address (%s)', (kind) => {
    const text = JSON.stringify(orders[kind].wanted);

    expect(text).not.toMatch(/eipalloc|rtb|eni-|i-[12]|listener-|group-[12]|192\.0\.2|https|arn|Z1/);
  });

  it.each(kindNames.flatMap((kind) => Object.keys(orders[kind].wanted).map((part) => ({ kind, part }))))(
    'wants nothing without its $part, or with something else there ($kind)',
    ({ kind, part }) => {
      const wrong = [undefined, {}, [1], 1.5, -1, 'constructor', () => {}];
      const accepted = part === 'kind' ? [] : wrong.filter((value) => rebuilt(kind, { [part]: value }) !== null);

      expect(accepted).toEqual([]);
    },
  );

  it.each(kindNames.filter((kind) => !everywhere.includes(kind)))(
    'is none for the function of a region where the thing is not (%s)',
    (kind) => {
      expect(rebuilt(kind, {}, whole, 'region-3')).toBeNull();
      expect(kindOf(kind).isIn(whole, 'region-3')).toBe(false);
    },
  );

  it.each(kindNames)('is none for a service that has no such thing (%s)', (kind) => {
    const plain = serviceWith({});

    expect(rebuilt(kind, {}, plain)).toBeNull();
    expect(kindOf(kind).isIn(plain, 'region-1')).toBe(false);
  });

  it.each(kindNames)('is what a run, or the time after it, wants (%s)', (kind) => {
    const run = runWith({ from: 'one', to: 'two', serving: ['two'], state: 'done' });
    const owed = [{ site: 'one', epoch: 2, proof: 'closed' }] as const;
    const register = registerWith({ active: 'two', writer: 'two', serving: ['two'], owed, run });
    const [ownRegion, epochAgeMs] = ['region-1', 60_000];
    const facts = { service: whole, run, register, ownRegion, controlRegions: [ownRegion], epochAgeMs };

    const wanted = [...kindOf(kind).inRun(facts), ...kindOf(kind).atRest(facts)];

    expect(wanted.length).toBeGreaterThan(0);
    for (const { region, desired } of wanted) {
      expect(kindOf(kind).thingOf({ token, ...desired }, whole, region)).not.toBeNull();
    }
  });

  it.each([
    ['a fence of a site without one', 'fence', { site: 'two' }],
    ['a fence of a site of another region', 'fence', { site: 'far' }],
    ['data to a site of another region', 'promote', { to: 'far' }],
    ['data to the static endpoint', 'promote', { to: 'last-resort' }],
    ['data from nowhere, as planned', 'promote', { from: 'ohio', isPlanned: true }],
    ['something that the site does not run on', 'start', { part: 'auto-scaling-group other' }],
    ["a size by nobody's order", 'start', { token: { epoch: 1 } }],
    ['work of a site that has none', 'work', { site: 'far' }],
    ['a size to follow beyond all bounds', 'start', { activeSize: 10_001 }],
    ['a size to follow in quarters', 'start', { activeSize: 2.25 }],
    ['an address at a site without an instance', 'address', { site: 'far' }],
    ['an address that is not there', 'address', { address: 1 }],
    ['an address that is no number', 'address', { address: '0' }],
    ['a route to a site without a target', 'route', { site: 'far' }],
    ['dials up at a site that nobody knows', 'accelerator', { site: 'ohio' }],
    ['a control on at a site that nobody knows', 'controls', { site: 'ohio' }],
    ['the origin of a site that nobody knows', 'edge', { site: 'ohio' }],
    ['a shift away from a site that nobody knows', 'zonal', { away: ['far', 'ohio'] }],
    ['a shift of a load balancer that is not there', 'zonal', { resource: 2 }],
    ['the writer as a replica of itself', 'rebuild', { writer: 'one' }],
    ['a replica of a site that nobody knows', 'rebuild', { writer: 'ohio' }],
    ["a replica by nobody's order", 'rebuild', { token: { epoch: 1 } }],
    ['weights of a listener that is not there', 'targets', { listener: 1 }],
    ['weights of a part of the targets', 'targets', { weights: { two: 100 } }],
    ['weights of more than the targets', 'targets', { weights: { one: 0, two: 100, far: 0 } }],
    ['weights of other sites than the targets', 'targets', { weights: { two: 100, far: 0 } }],
    ['a weight above 999', 'targets', { weights: { one: 0, two: 1_000 } }],
    ['weights of nobody', 'targets', { weights: { one: 0, two: 0 } }],
    ['a list of weights', 'targets', { weights: [1, 2] }],
    ['a weight that is text', 'targets', { weights: { one: 0, two: '100' } }],
    ['a record for a site that nobody knows', 'dns', { site: 'ohio' }],
    ['a record for a static endpoint that there is not', 'dns', { site: 'last-resort' }],
    ['an endpoint of a site that has none', 'publish', { sites: ['ohio'] }],
  ] as const)('does not want %s', (_, kind, more) => {
    expect(rebuilt(kind, more)).toBeNull();
  });

  it('may promote away from the static endpoint', () => {
    expect(rebuilt('promote', { from: 'last-resort' })).not.toBeNull();
  });

  it('may name no sites to inside clients while the static endpoint serves', () => {
    expect(rebuilt('publish', { sites: [] })).not.toBeNull();
  });
});

describe('the permission to lose data', () => {
  const budget = { failover: { maxReplicationLagMs: 30_000 } };
  const order = (given: NamedService, more: Parameters<typeof runWith>[0]) => {
    const run = runWith(more);
    const facts = { service: given, run, register: registerWith({ run }), ownRegion: 'region-1' };
    return kindOf('promote').inRun({ ...facts, controlRegions: ['region-1'] })[0]?.desired;
  };

  it.each(['switchover', 'failback'] as const)(
    'S12: a planned move of data that can be switched over may lose nothing (%s)',
    (kind) => {
      const given = serviceWith({ data: globalData, ...budget });

      expect(order(given, { kind })).toMatchObject({ isPlanned: true, isDataLossAllowed: false });
    },
  );

  it('is the budget for a failover, and for a planned move that AWS has no lossless way for', () => {
    const replica = { kind: 'rds-replica', instances: { one: 'i-1', two: 'i-2', far: 'i-3' } } as const;

    expect(order(serviceWith({ data: globalData, ...budget }), {})).toMatchObject({ isDataLossAllowed: true });
    expect(order(serviceWith({ data: replica, ...budget }), { kind: 'switchover' })).toMatchObject({
      isPlanned: true,
      isDataLossAllowed: true,
    });
    expect(order(serviceWith({ data: globalData }), {})).toMatchObject({ isDataLossAllowed: false });
  });

  it('is none for a group that moves as planned, and the budget for one that flees', () => {
    const given = serviceWith({ data: globalData, ...budget });

    expect(order(given, { kind: 'follow', reason: 'group-planned' })).toMatchObject({ isDataLossAllowed: false });
    expect(order(given, { kind: 'follow', reason: 'group-failover' })).toMatchObject({ isDataLossAllowed: true });
  });

  it('is what a person gave, whatever the move', () => {
    const given = serviceWith({ data: globalData });

    expect(order(given, { kind: 'switchover', isDataLossAllowed: true })).toMatchObject({ isDataLossAllowed: true });
  });
});

describe('weights of records', () => {
  it.each([
    [{ one: 100, far: 0 }, true],
    [{ 'last-resort': 100 }, true],
    [{ ohio: 100 }, false],
    [{ one: 256 }, false],
    [{ one: 0 }, false],
  ])('are of sites of the service and its static endpoint, 0 to 255 (%j: %s)', (weights, isOwn) => {
    const thing = kindOf('dns').thingOf({ weights }, weighted, 'region-2');

    expect(thing !== null).toBe(isOwn);
  });

  it.each(['failover', 'latency', 'multivalue'] as const)('are none with policy %s', (policy) => {
    const other = serviceWith({ traffic: { dns: { ...recordsDns, policy } } });

    expect(kindOf('dns').thingOf({ weights: { one: 100 } }, other, 'region-1')).toBeNull();
  });
});

describe('a function', () => {
  const deployment = { name: 'shop', services: { shop: whole } };
  const good = {
    service: 'shop',
    token: { epoch: 2, attempt: 1 },
    manner: 'enforce',
    digests: digestsOf(whole),
    kind: 'address',
    address: 0,
    site: 'two',
  };
  const answerTo = (event: unknown) => obey(kindOf('address'), event, { deployment, region: 'region-1' }).next().value;

  it.each([
    ['nothing', undefined],
    ['text', 'move'],
    ['a schedule event', { source: 'aws.events' }],
    ['an order without a token', { ...good, token: undefined }],
    ['an order with half a token', { ...good, token: { epoch: 2 } }],
    ['an order in no manner', { ...good, manner: 'please' }],
    ['an order that says nothing of its sender', { ...good, digests: undefined }],
    ['an order of another kind', { ...good, ...orders.fence.wanted }],
    ['an order of a kind that every object has', { ...good, kind: 'constructor' }],
    ['an order for a service that the deployment does not have', { ...good, service: 'mail' }],
    ['an order for a name that every object has', { ...good, service: 'constructor' }],
    ['an order for a site without a part in it', { ...good, site: 'far' }],
  ])('refuses %s without touching anything', (_, event) => {
    expect(answerTo(event)).toMatchObject({ outcome: 'failed', fault: { kind: 'invalid' } });
  });

  it('begins its own orders with the claim', () => {
    expect(answerTo(good)).toMatchObject({ kind: 'call', name: 'readTable', input: { region: 'region-1' } });
  });
});
