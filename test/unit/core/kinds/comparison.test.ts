import { describe, expect, it, test } from 'vitest';
import type { Comparison } from '../../../../src/core/kinds/kind.ts';
import { kinds } from '../../../../src/core/kinds/kinds.ts';
import type { RouteSeen } from '../../../../src/core/kinds/route.ts';
import { fence, globalData } from '../service.fixture.ts';
import { nightly, replicas, token } from './whole.fixture.ts';

const place = { region: 'region-1', service: 'shop', site: 'one', token };

describe('a fence is as ordered once every part of it is', () => {
  it.each<[boolean, boolean, boolean, Comparison]>([
    [true, true, false, 'as-ordered'],
    [true, false, false, 'differs'],
    [true, false, true, 'differs'],
    [false, false, true, 'as-ordered'],
    [false, false, false, 'differs'],
    [false, true, false, 'differs'],
  ])('closed=%s, seen isolated=%s, released=%s: %s', (isIsolated, isSeenIsolated, isReleased, compared) => {
    const seen = { isIsolated: isSeenIsolated, isReleased };

    expect(kinds.fence.compare({ ...place, fence, isIsolated }, seen)).toBe(compared);
  });

  it('is on its way while it closes by itself, and only where it is to be closed', () => {
    const seen = { isIsolated: false, isReleased: false, isClosing: true };
    const compared = (isIsolated: boolean) => kinds.fence.compare({ ...place, fence, isIsolated }, seen);

    expect([compared(true), compared(false)]).toEqual(['on-its-way', 'differs']);
  });

  it('asks a function of the user where the fence is one, and needs no claim only to cut off its own site', () => {
    const isHooked = (kind: string) => kinds.fence.asksHook?.({ ...place, fence: { kind } as never, isIsolated: true });
    const isFree = (isIsolated: boolean, isSelfFence: boolean) =>
      kinds.fence.isFreeOfClaim?.({ kind: 'fence', site: 'one', isIsolated, isSelfFence });

    expect([isHooked('custom'), isHooked('read-only'), isHooked('groups')]).toEqual([true, true, false]);
    expect([isFree(true, true), isFree(true, false), isFree(false, true)]).toEqual([true, false, false]);
  });
});

describe('data is as ordered once the API names the writer', () => {
  const thing = { ...place, data: globalData, from: 'one', to: 'two', isPlanned: true, isDataLossAllowed: false };

  it.each<[string | null, boolean, string | undefined, Comparison]>([
    ['two', false, undefined, 'as-ordered'],
    ['one', false, undefined, 'differs'],
    [null, false, undefined, 'differs'],
    ['one', true, undefined, 'on-its-way'],
    ['one', true, 'two', 'on-its-way'],
    ['two', true, 'two', 'on-its-way'],
    ['one', true, 'far', 'differs'],
    ['two', true, 'far', 'as-ordered'],
  ])('writer=%s, moving=%s, to %s: %s', (writer, isMoving, movingTo, compared) => {
    expect(kinds.promote.compare(thing, { writer, isMoving, movingTo })).toBe(compared);
  });

  it('asks a function of the user where the data is one', () => {
    const custom = { kind: 'custom' } as never;

    expect(kinds.promote.asksHook?.({ ...thing, data: custom })).toBe(true);
    expect(kinds.promote.asksHook?.({ ...thing, data: replicas })).toBe(false);
  });
});

test.each<['replica' | 'making' | 'alone' | 'nothing' | 'other', Comparison]>([
  ['replica', 'as-ordered'],
  ['making', 'on-its-way'],
  ['alone', 'differs'],
  ['nothing', 'differs'],
  ['other', 'differs'],
])('a site whose data is %s: %s', (role, compared) => {
  expect(kinds.rebuild.compare({} as never, { role })).toBe(compared);
});

test('an address is as ordered where its place stands now', () => {
  const compared = (at: string | null) => kinds.address.compare({} as never, { at, belongsAt: 'eni-1/10.0.0.1' });

  expect([compared('eni-1/10.0.0.1'), compared('eni-2/10.0.0.1'), compared(null)]).toEqual([
    'as-ordered',
    'differs',
    'differs',
  ]);
});

describe('routes are as ordered once each leads to a target that lives', () => {
  const tables = ['rtb-1', 'rtb-2'];
  const destinations = ['0.0.0.0/0', '::/0'];
  const seen: readonly RouteSeen[] = tables.flatMap((table) =>
    destinations.map((destination) => ({
      ...{ table, destination, instanceId: 'i-1', networkInterfaceId: 'eni-1' },
      isBlackhole: false,
    })),
  );
  const spoil = (part: Partial<RouteSeen>) => seen.map((one, index) => (index === 3 ? { ...one, ...part } : one));
  const compared = (target: { instanceId: string } | { networkInterfaceId: string }, state: readonly RouteSeen[]) =>
    kinds.route.compare({ region: 'region-1', tables, destinations, target }, state);

  it.each<[string, readonly RouteSeen[], Comparison]>([
    ['all lead there', seen, 'as-ordered'],
    ['one is missing', seen.slice(0, 3), 'differs'],
    ['one leads to another instance', spoil({ instanceId: 'i-2' }), 'differs'],
    ['the target of one is dead', spoil({ isBlackhole: true }), 'differs'],
    ['one is of another table', spoil({ table: 'rtb-9' }), 'differs'],
    ['one is of another destination', spoil({ destination: '10.0.0.0/8' }), 'differs'],
  ])('%s', (_, state, expected) => {
    expect(compared({ instanceId: 'i-1' }, state)).toBe(expected);
  });

  it('goes by the interface where the target is one', () => {
    expect(compared({ networkInterfaceId: 'eni-1' }, seen)).toBe('as-ordered');
    expect(compared({ networkInterfaceId: 'eni-2' }, seen)).toBe('differs');
    expect(compared({ networkInterfaceId: 'i-1' }, seen)).toBe('differs');
  });
});

test.each<[Readonly<Record<string, number>>, Readonly<Record<string, number>>, Comparison]>([
  [{ a: 100, b: 0 }, { a: 100, b: 0 }, 'as-ordered'],
  [{ a: 100, b: 0 }, { a: 100 }, 'as-ordered'],
  [{ a: 100 }, { a: 100, b: 0 }, 'as-ordered'],
  [{ a: 100, b: 0 }, { a: 100, b: 1 }, 'differs'],
  [{ a: 100, b: 10 }, { a: 100 }, 'differs'],
  [{ a: 100 }, { a: 100, stranger: 10 }, 'differs'],
])('weights %j, seen as %j: a weight of 0 is as good as none (%s)', (weights, seen, compared) => {
  expect(kinds.targets.compare({ region: 'region-1', listenerArn: 'arn', weights }, seen)).toBe(compared);
});

test.each<[string, object, Comparison]>([
  ['as ordered', { up: { dial: 100, weights: { e: 128 } }, down: { dial: 0, weights: {} } }, 'as-ordered'],
  [
    'with a stranger in a group',
    { up: { dial: 100, weights: { e: 128, x: 1 } }, down: { dial: 0, weights: {} } },
    'as-ordered',
  ],
  ['with a dial half way', { up: { dial: 50, weights: { e: 128 } }, down: { dial: 0, weights: {} } }, 'differs'],
  ['with another weight', { up: { dial: 100, weights: { e: 0 } }, down: { dial: 0, weights: {} } }, 'differs'],
  ['without an endpoint', { up: { dial: 100, weights: {} }, down: { dial: 0, weights: {} } }, 'differs'],
  ['without a group', { up: { dial: 100, weights: { e: 128 } } }, 'differs'],
])('endpoint groups %s', (_, seen, compared) => {
  const groups = { up: { dial: 100, weights: { e: 128 } }, down: { dial: 0, weights: {} } };

  expect(kinds.accelerator.compare({ groups }, seen as never)).toBe(compared);
});

test.each<[Readonly<Record<string, boolean>>, Comparison]>([
  [{ one: false, two: true }, 'as-ordered'],
  [{ one: false, two: true, other: true }, 'as-ordered'],
  [{ one: true, two: true }, 'differs'],
  [{ one: false, two: false }, 'differs'],
  [{ two: true }, 'differs'],
])('routing controls %j: %s', (seen, compared) => {
  const states = { one: false, two: true };

  expect(kinds.controls.compare({ endpoints: {}, region: 'region-1', states }, seen)).toBe(compared);
});

test('a key of the edge is compared by what stands under it', () => {
  const thing = { storeArn: 'arn', key: 'shop', value: 'origin-two', region: 'region-1' };
  const compared = (value: string | null) => kinds.edge.compare(thing, { value });

  expect([compared('origin-two'), compared('origin-one'), compared(null)]).toEqual([
    'as-ordered',
    'differs',
    'differs',
  ]);
});

describe('a record', () => {
  const name = { zoneId: 'Z1', name: 'shop.example.com', ttlSeconds: 30 };
  const values = (a: readonly string[]) => ({ kind: 'values', values: { a, aaaa: [], cname: [] } }) as const;
  const weights = (given: Readonly<Record<string, number>>) => ({ kind: 'weights', weights: given }) as const;

  it.each([
    [values(['192.0.2.1']), values(['192.0.2.1']), 'as-ordered'],
    [values(['192.0.2.1']), values(['192.0.2.2']), 'differs'],
    [values(['192.0.2.1']), weights({ one: 100 }), 'differs'],
    [weights({ one: 100, two: 0 }), weights({ one: 100, two: 0 }), 'as-ordered'],
    [weights({ one: 100, two: 0 }), weights({ one: 100, two: 0, stranger: 5 }), 'as-ordered'],
    [weights({ one: 100, two: 0 }), weights({ one: 100 }), 'differs'],
    [weights({ one: 100, two: 0 }), weights({ one: 100, two: 9 }), 'differs'],
    [weights({ one: 100, two: 0 }), values(['192.0.2.1']), 'differs'],
  ] as const)('that must hold %j and holds %j: %s', (answer, seen, compared) => {
    expect(kinds.dns.compare({ ...name, answer }, seen)).toBe(compared);
  });
});

describe('work', () => {
  it.each<[boolean, readonly ('on' | 'off' | 'turning-on' | 'turning-off')[], Comparison]>([
    [true, ['on', 'on'], 'as-ordered'],
    [true, ['on', 'turning-on'], 'on-its-way'],
    [true, ['on', 'off'], 'differs'],
    [true, ['turning-off', 'on'], 'differs'],
    [false, ['off', 'off'], 'as-ordered'],
    [false, ['off', 'turning-off'], 'on-its-way'],
    [false, ['on', 'off'], 'differs'],
    [false, ['turning-on', 'off'], 'differs'],
  ])('that must be on=%s and is %j: %s', (isOn, seen, compared) => {
    expect(kinds.work.compare({ region: 'region-1', work: nightly, isOn }, seen)).toBe(compared);
  });

  it('needs no claim only where a site turns off its own', () => {
    const isFree = (isOn: boolean, isSelfFence: boolean) =>
      kinds.work.isFreeOfClaim?.({ kind: 'work', site: 'one', isOn, isSelfFence });

    expect([isFree(false, true), isFree(false, false), isFree(true, true)]).toEqual([true, false, false]);
  });
});

describe('a publication', () => {
  const published = { service: 'shop', epoch: 2, endpoints: [{ site: 'two', url: 'https://two' }], isReadOnly: false };
  const { service, epoch, endpoints, isReadOnly } = published;

  it.each([
    [
      'the same, spelled in another order',
      { isReadOnly, endpoints: [{ url: 'https://two', site: 'two' }], epoch, service },
      'as-ordered',
    ],
    ['nothing', null, 'differs'],
    ['of another service', { ...published, service: 'mail' }, 'differs'],
    ['of another epoch', { ...published, epoch: 3 }, 'differs'],
    ['with another site', { ...published, endpoints: [{ site: 'one', url: 'https://two' }] }, 'differs'],
    ['with another address', { ...published, endpoints: [{ site: 'two', url: 'https://new' }] }, 'differs'],
    ['with one site more', { ...published, endpoints: [...endpoints, { site: 'far', url: 'https://far' }] }, 'differs'],
    ['read-only', { ...published, isReadOnly: true }, 'differs'],
  ] as const)('that is %s: %#', (_, seen, compared) => {
    expect(kinds.publish.compare({ region: 'region-1', publication: published }, seen)).toBe(compared);
  });
});

test('a size of a function of the user is asked for by that function', () => {
  const hooked = (kind: string) =>
    kinds.start.asksHook?.({ ...place, scalable: { kind } as never, size: 1, isServing: true });

  expect([hooked('custom'), hooked('auto-scaling-group')]).toEqual([true, false]);
});
