import type { Detection } from '../model/policy.ts';
import type { SiteTrack } from './opinion.ts';

/** Own monotonic times that say when a suspected site is probed again. */
export interface SuspicionTimes {
  readonly nowMs: number;
  /** When the newest probe began, whatever became of it. */
  readonly newestMs: number;
  /** When the newest probe that counts began: the last of the track's row. */
  readonly countedMs: number;
}

/**
 * How long a watcher waits, after an answer, before it probes a suspected site again.
 *
 * `suspectIntervalMs`; less where a probe that begins sooner is the first that can show the site to have failed for
 * `minDownMs`, so that what is decided by time is decided at that time.
 */
export function suspicionPauseMs(
  { failingMs }: Pick<SiteTrack, 'failingMs'>,
  { suspectIntervalMs, minDownMs }: Pick<Detection, 'suspectIntervalMs' | 'minDownMs'>,
  { nowMs, newestMs, countedMs }: SuspicionTimes,
): number {
  const enoughAtMs = countedMs + minDownMs - failingMs;
  return newestMs >= enoughAtMs ? suspectIntervalMs : Math.min(suspectIntervalMs, Math.max(0, enoughAtMs - nowMs));
}
