import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advanceStopwatches } from '../../../../src/core/tables/stopwatch.ts';

const ticks = fc.array(fc.record({ isRunning: fc.boolean(), elapsedMs: fc.integer({ min: -1_000, max: 100_000 }) }), {
  maxLength: 30,
});

/** Whether a watch never shows more than the time that really passed since it started. */
function neverShowsTooMuch(
  history: readonly { isRunning: boolean; elapsedMs: number }[],
  advance: typeof advanceStopwatches,
): boolean {
  let watches = {};
  let passedMs: number | null = null;
  for (const { isRunning, elapsedMs } of history) {
    watches = advance(watches, isRunning ? ['a'] : [], elapsedMs, 3_000);
    passedMs = !isRunning ? null : passedMs === null ? 0 : passedMs + Math.max(0, elapsedMs);
    const { a: shownMs = null } = watches as { a?: number };
    if ((shownMs === null) !== (passedMs === null)) return false;
    if (shownMs !== null && passedMs !== null && (shownMs > passedMs || shownMs < 0)) return false;
  }
  return true;
}

test('a watch never shows more than has passed since it started, and less only', () => {
  fc.assert(fc.property(ticks, (history) => neverShowsTooMuch(history, advanceStopwatches)));
});

test('the property catches a watch that goes on while it does not run', () => {
  const kept: typeof advanceStopwatches = (watches, running, elapsedMs, maxMs) =>
    advanceStopwatches(watches, [...new Set([...running, ...Object.keys(watches)])], elapsedMs, maxMs);

  const result = fc.check(
    fc.property(ticks, (history) => neverShowsTooMuch(history, kept)),
    { numRuns: 5_000 },
  );

  expect(result.failed).toBe(true);
});
