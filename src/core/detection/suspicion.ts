import type { Detection } from '../model/policy.ts';
import type { SiteTrack } from './opinion.ts';

/** Times on the watcher's own monotonic clock from which the next probe of a suspected site is scheduled. */
export interface SuspicionTimes {
  readonly nowMs: number;
  /** When the newest probe began, whatever its result. */
  readonly newestMs: number;
  /** When the newest probe that counts began: the last one of the track's streak. */
  readonly countedMs: number;
}

/**
 * How long a watcher waits, after an answer, before it probes a suspected site again.
 *
 * It is `suspectIntervalMs`. It is shorter when a probe that begins sooner can be the first to show that the site has
 * failed for `minDownMs`. So the site is called down as soon as `minDownMs` has passed.
 */
export function suspicionPauseMs(
  { failingMs }: Pick<SiteTrack, 'failingMs'>,
  { suspectIntervalMs, minDownMs }: Pick<Detection, 'suspectIntervalMs' | 'minDownMs'>,
  { nowMs, newestMs, countedMs }: SuspicionTimes,
): number {
  const enoughAtMs = countedMs + minDownMs - failingMs;
  return newestMs >= enoughAtMs ? suspectIntervalMs : Math.min(suspectIntervalMs, Math.max(0, enoughAtMs - nowMs));
}
