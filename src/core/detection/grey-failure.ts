import type { Detection, GreyPolicy } from '../model/policy.ts';

/** What a window finds wrong with a site that still answers: too slow for too many, or too many failures. */
export type GreyReason = 'slow' | 'flaky';

/**
 * The newest observations of a site, one bit each, the newest lowest; as hexadecimal text, so that it is small in the
 * opinion item and the next watcher goes on with it.
 */
export interface GreyWindow {
  /** Observations so far, at most `windowTicks`. */
  readonly length: number;
  /** Answers slower than `latency.downMs`; a failure is no answer, and counts below. */
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
 * Share of the window that must be filled before anything is made of it. Source: our own; half of 30 is half a minute.
 */
const filledShare = 0.5;

/** Whether the service looks for grey failures at all. */
export function hasGreyRules({ windowTicks, latency, errors }: GreyPolicy): boolean {
  return windowTicks > 0 && (latency !== undefined || errors !== undefined);
}

/**
 * Adds an observation to a window and judges it, each rule with a threshold to trip and a lower one to clear.
 *
 * A quantile of the latency is over a limit exactly when more than the rest of the window is slower than that limit, so
 * counting is enough and no latency has to be kept.
 *
 * @param latencyMs - of the slowest plain probe that passed; null for a failure
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
 * The longest that a grey failure may go unnoticed by one watcher, in milliseconds, once it is as bad as the rule says:
 * the whole window has to be filled with it. Worse ones are noticed sooner.
 */
export function greyBoundMs({ intervalMs, grey }: Pick<Detection, 'intervalMs' | 'grey'>): number {
  return (grey.windowTicks + 1) * intervalMs;
}
