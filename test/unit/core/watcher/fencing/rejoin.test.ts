import { expect, test } from 'vitest';
import type { SiteSurvey } from '../../../../../src/core/detection/site-survey.ts';
import type { Register } from '../../../../../src/core/register/register.ts';
import { rejoinSites } from '../../../../../src/core/watcher/fencing/rejoin.ts';
import { serviceViewOf } from '../../../../../src/core/watcher/table-reading.ts';
import { globalData, registerWith, runWith } from '../../service.fixture.ts';
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
  const own = watching(left, { isReplica: true });

  rejoin(own, nowMs);

  expect(own.held().filter((register) => register?.lost.length === 0 && register.owed.length === 0)).not.toEqual([]);
  expect(own.events.map(({ kind, site }) => [kind, site])).toEqual([
    ['rejoined', 'one'],
    ['fence-released', 'one'],
  ]);
});

test.each([
  ['its data writes', { isReplica: false }],
  ['nobody knows whether its data writes', {}],
  ['it is well inside, but its data was not asked', { isWellInside: true }],
])('S11: a fence stays owed while %s', (_, survey) => {
  const own = watching(left, survey);

  rejoin(own, nowMs);

  expect(heldBy(own)).toEqual(stillOwed);
  expect(own.proposed).toEqual([]);
});

test('S11: a survey from before the fence was owed opens nothing', () => {
  const own = watching(left, { isReplica: true }, owedMs - 1);

  rejoin(own, nowMs);

  expect(heldBy(own)).toEqual(stillOwed);
});

test('S11: a survey that is older than a minute opens nothing', () => {
  const own = watching(left, { isReplica: true });
  own.look(nowMs + 600_000);

  rejoin(own, nowMs + 600_000);

  expect(heldBy(own)).toEqual(stillOwed);
});

test('S11: a fence whose closing nobody has read back stays owed', () => {
  const own = watching({ ...left, owed: [{ site: 'one', epoch: 2, proof: 'lease' }] }, { isReplica: true });

  rejoin(own, nowMs);

  expect(heldBy(own)).toEqual(stillOwed);
});

test('a watcher that is not to act for the region releases nothing there', () => {
  const own = watching(left, { isReplica: true });

  rejoin(own, nowMs, (region) => region !== 'region-1');

  expect(own.proposed).toEqual([]);
});

test.each([
  ['another epoch', { ...left, epoch: 3 }],
  ['a run that is open', { ...left, run: runWith({ state: 'running', to: 'far' }) }],
])('S11: %s that was decided meanwhile keeps the fence owed', (_, newer) => {
  const own = watching(left, { isReplica: true });
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
