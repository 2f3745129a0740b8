import { majorityAmong } from '../register/quorum.ts';
import type { Pause } from '../register/register.ts';
import { majorityTimeMs } from './majority-time.ts';

/**
 * Whether the end of a pause has passed, by the middle one of the voters' clocks. While fewer than a majority of them
 * is heard, nothing is known of the time, and nothing moves by itself either.
 *
 * @param clocks - what the voters' clocks show now, in epoch milliseconds; NaN of one that did not write it
 * @param voterCount - how many voters there are
 */
export function isPauseOver(pause: Pause | null, clocks: readonly number[], voterCount: number): boolean {
  if (pause?.untilMs === undefined) return false;
  const known = clocks.filter(Number.isFinite);
  if (known.length < majorityAmong(voterCount)) return false;
  return majorityTimeMs(known, Number.NEGATIVE_INFINITY) >= pause.untilMs;
}

/** An instant to the second, in UTC: `2026-11-29T12:00:00Z`. */
export function secondOf(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** A pause in words: `by alice until 2026-11-29T12:00:00Z: network work`. */
export function pauseText({ by, reason, untilMs }: Pick<Pause, 'by' | 'reason'> & { untilMs?: number | null }): string {
  const until = untilMs === undefined || untilMs === null ? '' : ` until ${secondOf(untilMs)}`;
  return `by ${by}${until}: ${reason}`;
}
