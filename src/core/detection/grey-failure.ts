import type { Detection, GreyPolicy } from '../model/policy.ts';

/** What a window finds wrong with a site that still answers: too many slow answers, or too many failures. */
export type GreyReason = 'slow' | 'flaky';

/**
 * The newest ticks of a site, one bit each; the newest is the lowest bit. They are kept as hexadecimal text, so that
 * they are small in the opinion item, from which the next watcher process continues.
 */
export interface GreyWindow {
  /** Ticks so far, at most `windowTicks`. */
  readonly length: number;
  /** Answers slower than `latency.downMs`. A failure is not an answer; it counts in `failed`. */
  readonly slow: string;
  /** Answers slower than `latency.upMs`. */
  readonly slowish: string;
  readonly failed: string;
  /** Ticks that saw nothing; absent when all saw something. */
  readonly unseen?: string;
  /** What is wrong now; null when nothing is. */
  readonly reason: GreyReason | null;
}

/** A window that has seen nothing. */
export const emptyWindow: GreyWindow = { length: 0, slow: '0', slowish: '0', failed: '0', reason: null };

/**
 * Part of the window that must be filled before it is judged, 0 to 1. Source: our own; half of 30 ticks of 2 s is half
 * a minute.
 */
const filledShare = 0.5;

/** Whether the policy has any rule about grey failures. */
export function hasGreyRules({ windowTicks, latency, errors }: GreyPolicy): boolean {
  return windowTicks > 0 && (latency !== undefined || errors !== undefined);
}

/**
 * Adds an observation to a window and judges the window. Each rule has a threshold to trip and a lower one to clear.
 *
 * The quantile `q` of the latencies is over a limit exactly when more than `1 - q` of the answers are slower than the
 * limit. So it is enough to count slow answers, and no latency has to be kept.
 *
 * @param latencyMs - latency of the slowest plain probe that passed, in milliseconds; null for a failure
 */
export function foldGrey(window: GreyWindow, latencyMs: number | null, policy: GreyPolicy): GreyWindow {
  const { latency, errors } = policy;
  const isOver = (limitMs: number | undefined) => limitMs !== undefined && latencyMs !== null && latencyMs > limitMs;
  const marks = { slow: isOver(latency?.downMs), slowish: isOver(latency?.upMs), failed: latencyMs === null };
  const { reason: before, ...next } = shifted(window, marks, policy);
  const seen = seenOf(next);
  if (seen < policy.windowTicks * filledShare) return { ...next, reason: null };

  const share = (bits: string) => countBits(bits) / seen;
  const tail = 1 - (latency?.quantile ?? 1);
  const isSlow = latency !== undefined && (before === 'slow' ? share(next.slowish) > tail : share(next.slow) > tail);
  const limitPercent = before === 'flaky' ? errors?.upPercent : errors?.downPercent;
  const isFlaky = limitPercent !== undefined && share(next.failed) * 100 > limitPercent;
  return { ...next, reason: isFlaky ? 'flaky' : isSlow ? 'slow' : null };
}

/**
 * A window after a tick that saw nothing. What it has seen grows older: a window never reaches back further than
 * `windowTicks` ticks, however seldom something is seen.
 */
export function ageGrey(window: GreyWindow, policy: Pick<GreyPolicy, 'windowTicks'>): GreyWindow {
  const next = shifted(window, null, policy);
  if (seenOf(next) === 0) return emptyWindow;
  return seenOf(next) < policy.windowTicks * filledShare ? { ...next, reason: null } : next;
}

/** What one observation was; null when nothing was seen. */
type Marks = Readonly<Record<'slow' | 'slowish' | 'failed', boolean>> | null;

function shifted(window: GreyWindow, marks: Marks, { windowTicks }: Pick<GreyPolicy, 'windowTicks'>): GreyWindow {
  const mask = (1n << BigInt(windowTicks)) - 1n;
  const push = (bits: string, isSet: boolean) =>
    (((BigInt(`0x${bits}`) << 1n) | (isSet ? 1n : 0n)) & mask).toString(16);
  const unseen = push(window.unseen ?? '0', marks === null);
  return {
    length: Math.min(windowTicks, window.length + 1),
    slow: push(window.slow, marks?.slow ?? false),
    slowish: push(window.slowish, marks?.slowish ?? false),
    failed: push(window.failed, marks?.failed ?? false),
    ...(unseen === '0' ? {} : { unseen }),
    reason: window.reason,
  };
}

function seenOf({ length, unseen = '0' }: Pick<GreyWindow, 'length' | 'unseen'>): number {
  return length - countBits(unseen);
}

function countBits(bits: string): number {
  let left = BigInt(`0x${bits}`);
  let count = 0;
  for (; left > 0n; left &= left - 1n) count += 1;
  return count;
}

/**
 * The longest time in which one watcher may not notice a grey failure that is just bad enough for the rule, in
 * milliseconds: the whole window has to be filled with it. A worse failure is noticed sooner.
 */
export function greyBoundMs({ intervalMs, grey }: Pick<Detection, 'intervalMs' | 'grey'>): number {
  return (grey.windowTicks + 1) * intervalMs;
}
