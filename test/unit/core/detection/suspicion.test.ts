import { expect, test } from 'vitest';
import { suspicionPauseMs } from '../../../../src/core/detection/suspicion.ts';

const detection = { suspectIntervalMs: 500, minDownMs: 3_000 };

/**
 * A site that began to fail at 0 ms, by the clock of its watcher. The newest probe began when `failingMs` had passed,
 * and was answered at once, unless it says otherwise.
 */
const pauseAfter = (failingMs: number, more: { readonly nowMs?: number; readonly newestMs?: number } = {}) =>
  suspicionPauseMs({ failingMs }, detection, {
    nowMs: failingMs,
    newestMs: failingMs,
    countedMs: failingMs,
    ...more,
  });

test.each([
  ['just begun to fail', 0, 500],
  ['failed for a while', 2_000, 500],
  ['one pause left to fail', 2_500, 500],
  ['less than a pause left to fail', 2_600, 400],
  ['one millisecond left to fail', 2_999, 1],
  ['failed for long enough, and not often enough', 3_000, 500],
])('a site that has %s (%i ms of 3000) is asked again after %i ms', (_, failingMs, pauseMs) => {
  expect(pauseAfter(failingMs)).toBe(pauseMs);
});

test('a site is asked at once when its answer took until it has failed for long enough', () => {
  expect(pauseAfter(2_000, { nowMs: 3_000 })).toBe(0);
  expect(pauseAfter(2_000, { nowMs: 9_000 })).toBe(0);
  expect(pauseAfter(2_000, { nowMs: 2_700 })).toBe(300);
});

test('a probe that began late enough, and did not count, is followed by the usual pause', () => {
  expect(pauseAfter(2_000, { nowMs: 3_100, newestMs: 3_000 })).toBe(500);
  expect(pauseAfter(2_000, { nowMs: 3_100, newestMs: 2_999 })).toBe(0);
});
