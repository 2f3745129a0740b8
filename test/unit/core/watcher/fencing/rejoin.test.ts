import { expect, test } from 'vitest';
import { blankTrack } from '../../../../../src/core/detection/opinion.ts';
import type { SiteSurvey } from '../../../../../src/core/detection/site-survey.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import { epochWatch } from '../../../../../src/core/tables/stopwatch.ts';
import { rejoinSites } from '../../../../../src/core/watcher/fencing/rejoin.ts';
import { serviceViewOf } from '../../../../../src/core/watcher/table-reading.ts';
import { globalData, registerWith, runWith, serviceWith } from '../../service.fixture.ts';
import { fencedService, OwnRegion } from './own-region.fixture.ts';

const withData = { ...fencedService, data: globalData };
/** `one`, in the watcher's own region, was left; `far` writes. Its fence was read back as closed. */
const left = registerWith({
  ...{ epoch: 2, active: 'far', writer: 'far', serving: ['far'], lost: ['one'] },
  owed: [{ site: 'one', epoch: 2, proof: 'closed' }],
  run: runWith({ state: 'done', to: 'far' }),
});

/** When the watcher first sees that the fence is owed, and when it acts, in ms of its own clock. */
const [owedMs, nowMs] = [500, 2_000];

/** A watcher that has seen a fence owed, with a survey of `one` that was asked for at an instant. */
function watching(register: Register, survey: Partial<SiteSurvey>, askedMs = nowMs) {
  const own = new OwnRegion(withData, register);
  own.look(owedMs);
  rejoin(own, owedMs);
  const held = { atMs: askedMs, nextMs: askedMs, isAsking: false, asksOpening: true };
  own.state.surveys.set('shop/one', { ...held, survey: { findings: [], ...survey } });
  own.look(nowMs);
  return own;
}

function rejoin(own: OwnRegion, atMs: number, mayAct: (region: string | null) => boolean = () => true): void {
  const view = serviceViewOf(own.state, own.service, atMs);
  if (view.register.kind !== 'decided') throw new Error('nothing is decided');
  own.run(rejoinSites(own.state, own.service, view, view.register.register, mayAct), atMs);
}

function heldBy(own: OwnRegion) {
  return own.held().map((register) => [register?.lost, register?.owed.map(({ site }) => site)]);
}

const stillOwed = [
  [['one'], ['one']],
  [['one'], ['one']],
  [['one'], ['one']],
];

test('a site whose data is a replica rejoins, its fence is released, and both are logged', () => {
  const own = watching(left, { dataRole: 'replica' as const });

  rejoin(own, nowMs);

  expect(own.held().filter((register) => register?.lost.length === 0 && register.owed.length === 0)).not.toEqual([]);
  expect(own.events.map(({ kind, site }) => [kind, site])).toEqual([
    ['rejoined', 'one'],
    ['fence-released', 'one'],
  ]);
});

test.each([
  ['its data writes', { dataRole: 'takes-writes' as const }],
  ['nobody knows whether its data writes', {}],
  ['it is well inside, but its data was not asked', { isWellInside: true }],
])('S11: a fence stays owed while %s', (_, survey) => {
  const own = watching(left, survey);

  rejoin(own, nowMs);

  expect(heldBy(own)).toEqual(stillOwed);
  expect(own.proposed).toEqual([]);
});

test('S11: a survey from before the fence was owed opens nothing', () => {
  const own = watching(left, { dataRole: 'replica' as const }, owedMs - 1);

  rejoin(own, nowMs);

  expect(heldBy(own)).toEqual(stillOwed);
});

test('S11: a survey that is older than a minute opens nothing', () => {
  const own = watching(left, { dataRole: 'replica' as const });
  own.look(nowMs + 600_000);

  rejoin(own, nowMs + 600_000);

  expect(heldBy(own)).toEqual(stillOwed);
});

const owedByLease = [{ site: 'one', epoch: 2, proof: 'lease' }] as const;

test('S11: a fence whose closing nobody has read back stays owed', () => {
  const own = watching({ ...left, owed: owedByLease }, { dataRole: 'replica' as const });

  rejoin(own, nowMs);

  expect(heldBy(own)).toEqual(stillOwed);
});

test('a watcher that is not to act for the region releases nothing there', () => {
  const own = watching(left, { dataRole: 'replica' as const });

  rejoin(own, nowMs, (region) => region !== 'region-1');

  expect(own.proposed).toEqual([]);
});

test.each([
  ['another epoch', { ...left, epoch: 3 }],
  ['a run that is open', { ...left, run: runWith({ state: 'running', to: 'far' }) }],
  ['a release that another watcher has made but for one fence', { ...left, lost: [], owed: owedByLease }],
])('S11: %s that was decided meanwhile keeps the fence owed', (_, newer) => {
  const own = watching(left, { dataRole: 'replica' as const });
  const view = serviceViewOf(own.state, withData, nowMs);
  own.hold(newer);

  own.run(
    rejoinSites(own.state, withData, view, left, () => true),
    nowMs,
  );

  const owed = own.held().map((register) => register?.owed.length);
  expect(owed).toEqual([1, 1, 1]);
  expect(own.events).toEqual([]);
});

test('S11: nothing is written where the register is gone meanwhile', () => {
  const own = watching(left, { dataRole: 'replica' as const });
  const view = serviceViewOf(own.state, withData, nowMs);
  const empty = new OwnRegion(withData, null);
  for (const [key, sinceMs] of own.state.owedSinceMs) empty.state.owedSinceMs.set(key, sinceMs);
  for (const [key, survey] of own.state.surveys) empty.state.surveys.set(key, survey);

  empty.run(
    rejoinSites(empty.state, withData, view, left, () => true),
    nowMs,
  );

  expect(empty.proposed).toEqual([]);
  expect(empty.events).toEqual([]);
});

test('a survey counts that was asked for between the moment when the fence was owed and now', () => {
  const own = watching(left, { dataRole: 'replica' as const }, owedMs + 1);

  rejoin(own, owedMs + 2);
  rejoin(own, nowMs);

  expect(own.events.map(({ kind }) => kind)).toEqual(['rejoined', 'fence-released']);
});

test.each([
  ['a later move', { ...left, epoch: 3 }],
  ['a run that was taken over', { ...left, run: runWith({ state: 'done', to: 'far', attempt: 2 }) }],
])('S11: a survey from before the fence was owed to %s opens nothing', (_, newer) => {
  const own = watching(left, { dataRole: 'replica' as const }, owedMs + 1);
  own.hold(newer);
  own.look(nowMs);

  rejoin(own, nowMs);

  expect(own.proposed).toEqual([]);
});

test('a fence that is owed without a run opens all the same, as after a founding', () => {
  const own = watching({ ...left, run: null }, { dataRole: 'replica' as const });

  rejoin(own, nowMs);

  expect(own.events.map(({ kind }) => kind)).toEqual(['rejoined', 'fence-released']);
});

test.each([
  ['up', [['rejoined', 'one']]],
  ['down', []],
] as const)('a site without a fence that the watchers find %s: %j', (opinion, expected) => {
  const bare = serviceWith({});
  const own = new OwnRegion(bare, registerWith({ ...left, owed: [] }));
  own.state.tracks = { shop: { one: { ...blankTrack, opinion } } };
  for (const atMs of [owedMs, nowMs]) {
    own.speak(['region-1', 'region-2', 'region-3']);
    own.look(atMs);
  }

  rejoin(own, nowMs);

  expect(own.events.map(({ kind, site }) => [kind, site])).toEqual(expected);
});

const cold = serviceWith({ sites: { one: { standby: 'cold' } } });

test.each([
  [cold.failback.healthyForMs - 1, []],
  [cold.failback.healthyForMs, ['one']],
])('a cold site, which answers no probe, is back %i ms after the move: %j', (epochAgeMs, expected) => {
  const own = new OwnRegion(cold, registerWith({ ...left, owed: [] }));
  own.look(nowMs);
  own.state.stopwatches = { [epochWatch('shop', 2)]: epochAgeMs };

  rejoin(own, nowMs);

  expect(own.events.map(({ site }) => site)).toEqual(expected);
});
