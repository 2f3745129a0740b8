import { expect, test } from 'vitest';
import {
  hasFailedForGood,
  isUnchanged,
  restingFence,
  restingSites,
  restMs,
  restMsMax,
  setbackOf,
  withRefusal,
  withSetback,
} from '../../../../src/core/decision/setback.ts';
import type { Setback } from '../../../../src/core/register/register.ts';
import { registerWith, runWith, serviceWith, step } from '../service.fixture.ts';

const service = serviceWith({ failover: { reconcileMs: 10_000, runAttemptsMax: 2 } });
const setback: Setback = { site: 'two', epoch: 2, count: 1, step: 'start', detail: 'no room', kind: 'move' };

function given(count: number, restedMs: number, upMs = 0) {
  const register = registerWith({ epoch: 3, setbacks: [{ ...setback, count }] });
  return { service, register, stopwatches: { [`setback:shop:two:2.${count}`]: restedMs, 'up:shop:two': upMs } };
}

test.each([
  [1, 30_000],
  [2, 60_000],
  [3, 120_000],
  [9, restMsMax],
])('a site rests twice as long after each further attempt (attempts=%i): %i ms', (count, ms) => {
  expect(restMs(service, count)).toBe(ms);
});

test.each([
  [1, 29_999, ['two']],
  [1, 30_000, []],
  [2, 59_999, ['two']],
  [2, 60_000, []],
])('after attempt %i, rested for %i ms, these rest: %o', (count, restedMs, sites) => {
  expect(restingSites(given(count, restedMs))).toEqual(sites);
});

test.each([
  [1, false],
  [2, true],
  [3, true],
])('a site has failed for good after runAttemptsMax=2 attempts (attempts=%i): %s', (count, isForGood) => {
  expect(hasFailedForGood(given(count, 0), 'two')).toBe(isForGood);
  expect(hasFailedForGood(given(count, 0), 'far')).toBe(false);
});

test.each([
  ['up ever since', 50_000, 90_000, true],
  ['up again since', 50_000, 40_000, false],
])('a site that was %s is unchanged: %s', (_, restedMs, upMs, isSame) => {
  expect(isUnchanged(given(1, restedMs, upMs), setback)).toBe(isSame);
});

test('a run that moved nothing is noted once, with the step that stood in its way', () => {
  const run = runWith({
    state: 'failed',
    steps: [{ ...step('start', [], 'failed'), detail: 'no room' }, step('dns', ['start'], 'failed')],
  });

  const once = withSetback([], run);
  const again = withSetback(withSetback(once, run), { ...run, epoch: 4, isShortAllowed: true });

  expect(once).toEqual([setback]);
  expect(again).toEqual([{ ...setback, epoch: 4, count: 2, kind: 'short-move' }]);
});

test.each([
  [29_999, 'fence'],
  [30_000, undefined],
])('a fence that could not be closed rests as long at each try (tries=9, rested=%d ms): %s', (restedMs, kind) => {
  const fence: Setback = { ...setback, step: 'fence', kind: 'fence', count: 9 };
  const register = registerWith({ epoch: 3, setbacks: [fence] });
  const input = { service, register, stopwatches: { 'setback:shop:two:2.9': restedMs } };

  expect(restingFence(input)?.kind).toBe(kind);
  expect(restingSites(input)).toEqual([]);
  expect(hasFailedForGood(input, 'two')).toBe(false);
  expect(setbackOf(register, 'two')).toBeNull();
});

test('a failover that could not cut the old site off is noted beside what is known of the new one', () => {
  const run = runWith({ kind: 'failover', epoch: 7, state: 'failed', steps: [step('fence', [], 'failed')] });
  const before = { ...setback, site: run.to };

  const noted = withSetback([before], run);

  expect(noted).toEqual([before, { site: run.to, epoch: 7, count: 1, step: 'fence', detail: '', kind: 'fence' }]);
  expect(withSetback(noted, run)).toEqual(noted);
  expect(withSetback(noted, { ...run, epoch: 8 })[1]).toMatchObject({ epoch: 8, count: 2 });
});

test.each(['follow', 'failback', 'switchover'] as const)(
  'a fence stands in the way of the site itself in a %s',
  (kind) => {
    const run = runWith({ kind, epoch: 7, state: 'failed', steps: [step('fence', [], 'failed')] });

    expect(withSetback([], run)).toMatchObject([{ site: run.to, step: 'fence', kind: 'move' }]);
  },
);

test('what is said of a failure is cut, so that the register stays small', () => {
  const run = runWith({ state: 'failed', steps: [{ ...step('start', [], 'failed'), detail: 'x'.repeat(500) }] });

  expect(withSetback([], run)[0]?.detail).toBe('x'.repeat(160));
});

test('a run that nothing has stood in the way of is no setback', () => {
  expect(withSetback([setback], runWith({ state: 'done' }))).toEqual([setback]);
});

test('a failure is one of its own site, and of no other', () => {
  const run = runWith({ epoch: 7, state: 'failed', to: 'far', steps: [step('start', [], 'failed')] });

  expect(withSetback([setback], run)).toMatchObject([setback, { site: 'far', count: 1 }]);
  expect(setbackOf({ setbacks: [setback] }, 'far')).toBeNull();
});

test('a failback that was only rehearsed counts as one more failure of its site, and replaces the one before', () => {
  const failed = { step: 'promote', detail: `no ${'x'.repeat(200)}` } as const;
  const other: Setback = { ...setback, site: 'far' };

  const first = withRefusal({ setbacks: [other], epoch: 4 }, 'two', failed);
  const second = withRefusal({ setbacks: first, epoch: 5 }, 'two', failed);

  expect(first).toEqual([
    other,
    { site: 'two', epoch: 4, count: 1, step: 'promote', detail: failed.detail.slice(0, 160), kind: 'rehearsal' },
  ]);
  expect(second).toMatchObject([other, { site: 'two', epoch: 5, count: 2, kind: 'rehearsal' }]);
});

test('a fence that could not be closed for another site is another matter', () => {
  const run = runWith({ kind: 'failover', epoch: 7, state: 'failed', steps: [step('fence', [], 'failed')] });
  const other: Setback = { ...setback, site: 'far', step: 'fence', kind: 'fence', count: 3 };

  expect(withSetback([other], run)).toMatchObject([other, { site: run.to, kind: 'fence', count: 1 }]);
});
