import { expect, test } from 'vitest';
import {
  ageGrey,
  emptyWindow,
  foldGrey,
  type GreyWindow,
  greyBoundMs,
  hasGreyRules,
} from '../../../../src/core/detection/grey-failure.ts';
import type { GreyPolicy } from '../../../../src/core/model/policy.ts';

const base = { windowTicks: 10, clockOffsetMs: 30_000, certificateDays: 14 };
const errors: GreyPolicy = { ...base, errors: { downPercent: 30, upPercent: 10 } };
const latency: GreyPolicy = { ...base, latency: { quantile: 0.75, downMs: 1_000, upMs: 500 } };
const both: GreyPolicy = { ...errors, latency: latency.latency };

/** Folds answers by their latency in milliseconds; null is a failure. */
function folded(policy: GreyPolicy, answers: readonly (number | null)[], from: GreyWindow = emptyWindow): GreyWindow {
  return answers.reduce((window, latencyMs) => foldGrey(window, latencyMs, policy), from);
}

/** Ten answers, of which the newest are bad. */
const tenWith = (bad: number | null, count: number) =>
  Array.from({ length: 10 }, (_, index) => (index < 10 - count ? 100 : bad));

test.each([
  [3, null],
  [4, 'flaky'],
  [10, 'flaky'],
])('%i failures in ten find %s (downPercent=30)', (count, reason) => {
  expect(folded(errors, tenWith(null, count)).reason).toBe(reason);
});

test.each([
  [2, null],
  [3, 'slow'],
  [10, 'slow'],
])('%i slow answers in ten find %s (quantile=0.75, downMs=1000)', (count, reason) => {
  expect(folded(latency, tenWith(1_001, count)).reason).toBe(reason);
});

test('an answer that takes exactly downMs is not slower than that', () => {
  expect(folded(latency, tenWith(1_000, 10)).reason).toBeNull();
});

test('a window that is half full is judged by what it has: two failures in its first five trip (downPercent=30)', () => {
  const early = folded(errors, [null, null, 100, 100, 100]);
  const late = folded(errors, tenWith(null, 2));

  expect([early.reason, late.reason]).toEqual(['flaky', null]);
});

test('nothing is found before half of the window is filled (windowTicks=10)', () => {
  const reasons = [4, 5].map((count) => folded(errors, Array<null>(count).fill(null)).reason);

  expect(reasons).toEqual([null, 'flaky']);
});

test.each([
  [1, { length: 10, failed: 0b1110, unseen: 0b1, reason: 'flaky' }],
  [5, { length: 10, failed: 0b11100000, unseen: 0b11111, reason: 'flaky' }],
  [6, { length: 10, failed: 0b111000000, unseen: 0b111111, reason: null }],
  [8, { length: 10, failed: 0b1100000000, unseen: 0b11111111, reason: null }],
  [12, { length: 0, failed: 0, unseen: 0, reason: null }],
])('after %i ticks that saw nothing, what a full window has seen is so much older', (ticks, expected) => {
  const full = folded({ ...errors, errors: { downPercent: 20, upPercent: 10 } }, tenWith(null, 3));
  const aged = Array.from({ length: ticks }).reduce<GreyWindow>((window) => ageGrey(window, errors), full);

  const { length, failed, unseen = '0', reason } = aged;
  expect({ length, failed: Number.parseInt(failed, 16), unseen: Number.parseInt(unseen, 16), reason }).toEqual(
    expected,
  );
});

test('shares are of what was seen: three failures of nine, beside a tick that saw nothing (downPercent=30)', () => {
  const aged = ageGrey(folded(errors, [100, 100, 100, 100, 100, 100]), errors);

  expect(folded(errors, [null, null, null], aged).reason).toBe('flaky');
});

test('what has tripped clears only at the lower threshold (downPercent=30, upPercent=10)', () => {
  const tripped = folded(errors, tenWith(null, 4).reverse());

  const reasons = [1, 2, 3, 4].map((good) => folded(errors, Array<number>(good).fill(100), tripped).reason);

  // The failures are the oldest: each good answer pushes one out. 3, 2, then 1 of 10, which is not more than 10 %.
  expect(reasons).toEqual(['flaky', 'flaky', null, null]);
});

test('a slow site is well again only once enough answers are faster than upMs, not merely than downMs', () => {
  const tripped = folded(latency, tenWith(2_000, 10));

  const between = folded(latency, tenWith(700, 10), tripped);
  const fast = folded(latency, tenWith(500, 10), between);

  expect([tripped.reason, between.reason, fast.reason]).toEqual(['slow', 'slow', null]);
});

test('answers between the two latency limits trip nothing', () => {
  expect(folded(latency, tenWith(700, 10)).reason).toBeNull();
});

test('failures are not slow answers, and slow answers are not failures', () => {
  const failing = folded(latency, tenWith(null, 10));
  const slow = folded(errors, tenWith(9_000, 10));

  expect([failing.reason, slow.reason]).toEqual([null, null]);
});

test('a site that is both flaky and slow is called flaky, and slow once the failures have passed', () => {
  const mixed = folded(both, [...Array<null>(4).fill(null), ...Array<number>(6).fill(2_000)]);
  const later = folded(both, Array<number>(4).fill(2_000), mixed);

  expect([mixed.reason, later.reason]).toEqual(['flaky', 'slow']);
});

test.each([10, 64])(
  'a window keeps as many bits as it has ticks, however long it goes on (windowTicks=%i)',
  (windowTicks) => {
    const policy = { ...both, windowTicks };

    const window = folded(policy, Array<null>(3 * windowTicks).fill(null));

    expect(window.length).toBe(windowTicks);
    expect(BigInt(`0x${window.failed}`)).toBe((1n << BigInt(windowTicks)) - 1n);
  },
);

test.each<[string, GreyPolicy, boolean]>([
  ['errors', errors, true],
  ['latency', latency, true],
  ['no rule', base, false],
  ['a window of 0', { ...errors, windowTicks: 0 }, false],
])('a policy with %s looks for grey failures: %#', (_, policy, expected) => {
  expect(hasGreyRules(policy)).toBe(expected);
});

test('the bound is the whole window and one tick (windowTicks=10, intervalMs=2000)', () => {
  expect(greyBoundMs({ intervalMs: 2_000, grey: base })).toBe(22_000);
});

test('answers are slow only when more than the quantile leaves are (quantile=0.75, windowTicks=8)', () => {
  const eighth = { ...latency, windowTicks: 8 };
  const eight = (ms: number, count: number) => Array.from({ length: 8 }, (_, index) => (index < 8 - count ? 100 : ms));
  const slow = folded(eighth, eight(2_000, 8));

  expect([2, 3].map((count) => folded(eighth, eight(2_000, count)).reason)).toEqual([null, 'slow']);
  expect([2, 3].map((count) => folded(eighth, eight(700, count), slow).reason)).toEqual([null, 'slow']);
});

test('what an older policy found ends where the new one does not look for it', () => {
  const slow = folded(latency, tenWith(2_000, 10));
  const flaky = folded(errors, tenWith(null, 10));

  expect([slow.reason, folded(errors, [2_000], slow).reason]).toEqual(['slow', null]);
  expect([flaky.reason, folded(latency, [100], flaky).reason]).toEqual(['flaky', null]);
});
