import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyWindow, foldGrey, type GreyWindow, greyBoundMs } from '../../../../src/core/detection/grey-failure.ts';
import type { GreyPolicy } from '../../../../src/core/model/policy.ts';

const intervalMs = 1_000;
const downMs = 1_000;
const upMs = 400;

interface Stream {
  readonly policy: GreyPolicy;
  readonly answers: readonly (number | null)[];
}

const policies: fc.Arbitrary<GreyPolicy> = fc
  .record({
    windowTicks: fc.integer({ min: 4, max: 64 }),
    upPercent: fc.integer({ min: 1, max: 40 }),
    gapPercent: fc.integer({ min: 1, max: 40 }),
    quantile: fc.constantFrom(0.5, 0.75, 0.9, 0.95, 0.99),
  })
  .map(({ windowTicks, upPercent, gapPercent, quantile }) => ({
    windowTicks,
    clockOffsetMs: 30_000,
    certificateDays: 14,
    errors: { downPercent: upPercent + gapPercent, upPercent },
    latency: { quantile, downMs, upMs },
  }));

/** Runs of equal answers, so that windows fill up with them and empty again. */
const answers = fc
  .array(
    fc.record({
      answer: fc.constantFrom(null, null, downMs + 1, (downMs + upMs) / 2, upMs, upMs),
      count: fc.integer({ min: 1, max: 30 }),
    }),
    { maxLength: 20 },
  )
  .map((runs) => runs.flatMap(({ answer, count }) => Array<typeof answer>(count).fill(answer)));
const streams: fc.Arbitrary<Stream> = fc.record({ policy: policies, answers });

/** The window after each answer. */
function windowsOf({ policy, answers }: Stream, fold: typeof foldGrey = foldGrey): readonly GreyWindow[] {
  const windows: GreyWindow[] = [];
  for (const answer of answers) windows.push(fold(windows.at(-1) ?? emptyWindow, answer, policy));
  return windows;
}

/** Shares of the newest answers, as the window after each one has them; computed from the answers alone. */
function sharesOf({ policy, answers }: Stream) {
  return answers.map((_, index) => {
    const seen = answers.slice(Math.max(0, index + 1 - policy.windowTicks), index + 1);
    const share = (isBad: (answer: number | null) => boolean) => seen.filter(isBad).length / seen.length;
    return {
      isHalfFull: seen.length * 2 >= policy.windowTicks,
      failed: share((answer) => answer === null) * 100,
      slow: share((answer) => answer !== null && answer > downMs),
      slowish: share((answer) => answer !== null && answer > upMs),
    };
  });
}

/** Replaces an answer by a good one wherever the share of bad ones in the window would exceed what is allowed. */
function thinnedOut({ policy, answers }: Stream, isBad: (answer: number | null) => boolean, shareMax: number): Stream {
  const kept: (number | null)[] = [];
  for (const answer of answers) {
    const seen = [...kept, answer].slice(-policy.windowTicks);
    // A window is first judged when it is half full.
    const judgedLength = Math.max(seen.length, Math.ceil(policy.windowTicks / 2));
    const isTooMany = seen.filter(isBad).length / judgedLength > shareMax;
    kept.push(isBad(answer) && isTooMany ? upMs : answer);
  }
  return { policy, answers: kept };
}

test('a stream whose share of bad answers stays under the lower threshold never trips', () => {
  let bad = 0;

  fc.assert(
    fc.property(streams, (stream) => {
      const { errors, latency } = stream.policy;
      const fewFailures = thinnedOut(stream, (answer) => answer === null, (errors?.upPercent ?? 0) / 100);
      const mild = thinnedOut(fewFailures, (answer) => (answer ?? 0) > upMs, 1 - (latency?.quantile ?? 1));
      bad += mild.answers.filter((answer) => answer !== upMs).length;

      expect(windowsOf(mild).filter(({ reason }) => reason !== null)).toEqual([]);
    }),
    { numRuns: 300 },
  );

  expect(bad).toBeGreaterThan(100);
});

test.each([
  ['fails', null, 'flaky'],
  ['is slow', downMs + 1, 'slow'],
] as const)('a site of which every answer %s is found within the bound, whatever was before', (_, answer, reason) => {
  fc.assert(
    fc.property(streams, ({ policy, answers }) => {
      const ticks = Math.floor(greyBoundMs({ intervalMs, grey: policy }) / intervalMs);
      const all = [...answers, ...Array<typeof answer>(ticks).fill(answer)];

      expect(windowsOf({ policy, answers: all }).at(-1)?.reason).toBe(reason);
    }),
    { numRuns: 300 },
  );
});

/** Whether each change of what is found has its threshold crossed, so that between the two nothing changes. */
function changesOnlyAtThresholds(stream: Stream, windows: readonly GreyWindow[]): boolean {
  const { errors, latency } = stream.policy;
  const tail = 1 - (latency?.quantile ?? 1);
  return sharesOf(stream).every(({ failed, slow, slowish, isHalfFull }, index) => {
    const before = windows[index - 1]?.reason ?? null;
    const now = windows[index]?.reason ?? null;
    const isBetweenErrors = failed <= (errors?.downPercent ?? 0) && failed > (errors?.upPercent ?? 0);
    const isBetweenLatencies = slow <= tail && slowish > tail;
    if (!isHalfFull) return now === null;
    if (before === null && failed <= (errors?.downPercent ?? 0) && slow <= tail) return now === null;
    if (before === 'flaky' && isBetweenErrors) return now === 'flaky';
    if (before === 'slow' && isBetweenLatencies && failed <= (errors?.downPercent ?? 0)) return now === 'slow';
    return true;
  });
}

test('between the two thresholds what is found stays: neither trips nor clears', () => {
  let changes = 0;

  fc.assert(
    fc.property(streams, (stream) => {
      const windows = windowsOf(stream);
      changes += windows.filter(({ reason }, index) => reason !== (windows[index - 1]?.reason ?? null)).length;

      expect(changesOnlyAtThresholds(stream, windows)).toBe(true);
    }),
    { numRuns: 500 },
  );

  expect(changes).toBeGreaterThan(100);
});

test.each<[string, (policy: GreyPolicy) => GreyPolicy]>([
  [
    'failures',
    ({ errors, ...rest }) => ({
      ...rest,
      errors: { downPercent: errors?.downPercent ?? 0, upPercent: errors?.downPercent ?? 0 },
    }),
  ],
  [
    'latency',
    ({ latency, ...rest }) => ({ ...rest, latency: { quantile: latency?.quantile ?? 0, downMs, upMs: downMs } }),
  ],
])('the property catches one threshold for both ways, of %s', (_, planted) => {
  const fold: typeof foldGrey = (window, latencyMs, policy) => foldGrey(window, latencyMs, planted(policy));

  const result = fc.check(
    fc.property(streams, (stream) => changesOnlyAtThresholds(stream, windowsOf(stream, fold))),
    { numRuns: 2_000 },
  );

  expect(result.failed).toBe(true);
});
