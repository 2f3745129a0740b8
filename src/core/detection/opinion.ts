import type { Detection } from '../model/policy.ts';
import { emptyWindow, foldGrey, type GreyWindow, hasGreyRules } from './grey-failure.ts';
import type { FailureReason, SiteObservation, SiteReport } from './observation.ts';

/** What one watcher holds of one site. */
export type Opinion = 'up' | 'suspect' | 'down' | 'unknown';

/** One watcher's running account of one site: the opinion and the streak of equal results that supports it. */
export interface SiteTrack {
  readonly opinion: Opinion;
  /** Streak of failures since the last pass. */
  readonly failureStreak: number;
  /** Time from the beginning of the first of these to that of the newest, as far as `minDownMs` asks for it. */
  readonly failingMs: number;
  /** Streak of passes since the last failure. */
  readonly passStreak: number;
  /** Why the newest failing observation failed. */
  readonly reason: FailureReason | null;
  readonly isCorroboratedAlive: boolean;
  readonly report: SiteReport;
  /** Names of the dependencies whose probes failed last; absent when there are none. */
  readonly dependencies?: readonly string[];
  /** It passes, but one of its probes does not. */
  readonly isPartial?: boolean;
  /** The newest observations, where the service looks for grey failures. */
  readonly window?: GreyWindow;
  /** Age of the newest observation when this was written, of a site that fails; at least, in milliseconds. */
  readonly newestAgeMs?: number;
}

/** The account of a watcher that has just started: it knows nothing, and says so. */
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
   * From the beginning of the observation before this one to its own, on the watcher's monotonic clock; 0 for the
   * first.
   */
  readonly sinceLastMs: number;
  /** Made between two ticks because the site is suspected; it counts for the rows, not for the share of failures. */
  readonly isExtra: boolean;
}

/**
 * Folds one more observation into a track.
 *
 * `fallCount` failures in a row over `minDownMs` make `down`, `riseCount` passes make `up`; in between a site that was
 * up is `suspect`, and a site that was down stays down, so that neither one lost packet nor one lucky answer moves
 * anything.
 *
 * The time counts from the beginning of the first failure to the beginning of the newest: the site truly gave no good
 * answer at both, so a fault that is shorter than `minDownMs` never makes a site down. A gap counts for one interval at
 * most: what was not looked at (a freeze) is no evidence.
 *
 * @returns a track whose opinion is `unknown` when the observation is: missing data never adds to a streak, it ends it
 */
export function foldObservation(
  track: SiteTrack,
  observation: SiteObservation,
  detection: Detection,
  timing: ObservationTiming,
): SiteTrack {
  const { isCorroboratedAlive } = observation;
  const extras = extrasOf(track, observation, detection, timing.isExtra);
  const report = keepLoad(track.report, observation.report);
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

/** What only some sites have; left out where there is nothing to say, since each track is written at every tick. */
function extrasOf(
  track: SiteTrack,
  { outcome, latencyMs, dependencies, isPartial }: SiteObservation,
  { grey }: Detection,
  isExtra: boolean,
): Pick<SiteTrack, 'dependencies' | 'isPartial' | 'window'> {
  const before = track.window ?? emptyWindow;
  // Missing data is no failure, and probes that follow a failure are no fair sample: the window stays as it is.
  const window = outcome === 'unknown' || isExtra ? before : foldGrey(before, latencyMs, grey);
  return {
    ...(dependencies.length > 0 ? { dependencies } : {}),
    ...(isPartial ? { isPartial } : {}),
    ...(hasGreyRules(grey) ? { window } : {}),
  };
}

/** A site that stops answering no longer says what it carries; what it said last is what has to go elsewhere. */
function keepLoad(before: SiteReport, now: SiteReport): SiteReport {
  return now.load === undefined && before.load !== undefined ? { ...now, load: before.load } : now;
}

function opinionAfterPass(before: Opinion, passStreak: number, detection: Detection): Opinion {
  // A suspect was up until now: one good answer clears the suspicion, it does not have to rise again.
  if (before === 'up' || before === 'suspect') return 'up';
  return passStreak >= detection.riseCount ? 'up' : before;
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

/** Ticks after which every track that gets steady results has left `unknown`. */
export function warmUpTicks({ fallCount, riseCount, minDownMs, intervalMs }: Detection): number {
  return Math.max(fallCount, riseCount, 1 + Math.ceil(minDownMs / intervalMs));
}
