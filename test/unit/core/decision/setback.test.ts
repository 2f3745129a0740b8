import { expect, test } from 'vitest';
import {
  hasFailedForGood,
  isUnchanged,
  restingSites,
  restMs,
  restMsMax,
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
