import { expect, test } from 'vitest';
import { newEvent } from '../../../../src/core/alerting/event.ts';
import { blankTrack } from '../../../../src/core/detection/opinion.ts';
import { makeBallot } from '../../../../src/core/register/ballot.ts';
import type { Register, Setback } from '../../../../src/core/register/register.ts';
import type { OpinionItem } from '../../../../src/core/tables/opinion-item.ts';
import { countsNow, countTime, inheritTime, isHolderAlive } from '../../../../src/core/watcher/counting.ts';
import { serviceViewOf } from '../../../../src/core/watcher/table-reading.ts';
import { madeMove, registerWith, runWith, service, serviceWith, step } from '../service.fixture.ts';
import { controlRegions } from './change.fixture.ts';
import { OwnRegion } from './fencing/own-region.fixture.ts';

const ballotOfPeer = makeBallot(9, 'region-2.peer.1');

/** Everybody speaks, twice, so that the watcher of region-1 knows all to be fresh; then it counts, at 500 ms. */
function counting(register: Register | null, verdict: 'up' | 'down' | 'unknown' = 'up') {
  const own = new OwnRegion(service, register);
  const track = { ...blankTrack, opinion: verdict };
  own.state.tracks = { shop: { one: track, two: track, far: track } };
  hear(own, 400);
  hear(own, 500);
  count(own, 500);
  return own;
}

function hear(own: OwnRegion, atMs: number, speaking = controlRegions, answering = controlRegions): void {
  own.speak(speaking);
  own.look(atMs, answering);
}

function count(own: OwnRegion, atMs: number): void {
  countTime(own.state, atMs, 0);
  own.state.lastTickMs = atMs;
}

/** Another region's newest item has these counts. */
function hears(own: OwnRegion, region: string, stopwatches: OpinionItem['stopwatches']): void {
  const read = own.state.reads.get(region);
  if (!read?.view.opinions) throw new Error('nobody has spoken');
  own.state.reads.set(region, { ...read, view: { ...read.view, opinions: { ...read.view.opinions, stopwatches } } });
}

/** Names of the watches of one sort. */
const watches = (own: OwnRegion, sort: string) =>
  Object.keys(own.state.stopwatches)
    .filter((name) => name.startsWith(`${sort}:`))
    .sort();

test('each epoch that a limit may ask about is counted since it was seen', () => {
  const own = counting(registerWith({ epoch: 3, moves: [madeMove(2)] }));

  count(own, 1_500);

  expect(watches(own, 'epoch')).toEqual(['epoch:shop:2', 'epoch:shop:3']);
  expect(own.state.stopwatches['epoch:shop:3']).toBe(1_000);
});

test('a first tick has nothing to add to what a predecessor has counted', () => {
  const own = new OwnRegion(service, registerWith({ epoch: 3 }));
  own.state.stopwatches = { 'epoch:shop:3': 7_000 };
  hear(own, 500);

  count(own, 500);

  expect(own.state.stopwatches['epoch:shop:3']).toBe(7_000);
});

test('the newest ballot of a decided register is remembered, so that an older one begins no count', () => {
  const own = counting(registerWith({ epoch: 3 }));

  expect(own.state.newestBallots.get('shop')).toBe(makeBallot(1, 'region-3.before.1'));
});

test('nothing is counted that nobody has named', () => {
  const own = counting(registerWith({ epoch: 3 }));

  expect(Object.keys(own.state.stopwatches).filter((name) => !name.includes(':'))).toEqual([]);
});

test('the longest count that any table holds goes on', () => {
  const own = counting(registerWith({ epoch: 3 }));
  hears(own, 'region-2', { 'epoch:shop:3': 50_000 });

  count(own, 600);

  expect(own.state.stopwatches['epoch:shop:3']).toBe(50_000);
});

test('a table without an item counts nothing', () => {
  const own = counting(registerWith({ epoch: 3 }));
  const read = own.state.reads.get('region-3');
  if (!read) throw new Error('it has answered');
  own.state.reads.set('region-3', { ...read, view: { ...read.view, opinions: null } });

  count(own, 600);

  expect(own.state.stopwatches['epoch:shop:3']).toBe(100);
});

const setback: Setback = { site: 'two', epoch: 2, count: 1, step: 'start', detail: '', kind: 'move' };

test('a site that could not be reached rests from its newest setback on', () => {
  const own = counting(registerWith({ epoch: 3, setbacks: [setback] }));

  expect(watches(own, 'setback')).toEqual(['setback:shop:two:2.1']);
});

test.each([
  ['there is no run', registerWith({ epoch: 2 }), true],
  ['the newest run is done', registerWith({ epoch: 2, run: runWith({ state: 'done' }) }), true],
  [
    'the weights could not be set',
    registerWith({ epoch: 2, run: runWith({ state: 'failed', steps: [step('targets', [], 'failed')] }) }),
    false,
  ],
])('whether traffic has its split when %s', (_, register, isCounted) => {
  expect(watches(counting(register), 'shares').length).toBe(isCounted ? 1 : 0);
});

test.each([
  ['has failed', registerWith({ epoch: 2, run: runWith({ state: 'failed' }) }), ['failed:shop:2.1']],
  ['is done', registerWith({ epoch: 2, run: runWith({ state: 'done' }) }), []],
  ['has failed in an epoch before', registerWith({ epoch: 3, run: runWith({ state: 'failed' }) }), []],
  ['is not there', registerWith({ epoch: 3 }), []],
])('how long the newest run has failed is counted when it %s', (_, register, expected) => {
  expect(watches(counting(register), 'failed')).toEqual(expected);
});

test('an open run is counted, with its shift and with the steps that may begin', () => {
  const steps = [step('fence'), step('promote', ['fence']), step('verify', ['promote'])];
  const own = counting(registerWith({ epoch: 2, run: runWith({ state: 'running', steps }) }));

  expect(watches(own, 'run')).toEqual(['run:shop:2.0']);
  expect(watches(own, 'shift')).toEqual(['shift:shop:2.0:']);
  expect(watches(own, 'step')).toEqual(['step:shop:2.0:fence']);
  expect(watches(own, 'epoch')).toEqual(['epoch:shop:2']);
});

test('of a run that is over no step is counted', () => {
  const own = counting(registerWith({ epoch: 2, run: runWith({ state: 'failed', steps: [step('fence')] }) }));

  expect([...watches(own, 'run'), ...watches(own, 'shift'), ...watches(own, 'step')]).toEqual([]);
});

test.each([
  ['is being opened', registerWith({ epoch: 2, opening: ['one'] }), {}, ['reopening:shop:2']],
  ['is being opened of another site', registerWith({ epoch: 2, opening: ['two'] }), {}, []],
  [
    'has been opened, as another one knows',
    registerWith({ epoch: 2 }),
    { 'reopening:shop:2': 5 },
    ['reopening:shop:2'],
  ],
  ['was opened in another epoch', registerWith({ epoch: 2 }), { 'reopening:shop:1': 5 }, []],
])('the fence of the active site is counted as it %s', (_, register, said, expected) => {
  const own = counting(register);
  hears(own, 'region-2', said);

  count(own, 600);

  expect(watches(own, 'reopening')).toEqual(expected);
});

test('the own count of a fence that has been opened goes on, though nobody else has one', () => {
  const own = counting(registerWith({ epoch: 2 }));
  own.state.stopwatches = { 'reopening:shop:2': 4_000 };

  count(own, 600);

  expect(own.state.stopwatches['reopening:shop:2']).toBe(4_100);
});

test('a change that is half way is counted by its ballot', () => {
  const own = counting(registerWith({ epoch: 2 }));
  own.hold(registerWith({ epoch: 3 }), ['region-2']);
  hear(own, 600, controlRegions, ['region-1', 'region-2']);

  count(own, 600);

  expect(watches(own, 'unsettled').length).toBe(1);
});

test('a change that is decided is not half way', () => {
  expect(watches(counting(registerWith({ epoch: 2 })), 'unsettled')).toEqual([]);
});

test('the counts of a register that cannot be read go on, and those of other services end', () => {
  const own = counting(registerWith({ epoch: 2 }));
  own.state.stopwatches = { ...own.state.stopwatches, 'epoch:gone:7': 1_000 };
  hear(own, 600, ['region-1'], ['region-1']);

  count(own, 1_500);

  expect(own.state.stopwatches['epoch:shop:2']).toBe(1_000);
  expect(own.state.stopwatches['epoch:gone:7']).toBeUndefined();
});

test('a count that a decided register does not name ends', () => {
  const own = counting(registerWith({ epoch: 2 }));
  own.state.stopwatches = { ...own.state.stopwatches, 'epoch:shop:1': 1_000 };

  count(own, 600);

  expect(watches(own, 'epoch')).toEqual(['epoch:shop:2']);
});

test('an older value than one that was seen before begins no count', () => {
  const own = counting(registerWith({ epoch: 2 }));
  own.state.newestBallots.set('shop', ballotOfPeer);
  own.state.stopwatches = { 'epoch:shop:3': 1_000 };

  count(own, 600);

  expect(watches(own, 'epoch')).toEqual(['epoch:shop:3']);
});

test.each([
  ['up', ['up:shop:far', 'up:shop:one', 'up:shop:two']],
  ['down', []],
  ['unknown', []],
] as const)('how long sites have been up is counted while they are %s', (opinion, expected) => {
  expect(watches(counting(registerWith({ epoch: 2 }), opinion), 'up')).toEqual(expected);
});

test('a moment in which nobody can tell neither adds to the time that a site is up nor ends it', () => {
  const own = counting(registerWith({ epoch: 2 }));
  hear(own, 1_000);
  count(own, 1_000);
  hear(own, 2_000, [], []);
  own.state.sightings = {};
  count(own, 2_000);

  expect(own.state.stopwatches['up:shop:one']).toBe(500);
});

test('a site that is found down is up no more', () => {
  const own = counting(registerWith({ epoch: 2 }));
  own.state.tracks = { shop: { one: { ...blankTrack, opinion: 'down' } } };
  hear(own, 600);

  count(own, 600);

  expect(own.state.stopwatches['up:shop:one']).toBeUndefined();
});

test('a site that was not seen up for longer than three ticks begins anew', () => {
  const own = counting(registerWith({ epoch: 2 }));
  hear(own, 1_000);
  count(own, 1_000);
  hear(own, 1_500, [], []);
  own.state.sightings = {};
  count(own, 4_500);

  expect(own.state.stopwatches['up:shop:one']).toBeUndefined();
});

test('a site that is seen by nobody tick after tick is up no more', () => {
  const own = counting(registerWith({ epoch: 2 }));
  hear(own, 1_000);
  count(own, 1_000);
  for (const atMs of [2_000, 3_000, 4_000, 5_000]) {
    hear(own, atMs, [], []);
    own.state.sightings = {};
    count(own, atMs);
  }

  expect(own.state.stopwatches['up:shop:one']).toBeUndefined();
});

const peerRun = runWith({ state: 'running', holder: { region: 'region-2', invocation: 'region-2' } });

test.each([
  ['another living watcher', 'region-2', 'region-2', controlRegions, true],
  ['a process of its region before the present one', 'region-2', 'before', controlRegions, false],
  ['a watcher that speaks no more', 'region-2', 'region-2', ['region-1', 'region-3'], false],
  ['an earlier process of the own region', 'region-1', 'region-1', controlRegions, false],
])('a run that is held by %s', (_, region, invocation, speaking, isAlive) => {
  const register = registerWith({ epoch: 2, run: { ...peerRun, holder: { region, invocation } } });
  const own = counting(register);
  for (const atMs of [2_000, 4_000, 4_500]) hear(own, atMs, speaking);

  count(own, 4_500);

  expect(isHolderAlive(own.state, serviceViewOf(own.state, service, 4_500), register)).toBe(isAlive);
  expect(watches(own, isAlive ? 'unheld' : 'held')).toEqual([]);
  expect(watches(own, isAlive ? 'held' : 'unheld')).toEqual([isAlive ? 'held:shop:2.1' : 'unheld:shop:2.1']);
});

test.each([
  ['nobody holds it', runWith({ holder: null })],
  ['there is none', null],
])('a run has no living holder when %s', (_, run) => {
  const own = counting(registerWith({ epoch: 2 }));

  expect(isHolderAlive(own.state, serviceViewOf(own.state, service, 500), { run })).toBe(false);
});

test('a holder whose table does not answer is not heard', () => {
  const own = counting(registerWith({ epoch: 2, run: peerRun }));
  own.state.reads.delete('region-2');

  expect(isHolderAlive(own.state, serviceViewOf(own.state, service, 500), { run: peerRun })).toBe(false);
});

test.each([
  ['some site would take over', 'up', []],
  ['no other site would', 'down', ['unprotected:shop']],
] as const)('a service is counted as unprotected when %s', (_, others, expected) => {
  const own = counting(registerWith({ epoch: 2 }));
  const other = { ...blankTrack, opinion: others };
  own.state.tracks = { shop: { one: { ...blankTrack, opinion: 'up' }, two: other, far: other } };
  hear(own, 700);

  count(own, 700);

  expect(watches(own, 'unprotected')).toEqual(expected);
});

test('a moment in which nobody can see it does not end the time for which a service has been unprotected', () => {
  const own = counting(registerWith({ epoch: 2 }));
  const down = { ...blankTrack, opinion: 'down' as const };
  own.state.tracks = { shop: { one: { ...blankTrack, opinion: 'up' }, two: down, far: down } };
  hear(own, 1_000);
  count(own, 1_000);
  hear(own, 2_000);
  count(own, 2_000);
  hear(own, 2_500, [], []);
  own.state.sightings = {};
  count(own, 2_500);

  expect(own.state.stopwatches['unprotected:shop']).toBe(1_000);
});

test.each([
  [9_999, 'up', []],
  [10_000, 'up', ['unprotected:shop']],
  [500, 'down', ['unprotected:shop']],
] as const)(
  'a lag that grows is counted after ten seconds, or with the next verdict (after %i ms, far is %s)',
  (laterMs, far, expected) => {
    const limited = serviceWith({ failover: { ...service.failover, maxReplicationLagMs: 1_000 } });
    const own = new OwnRegion(limited, registerWith({ epoch: 2 }));
    const seenAt = (ms: number, lagMs: number, opinion: 'up' | 'down') => {
      const track = { ...blankTrack, opinion: 'up', report: { replicationLagMs: lagMs } } as const;
      own.state.tracks = { shop: { one: track, two: track, far: { ...track, opinion } } };
      hear(own, ms);
    };
    for (const ms of [400, 500]) seenAt(ms, 0, 'up');
    count(own, 500);

    seenAt(500 + laterMs - 100, 5_000, far);
    seenAt(500 + laterMs, 5_000, far);
    count(own, 500 + laterMs);

    expect(watches(own, 'unprotected')).toEqual(expected);
  },
);

test('a service that nobody can see is not counted as unprotected', () => {
  const own = new OwnRegion(service, registerWith({ epoch: 2 }));

  count(own, 500);

  expect(watches(own, 'unprotected')).toEqual([]);
});

test('the own fences that may be opened are counted, and the others are not', () => {
  const own = counting(registerWith({ epoch: 2 }));
  const fence = { isClosed: true, isOpened: false };
  own.state.selfFenced.set('shop/one', { ...fence, letGo: 'let-go:shop:one:x' });
  own.state.selfFenced.set('shop/two', { ...fence, letGo: null });

  count(own, 600);

  expect(watches(own, 'let-go')).toEqual(['let-go:shop:one:x']);
  expect(Object.keys(own.state.stopwatches).filter((name) => !name.includes(':'))).toEqual([]);
});

test('what people were told grows older by the time that has passed', () => {
  const own = counting(registerWith({ epoch: 2 }));
  own.state.notifications = { key: { isOpen: true, heldBack: 0, ageMs: 1_000 } } as never;

  count(own, 900);

  expect(own.state.notifications).toMatchObject({ key: { ageMs: 1_400 } });
});

test('a successor goes on from what its predecessor has counted', () => {
  const own = counting(registerWith({ epoch: 2 }));
  const item = own.state.reads.get('region-2')?.view.opinions;
  if (!item) throw new Error('nobody has spoken');

  inheritTime(own.state, { ...item, stopwatches: { 'epoch:shop:2': 9_000, 'up:shop:one': 8_000 } }, true);

  expect(own.state.stopwatches['epoch:shop:2']).toBe(9_000);
  expect(own.state.stopwatches['up:shop:one']).toBe(8_000);
});

test('a process that warms up goes by what its predecessor counts of functions that differ', () => {
  const own = counting(registerWith({ epoch: 2 }));
  own.state.generation = 0;
  hears(own, 'region-1', { 'differs:shop': 60_000 });

  count(own, 700);
  expect(watches(own, 'differs')).toEqual(['differs:shop']);

  own.state.generation = 2;
  count(own, 900);
  expect(watches(own, 'differs')).toEqual([]);
});

test('a function that differs is counted for as long as this region raises it', () => {
  const own = counting(registerWith({ epoch: 2 }));
  own.state.generation = 2;
  const event = newEvent('configurations-differ', 'shop', 'the fence function differs');
  own.state.raisedAlerts.set('any', { alarm: 'configurations-differ', event, sinceMs: 0, isHeldBack: false });

  count(own, 700);
  count(own, 1_700);

  expect(own.state.stopwatches['differs:shop']).toBe(1_000);
});

test('a reopening that others have counted since the own tick is known at once, as long as any of them says', () => {
  const own = counting(registerWith({ epoch: 2 }));
  hears(own, 'region-2', { 'reopening:shop:2': 300 });
  hears(own, 'region-3', { 'reopening:shop:2': 700, 'epoch:shop:2': 90_000 });

  expect(countsNow(own.state, 'shop', { epoch: 2 })).toEqual({ ...own.state.stopwatches, 'reopening:shop:2': 700 });
  expect(countsNow(own.state, 'shop', { epoch: 3 })).toEqual(own.state.stopwatches);

  own.state.stopwatches = { 'reopening:shop:2': 5 };

  expect(countsNow(own.state, 'shop', { epoch: 2 })).toEqual({ 'reopening:shop:2': 5 });
});
