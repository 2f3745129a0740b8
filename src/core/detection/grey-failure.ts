import type { Detection, GreyPolicy } from '../model/policy.ts';

/** What a window finds wrong with a site that still answers: too many slow answers, or too many failures. */
export type GreyReason = 'slow' | 'flaky';

/**
 * The newest observations of a site, one bit each; the newest is the lowest bit. They are kept as hexadecimal text, so
 * that they are small in the opinion item, from which the next watcher process continues.
 */
export interface GreyWindow {
  /** Observations so far, at most `windowTicks`. */
  readonly length: number;
  /** Answers slower than `latency.downMs`. A failure is not an answer; it counts in `failed`. */
  readonly slow: string;
  /** Answers slower than `latency.upMs`. */
  readonly slowish: string;
  readonly failed: string;
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
  const { windowTicks, latency, errors } = policy;
  const length = Math.min(windowTicks, window.length + 1);
  const push = (bits: string, isSet: boolean) => shiftIn(bits, isSet, windowTicks);
  const hasFailed = latencyMs === null;
  const isOver = (limitMs: number | undefined) => limitMs !== undefined && latencyMs !== null && latencyMs > limitMs;
  const slow = push(window.slow, isOver(latency?.downMs));
  const slowish = push(window.slowish, isOver(latency?.upMs));
  const failed = push(window.failed, hasFailed);
  if (length < windowTicks * filledShare) return { length, slow, slowish, failed, reason: null };

  const share = (bits: string) => countBits(bits) / length;
  const tail = 1 - (latency?.quantile ?? 1);
  const isSlow = latency !== undefined && (window.reason === 'slow' ? share(slowish) > tail : share(slow) > tail);
  const limitPercent = window.reason === 'flaky' ? errors?.upPercent : errors?.downPercent;
  const isFlaky = limitPercent !== undefined && share(failed) * 100 > limitPercent;
  return { length, slow, slowish, failed, reason: isFlaky ? 'flaky' : isSlow ? 'slow' : null };
}

function shiftIn(bits: string, isSet: boolean, length: number): string {
  const mask = (1n << BigInt(length)) - 1n;
  return (((BigInt(`0x${bits}`) << 1n) | (isSet ? 1n : 0n)) & mask).toString(16);
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
