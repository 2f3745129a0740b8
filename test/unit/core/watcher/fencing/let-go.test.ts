import { expect, test } from 'vitest';
import { blankTrack } from '../../../../../src/core/detection/opinion.ts';
import type { OwedFence } from '../../../../../src/core/register/owed-fence.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import { reopenMsMax } from '../../../../../src/core/timing.ts';
import { guardLeases } from '../../../../../src/core/watcher/fencing/lease.ts';
import { registerWith, runWith, serviceWith } from '../../service.fixture.ts';
import { done, fencedService, leaseMs, majority, noAnswer, nobody, OwnRegion } from './own-region.fixture.ts';

/** When the site is cut off, and when a majority is heard again. */
const endMs = 500 + leaseMs;
const backMs = endMs + 5_000;
const owes = (proof: OwedFence['proof'], more: Partial<Register> = {}) =>
  registerWith({ epoch: 2, active: 'far', writer: 'far', owed: [{ site: 'one', epoch: 2, proof }], ...more });

/** A region that has cut off its active site `one` because no majority was heard. */
function cutOff(register = registerWith()): OwnRegion {
  const region = new OwnRegion(fencedService, register);
  region.look(500);
  region.look(endMs, nobody);
  region.run(guardLeases(region.state), endMs);
  return region;
}

const orderedAt = (region: OwnRegion, nowMs: number, between?: () => void) =>
  region.ordersOf(guardLeases(region.state), nowMs, between);

test('S7: a site that was cut off is opened as soon as a majority is heard and owes nothing', () => {
  const region = cutOff(registerWith({ epoch: 3, run: runWith({ epoch: 3, attempt: 2, state: 'done' }) }));

  region.look(backMs, majority);

  expect(orderedAt(region, backMs)).toEqual(['open one']);
  expect(region.orders.at(-1)).toMatchObject({
    ...{ isSelfFence: false, isAnyhow: true, manner: 'repair' },
    token: { epoch: 3, attempt: 2 },
  });
  expect(region.state.selfFenced.get('shop/one')?.isOpened).toBe(true);
});

test('a site is opened once, and its alarm has ended then', () => {
  const region = cutOff();
  region.look(backMs);

  const ordered = [0, 1_000, 2_000].map((laterMs) => orderedAt(region, backMs + laterMs));

  expect(ordered).toEqual([['open one'], [], []]);
  expect(region.state.logged.has('self-fence:shop:1')).toBe(false);
});

test('a site that this region has not cut off is not opened', () => {
  const region = new OwnRegion(fencedService, registerWith());
  region.look(500);

  expect(orderedAt(region, 600)).toEqual([]);
});

test('S16: a site stays cut off while only the own table is heard', () => {
  const region = cutOff();

  region.look(backMs, ['region-1']);

  expect(orderedAt(region, backMs)).toEqual(['close one']);
});

test('S11: a site stays cut off while it is not known which value of the register is decided', () => {
  const region = cutOff();
  region.hold(owes('none'), ['region-1']);

  region.look(backMs, majority);

  expect(orderedAt(region, backMs)).toEqual([]);
});

test.each([
  ['none', ['close one']],
  ['lease', ['close one']],
  ['closed', []],
] as const)('S11: with another site made active, a fence owed with proof %s stays closed: %j', (proof, expected) => {
  const region = cutOff();
  region.hold(owes(proof));

  region.look(backMs);

  expect(orderedAt(region, backMs)).toEqual(expected);
  expect(region.state.selfFenced.has('shop/one')).toBe(false);
});

test.each<[string, Partial<Register>, readonly string[]]>([
  ['another site has the service', { active: 'far', writer: 'far', serving: ['far'] }, []],
  ['it has the service itself', { active: 'one', writer: 'one', serving: ['one'] }, ['open one']],
])('S11: with a fence owed of a site that nobody knows here, while %s: %j', (_, more, expected) => {
  const region = cutOff();
  region.hold(owes('lease', { ...more, owed: [{ site: 'uno', epoch: 2, proof: 'lease' }] }));

  region.look(backMs);

  expect(orderedAt(region, backMs)).toEqual(expected);
});

test('S11: a site whose fence came to be owed before the order to open it is left closed', () => {
  const region = cutOff();
  region.look(backMs);

  const ordered = orderedAt(region, backMs, () => {
    region.hold(owes('closed'));
    region.look(backMs + 1);
  });

  expect(ordered).toEqual([]);
});

test('S16: a site is not opened while an order to close it hangs', () => {
  const region = cutOff();
  region.reaction = () => 'hangs';
  region.state.ticks += 1;
  region.run(guardLeases(region.state), endMs + 1_000);
  region.look(backMs);

  const whileHanging = orderedAt(region, backMs);
  region.state.jobs.clear();

  expect(whileHanging).toEqual([]);
  expect(orderedAt(region, backMs + 1_000)).toEqual(['open one']);
});

test('an order that hangs for one site keeps no other from being opened', () => {
  const region = cutOff();
  region.state.jobs.add('fence:shop/two:close');
  region.look(backMs);

  expect(orderedAt(region, backMs)).toEqual(['open one']);
});

test.each([
  ['has no answer', noAnswer],
  ['is stale', { outcome: 'stale', claimed: { epoch: 7, attempt: 1 } }],
] as const)('an order to open that %s is given again at the next tick, counted from the first one', (_, reaction) => {
  const region = cutOff();
  region.look(backMs);
  region.reaction = () => reaction;

  const first = orderedAt(region, backMs);
  const { letGo, isOpened } = region.state.selfFenced.get('shop/one') ?? {};
  region.state.ticks += 1;
  region.reaction = () => done;
  const second = orderedAt(region, backMs + 1_000);

  expect([first, second]).toEqual([['open one'], ['open one']]);
  expect(isOpened).toBe(false);
  expect(letGo).toBe('let-go:shop:one:x.0');
  expect(region.state.selfFenced.get('shop/one')).toEqual({ isClosed: false, isOpened: true, letGo });
});

// The grace of this service: stepTimeoutMs, and riseCount + fallCount ticks.
const graceMs = 5_000 + (2 + 3) * 1_000;
test.each([
  ['opened and up again', true, { isClosed: false, isOpened: true, letGo: 'w' }, 'up', 0],
  ['opened and still down', false, { isClosed: false, isOpened: true, letGo: 'w' }, 'down', graceMs - 1],
  ['opened and down for its grace', true, { isClosed: false, isOpened: true, letGo: 'w' }, 'down', graceMs],
  ['not opened, and up behind its fence', false, { isClosed: false, isOpened: false, letGo: 'w' }, 'up', graceMs - 1],
  ['not opened in the time of its grace', true, { isClosed: false, isOpened: false, letGo: 'w' }, 'unknown', graceMs],
  ['never ordered to be opened', false, { isClosed: false, isOpened: false, letGo: null }, 'up', graceMs],
] as const)('a site that is %s is judged like any other: %s', (_, isForgotten, mark, opinion, sinceMs) => {
  const region = new OwnRegion(fencedService, registerWith());
  region.look(500);
  region.reaction = () => 'hangs';
  region.state.selfFenced.set('shop/one', mark);
  region.state.tracks = { shop: { one: { ...blankTrack, opinion } } };
  region.state.stopwatches = { w: sinceMs };

  region.run(guardLeases(region.state), 600);

  expect(region.state.selfFenced.has('shop/one')).toBe(!isForgotten);
});

test.each([
  ['was opened, and no count of its grace is left', { isClosed: false, isOpened: true, letGo: 'w' }],
  ['was opened, and no probe has been made since', { isClosed: false, isOpened: true, letGo: null }],
])('a site is not yet judged like any other when it %s', (_, mark) => {
  const region = new OwnRegion(fencedService, registerWith());
  region.state.selfFenced.set('shop/one', mark);

  region.run(guardLeases(region.state), 600);

  expect(region.state.selfFenced.get('shop/one')).toEqual(mark);
});

test('S11: a fence that is owed is closed here, and the register learns the proof', () => {
  const region = new OwnRegion(fencedService, owes('none'));
  region.look(500);

  const ordered = orderedAt(region, 600);

  expect(ordered).toEqual(['close one']);
  expect(region.orders[0]).toMatchObject({ isSelfFence: true, token: { epoch: 2, attempt: 0 } });
  expect(region.held().map((register) => register?.owed[0]?.proof)).toEqual(['closed', 'closed', 'closed']);
  expect(region.events).toEqual([]);
});

test.each([
  ['had no answer', noAnswer],
  ['is not done yet', { outcome: 'pending', hasWritten: true, detail: 'on its way' }],
  ['was refused for a newer token, twice', { outcome: 'stale', claimed: { epoch: 7, attempt: 1 } }],
] as const)('S11: an order to close that %s is no proof', (_, reaction) => {
  const region = new OwnRegion(fencedService, owes('none'));
  region.look(500);
  region.reaction = () => reaction;

  region.run(guardLeases(region.state), 600);

  expect(region.proposed).toEqual([]);
});

test('an owed fence is not ordered again while an order for it hangs', () => {
  const region = new OwnRegion(fencedService, owes('none'));
  region.look(500);
  region.reaction = () => 'hangs';

  expect([600, 1_600].map((nowMs) => orderedAt(region, nowMs))).toEqual([['close one'], []]);
});

test.each([
  ['no longer owed', owes('none', { owed: [] }), 'unchanged'],
  ['owed to a newer move', owes('none', { epoch: 3, owed: [{ site: 'one', epoch: 3, proof: 'none' }] }), 'unchanged'],
  ['proven by another', owes('closed'), 'unchanged'],
  ['owed for another site alone', owes('none', { owed: [{ site: 'two', epoch: 2, proof: 'none' }] }), 'unchanged'],
  ['owed to an older move still', owes('none', { epoch: 3 }), 'closed'],
])('S11: a proof is kept to the move that it was made for: the fence is %s by then', (_, register, expected) => {
  const region = new OwnRegion(fencedService, owes('none'));
  region.look(500);

  region.run(guardLeases(region.state), 600, () => region.hold(register));

  const proofs = region.held().map((held) => held?.owed[0]?.proof);
  expect(proofs).toEqual(Array(3).fill(expected === 'closed' ? 'closed' : register.owed[0]?.proof));
});

test('S11: the owed fence of a site outside AWS is closed by the function here, in contact alone', () => {
  const rack = {
    region: undefined,
    location: 'rack 4',
    fence: { kind: 'function', region: 'region-1', functionName: 'f' },
  };
  const region = new OwnRegion(serviceWith({ sites: { one: rack as never } }), owes('none'));
  region.look(500);

  expect([600, endMs].map((nowMs) => orderedAt(region, nowMs))).toEqual([['close one'], []]);
});

test('S11: a process that has had no contact itself closes no owed fence before its lease ends', () => {
  const region = new OwnRegion(fencedService, owes('none'));
  region.look(500, majority);
  region.state.contacts.clear();

  expect([600, leaseMs].map((nowMs) => orderedAt(region, nowMs))).toEqual([[], ['close one']]);
});

test('a self-fence that the configuration has no more is forgotten after the time to come back', () => {
  const region = cutOff();
  const { one, ...others } = fencedService.sites;
  const { fence: _, ...open } = one as NonNullable<typeof one>;
  const bare = { ...fencedService, sites: { one: open, ...others } } as typeof fencedService;
  Object.assign(region.state, { services: [bare] });
  region.look(backMs);

  region.run(guardLeases(region.state), backMs);
  const watch = region.state.selfFenced.get('shop/one')?.letGo ?? '';
  expect(watch).toContain('let-go:shop:one:');

  region.state.stopwatches = { [watch]: reopenMsMax(bare) };
  region.run(guardLeases(region.state), backMs + 1_000);
  expect(region.state.selfFenced.has('shop/one')).toBe(false);
});
