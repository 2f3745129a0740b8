import { expect, test } from 'vitest';
import { blankTrack } from '../../../../../src/core/detection/opinion.ts';
import { makeBallot } from '../../../../../src/core/register/ballot.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import type { TableView } from '../../../../../src/core/tables/table-view.ts';
import { guardLeases, isUnborn } from '../../../../../src/core/watcher/fencing/lease.ts';
import { fence, registerWith, runWith, serviceWith, votersElsewhere } from '../../service.fixture.ts';
import { watcherOf } from '../change.fixture.ts';
import { done, fencedService, leaseMs, majority, noAnswer, nobody, OwnRegion } from './own-region.fixture.ts';

const cutOffAt = (region: OwnRegion, nowMs: number) => region.ordersOf(guardLeases(region.state), nowMs);
const movedToFar: Partial<Register> = { epoch: 2, active: 'far', writer: 'far', serving: ['far'] };

/** A watcher that was in contact at 500 ms, and hears no table but its own from then on. */
function cutFromOthers(register: Register | null, service = fencedService): OwnRegion {
  const region = new OwnRegion(service, register);
  region.look(500);
  return region;
}

test.each([
  [leaseMs - 1, []],
  [leaseMs, ['close one']],
  [leaseMs + 60_000, ['close one']],
])('S16: out of contact for %i ms the active site is cut off: %j (leaseMs=10000)', (outMs, expected) => {
  const region = cutFromOthers(registerWith());

  region.look(500 + outMs, ['region-1']);

  expect(cutOffAt(region, 500 + outMs)).toEqual(expected);
});

test('S16: contact with a majority, one look ago, keeps the site open', () => {
  const region = cutFromOthers(registerWith());

  region.look(500 + leaseMs, majority);

  expect(cutOffAt(region, 500 + leaseMs)).toEqual([]);
});

test.each([
  { countedMs: { shop: 4_000 }, nowMs: 6_999, expected: [] },
  { countedMs: { shop: 4_000 }, nowMs: 7_000, expected: ['close one', 'close two'] },
  { countedMs: { other: 4_000 }, nowMs: 7_000, expected: [] },
  { countedMs: { shop: leaseMs }, nowMs: 1_000, expected: ['close one', 'close two'] },
])('S16: the lease goes on from the predecessor that counted $countedMs at 1000 ms: $expected at $nowMs', (row) => {
  const region = new OwnRegion(fencedService, null);

  region.state.inheritedOut = { countedMs: row.countedMs, atMs: 1_000, gapMs: 0 };

  expect(cutOffAt(region, row.nowMs)).toEqual(row.expected);
});

test.each([
  { gapMs: leaseMs, lookedMs: 2_000, isClosed: false },
  { gapMs: leaseMs, lookedMs: 4_000, isClosed: true },
  { gapMs: 5_999, lookedMs: 4_000, isClosed: false },
  { gapMs: 6_000, lookedMs: 4_000, isClosed: true },
])('S16: a process that begins $gapMs ms after the last, and has looked for $lookedMs ms: closes $isClosed', (row) => {
  const region = new OwnRegion(fencedService, null);

  region.state.inheritedOut = { countedMs: {}, atMs: 0, gapMs: row.gapMs };

  expect(cutOffAt(region, row.lookedMs)).toEqual(row.isClosed ? ['close one', 'close two'] : []);
});

test('S16: what passed before a process counts for nothing once it has reached a majority', () => {
  const region = new OwnRegion(fencedService, registerWith());
  region.state.inheritedOut = { countedMs: {}, atMs: 0, gapMs: leaseMs };

  region.look(500, majority);

  expect(cutOffAt(region, leaseMs)).toEqual([]);
});

test.each([
  ['active', ['close one'], registerWith()],
  ['a standby', [], registerWith(movedToFar)],
  ['still the writer', ['close one'], registerWith({ ...movedToFar, writer: 'one' })],
  ['still serving', ['close one'], registerWith({ ...movedToFar, serving: ['one'] })],
  ['ordered to be promoted', ['close two'], registerWith({ ...movedToFar, promoting: ['two'] })],
  ['owed a fence', ['close one'], registerWith({ ...movedToFar, owed: [{ site: 'one', epoch: 2, proof: 'closed' }] })],
] as const)('S16: at the end of the lease a site that is %s is cut off or left: %j', (_, expected, register) => {
  const region = cutFromOthers(register);

  const ordered = cutOffAt(region, 500 + leaseMs);

  expect(ordered).toEqual(expected);
});

test('S16: without any register seen, every fenced site of the region is cut off, its role unknown', () => {
  const region = new OwnRegion(fencedService, registerWith());

  region.look(leaseMs, nobody);

  expect(cutOffAt(region, leaseMs)).toEqual(['close one', 'close two']);
});

test('S16: a value that was seen and not known as decided proves no standby', () => {
  const region = new OwnRegion(fencedService, registerWith(movedToFar));

  region.look(500, ['region-1']);

  expect(cutOffAt(region, leaseMs)).toEqual(['close one', 'close two']);
});

test('S16: a newer value that may have been decided makes a standby one that may serve', () => {
  const region = cutFromOthers(registerWith(movedToFar));
  const pending = registerWith({ epoch: 3, active: 'two', writer: 'far', serving: ['far'] });
  const seen = { ballot: makeBallot(9, 'region-2.x.1'), register: pending };
  region.state.memories.set('shop', { decided: region.state.memories.get('shop')?.decided ?? null, newest: seen });

  const ordered = cutOffAt(region, 500 + leaseMs);

  expect(ordered).toEqual(['close two']);
});

test.each([
  ['its own region, with a fence', ['close one'], { fence }],
  ['its own region, without a fence', [], { fence: undefined }],
  ['another region', [], { fence, region: 'region-2' }],
  [
    'a location outside AWS whose fence is here',
    [],
    { region: undefined, location: 'rack 4', fence: { kind: 'function', region: 'region-1', functionName: 'f' } },
  ],
] as const)('at the end of the lease the active site of %s is cut off or left: %j', (_, expected, place) => {
  const service = serviceWith({ sites: { one: place as never } });
  const region = cutFromOthers(registerWith(), service);

  const ordered = cutOffAt(region, 500 + leaseMs);

  expect(ordered).toEqual(expected);
});

test.each([
  ['active-active', 'all of its sites serve', registerWith({ serving: ['one', 'far'] })],
  ['active-passive', 'the region has left the voters', registerWith({ voters: votersElsewhere })],
] as const)('%s: no site is cut off for lost contact when %s', (mode, _, register) => {
  const region = cutFromOthers(register, serviceWith({ mode, sites: fencedService.sites }));

  const ordered = cutOffAt(region, 500 + leaseMs);

  expect(ordered).toEqual([]);
});

test.each([
  ['the own table answers and was never asked for a register', [], ['region-1']],
  ['no table answers', ['close one', 'close two'], nobody],
  ['only tables of others answer', ['close one', 'close two'], ['region-3']],
] as const)('sites of a new deployment are cut off when %s: %j', (_, expected, answering) => {
  const region = new OwnRegion(fencedService, null);

  region.look(leaseMs, answering);

  expect(cutOffAt(region, leaseMs)).toEqual(expected);
});

const acceptor = { incarnation: 'region-1-a', promised: makeBallot(1, 'x'), acceptedBallot: makeBallot(1, 'x') };
test.each([
  ['has no answer', false, undefined],
  ['cannot be identified', false, { opinions: null, acceptors: {} }],
  ['never heard of the register', true, { opinions: null, acceptors: { shop: null } }],
  ['has promised and accepted nothing', true, { opinions: null, acceptors: { shop: { ...acceptor, accepted: null } } }],
  ['holds a value', false, { opinions: null, acceptors: { shop: { ...acceptor, accepted: registerWith() } } }],
] as const)('a deployment is new when the own table %s: %s', (_, expected, view: TableView | undefined) => {
  const state = watcherOf(fencedService);
  if (view !== undefined) state.reads.set('region-1', { view, askedAtMs: 0 });

  expect(isUnborn(state, fencedService)).toBe(expected);
});

test('a deployment whose register was ever seen is not new, whatever its own table shows', () => {
  const region = cutFromOthers(registerWith());

  region.state.reads.set('region-1', { view: { opinions: null, acceptors: { shop: null } }, askedAtMs: 600 });

  expect(isUnborn(region.state, fencedService)).toBe(false);
});

test.each([
  ['no register was seen', null, { epoch: 0, attempt: 0 }],
  ['epoch 4 has no run', registerWith({ epoch: 4 }), { epoch: 4, attempt: 0 }],
  [
    'epoch 4 has its third attempt',
    registerWith({ epoch: 4, run: runWith({ epoch: 4, attempt: 3 }) }),
    { epoch: 4, attempt: 3 },
  ],
])('a self-fence needs no claim, and carries the newest token that is known: %s', (_, register, token) => {
  const region = new OwnRegion(fencedService, register);
  region.look(500, register === null ? nobody : majority);

  region.run(guardLeases(region.state), 500 + leaseMs);

  const [order] = region.orders;
  expect(order).toMatchObject({
    service: 'shop',
    kind: 'fence',
    site: 'one',
    manner: 'enforce',
    isSelfFence: true,
    token,
  });
});

test.each([
  ['refuses it once', 1, [1, 7], 'done'],
  ['refuses it again', 2, [1, 7], 'stale'],
])('a self-fence is ordered again under the newer token when the function %s', (_, refusals, epochs, outcome) => {
  const region = cutFromOthers(registerWith());
  const claimed = { epoch: 7, attempt: 2 };
  region.reaction = (_order, count) => (count <= refusals ? { outcome: 'stale', claimed } : done);

  region.run(guardLeases(region.state), 500 + leaseMs);

  expect(region.orders.map(({ token }) => token.epoch)).toEqual(epochs);
  expect(region.events.map(({ kind, data }) => [kind, data.outcome])).toEqual([['self-fenced', outcome]]);
});

test.each([
  ['took effect', done, 'done'],
  ['had no answer', noAnswer, 'failed'],
] as const)(
  'a site that was cut off is known and reported as such, once, when the order %s',
  (_, reaction, outcome) => {
    const region = cutFromOthers(registerWith());
    region.reaction = () => reaction;

    for (const laterMs of [0, 1_000, 2_000]) region.run(guardLeases(region.state), 500 + leaseMs + laterMs);

    expect(region.state.selfFenced.get('shop/one')).toEqual({
      isClosed: outcome === 'done',
      isOpened: false,
      letGo: null,
    });
    expect(region.events).toMatchObject([{ kind: 'self-fenced', service: 'shop', site: 'one', data: { outcome } }]);
    expect(region.events[0]?.detail).toBe(`one lost the majority for 10 s and was cut off here (${outcome})`);
  },
);

test('a self-fence is written without a look until it was read back as closed, and looked at first from then on', () => {
  const region = cutFromOthers(registerWith());
  region.reaction = (_order, count) => (count <= 2 ? noAnswer : done);

  for (const tick of [0, 1, 2, 3, 4]) {
    region.state.ticks = tick;
    region.run(guardLeases(region.state), 500 + leaseMs + 2_000 * tick);
  }

  expect(region.orders.map(({ manner }) => manner)).toEqual(['enforce', 'enforce', 'enforce', 'repair', 'repair']);
});

test('what became of a self-fence is reported anew when it changes', () => {
  const region = cutFromOthers(registerWith());
  region.reaction = (_, count) => (count === 1 ? noAnswer : done);

  for (const laterMs of [0, 1_000, 2_000]) region.run(guardLeases(region.state), 500 + leaseMs + laterMs);

  expect(region.events.map(({ data }) => data.outcome)).toEqual(['failed', 'done']);
});

test.each([
  { stepTimeoutMs: 500, ordersMax: 1 },
  { stepTimeoutMs: 1_000, ordersMax: 1 },
  { stepTimeoutMs: 2_500, ordersMax: 3 },
])('S16: at most $ordersMax orders of $stepTimeoutMs ms hang beside each other (tickMs=1000)', (row) => {
  const service = serviceWith({ sites: fencedService.sites, failover: { stepTimeoutMs: row.stepTimeoutMs } });
  const region = cutFromOthers(registerWith(), service);
  region.reaction = () => 'hangs';

  for (let tick = 0; tick < 6; tick += 1) {
    region.state.ticks = tick;
    region.run(guardLeases(region.state), 500 + leaseMs + tick * 1_000);
  }

  expect(region.orders).toHaveLength(row.ordersMax);
});

test('S16: a self-fence is ordered anew at each tick, whatever became of the one before', () => {
  const region = cutFromOthers(registerWith());

  const ordered = [0, 1, 2, 3, 4, 5, 6].map((tick) => {
    region.state.ticks = tick;
    return cutOffAt(region, 500 + leaseMs + tick * 1_000);
  });

  expect(ordered).toEqual(Array(7).fill(['close one']));
});

test('S4: the opinions say at once that this region cut a site off, and of no other site', () => {
  const region = cutFromOthers(registerWith());
  const track = { ...blankTrack, opinion: 'up' } as const;
  region.state.tracks = { shop: { one: track, two: track } };
  region.look(500 + leaseMs, ['region-1']);

  cutOffAt(region, 500 + leaseMs);

  expect(region.state.tracks).toEqual({ shop: { one: { ...track, report: { isSelfFenced: true } }, two: track } });
});
