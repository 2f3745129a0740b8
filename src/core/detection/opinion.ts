import type { Detection } from '../model/policy.ts';
import { ageGrey, emptyWindow, foldGrey, type GreyWindow, hasGreyRules } from './grey-failure.ts';
import type { FailureReason, SiteObservation, SiteReport } from './observation.ts';

/** What one watcher holds of one site. */
export type Opinion = 'up' | 'suspect' | 'down' | 'unknown';

/** What one watcher keeps of one site: its opinion and the streak of equal results that supports it. */
export interface SiteTrack {
  readonly opinion: Opinion;
  /** Streak of failures since the last pass. */
  readonly failureStreak: number;
  /**
   * Time from the start of the first failure in the streak to the start of the newest, in milliseconds, at most
   * `minDownMs`.
   */
  readonly failingMs: number;
  /** Streak of passes since the last failure. */
  readonly passStreak: number;
  /** Why the newest failing observation failed. */
  readonly reason: FailureReason | null;
  readonly isCorroboratedAlive: boolean;
  readonly report: SiteReport;
  /** Names of the dependencies whose probes failed last; absent when there are none. */
  readonly dependencies?: readonly string[];
  /** Whether the site passes although one of its probes fails. */
  readonly isPartial?: boolean;
  /** The newest observations, where the service looks for grey failures. */
  readonly window?: GreyWindow;
  /** Least age of the newest observation when this track was written, in milliseconds. Only for a site that fails. */
  readonly newestAgeMs?: number;
}

/** The track of a watcher that has just started: nothing is known of the site. */
export const blankTrack: SiteTrack = {
  opinion: 'unknown',
  failureStreak: 0,
  failingMs: 0,
  passStreak: 0,
  reason: null,
  isCorroboratedAlive: false,
  report: {},
};

/** When and why an observation was made. */
export interface ObservationTiming {
  /**
   * Time from the start of the previous observation to the start of this one, on the watcher's monotonic clock; 0 for
   * the first.
   */
  readonly sinceLastMs: number;
  /**
   * Whether the observation was made between two ticks because the site is suspected. It counts for the streaks, but
   * not for the share of failures in the window.
   */
  readonly isExtra: boolean;
}

/**
 * Folds one more observation into a track.
 *
 * `fallCount` failures in a row over at least `minDownMs` make a site `down`; `riseCount` passes in a row make it `up`.
 * In between, a site that was up is `suspect`, and a site that was down stays down. So neither one lost packet nor one
 * good answer by chance moves traffic.
 *
 * The time counts from the start of the first failure to the start of the newest. The site gave no good answer at
 * either moment, so a fault shorter than `minDownMs` never makes a site down. A gap counts for one interval at most,
 * because time without observations (a freeze) is no evidence.
 *
 * @returns the new track. Its opinion is `unknown` when the observation is `unknown`: missing data ends a streak and
 *   never adds to one
 */
export function foldObservation(
  track: SiteTrack,
  observation: SiteObservation,
  detection: Detection,
  timing: ObservationTiming,
): SiteTrack {
  const { isCorroboratedAlive } = observation;
  const extras = extrasOf(track, observation, detection, timing.isExtra);
  const report = observation.outcome === 'pass' ? observation.report : keepLoad(track.report, observation.report);
  if (observation.outcome === 'unknown') return { ...blankTrack, isCorroboratedAlive, report, ...extras };

  const hasPassed = observation.outcome === 'pass';
  const passStreak = hasPassed ? track.passStreak + 1 : 0;
  const failureStreak = hasPassed ? 0 : track.failureStreak + 1;
  const failingMs =
    !hasPassed && track.failureStreak > 0 ? track.failingMs + Math.min(timing.sinceLastMs, detection.intervalMs) : 0;
  const opinion = hasPassed
    ? opinionAfterPass(track.opinion, passStreak, detection)
    : opinionAfterFailure(track.opinion, failureStreak, failingMs, detection);
  const grey = extras.window?.reason ?? null;
  return {
    opinion: grey === null ? opinion : 'down',
    // A streak beyond its threshold carries no more information. The cap keeps the size of the stored item steady.
    passStreak: Math.min(passStreak, detection.riseCount),
    failureStreak: Math.min(failureStreak, detection.fallCount),
    failingMs: Math.min(failingMs, detection.minDownMs),
    reason: hasPassed ? grey : observation.reason,
    isCorroboratedAlive,
    report,
    ...extras,
  };
}

/**
 * The optional parts of a track. They are left out when they are empty, because every track is written at every tick.
 */
function extrasOf(
  track: SiteTrack,
  { outcome, latencyMs, dependencies, isPartial }: SiteObservation,
  { grey }: Detection,
  isExtra: boolean,
): Pick<SiteTrack, 'dependencies' | 'isPartial' | 'window'> {
  const windowAfter = (before: GreyWindow) => {
    // Extra probes follow failures and are no fair sample.
    if (isExtra) return before;
    return outcome === 'unknown' ? ageGrey(before, grey) : foldGrey(before, latencyMs, grey);
  };
  return {
    ...(dependencies.length > 0 ? { dependencies } : {}),
    ...(isPartial ? { isPartial } : {}),
    ...(hasGreyRules(grey) ? { window: windowAfter(track.window ?? emptyWindow) } : {}),
  };
}

/**
 * A site that stops answering reports no load any more. The last reported load is kept, because that load has to go
 * elsewhere. One that answers well and reports none has an unknown load.
 */
function keepLoad(before: SiteReport, now: SiteReport): SiteReport {
  return now.load === undefined && before.load !== undefined ? { ...now, load: before.load } : now;
}

function opinionAfterPass(before: Opinion, passStreak: number, detection: Detection): Opinion {
  // A suspect site was up until now, so one good answer makes it `up`; it does not need `riseCount` passes.
  return before === 'suspect' || passStreak >= detection.riseCount ? 'up' : before;
}

function opinionAfterFailure(
  before: Opinion,
  failureStreak: number,
  failingMs: number,
  { fallCount, minDownMs }: Detection,
): Opinion {
  if (before === 'down' || (failureStreak >= fallCount && failingMs >= minDownMs)) return 'down';
  return before === 'unknown' ? 'unknown' : 'suspect';
}

/** Number of ticks after which every track with steady results has left `unknown`. */
export function warmUpTicks({ fallCount, riseCount, minDownMs, intervalMs }: Detection): number {
  return Math.max(fallCount, riseCount, 1 + Math.ceil(minDownMs / intervalMs));
}
