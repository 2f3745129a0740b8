import type { Deployment } from '../model/deployment.ts';

/** How long a checkup waits, in milliseconds. */
export interface CheckupTimes {
  /** Longest wait for one answer. */
  readonly answerMsMax: number;
  /** Longest time to listen to the watchers. */
  readonly listenMsMax: number;
  /** Longest wait for all answers of one sort together. */
  readonly patienceMs: number;
}

/**
 * For a person who waits.
 *
 * One answer: shorter than other verbs wait, because a region that is dark must leave time to listen to the others; a
 * new connection to the far side of the world costs about one second. Listening: most watchers tick every two seconds.
 * All together: the time to listen, and most of one answer that is then under way; with half a second for late reports
 * the whole run takes less than five seconds. Source: our own.
 */
export const personTimes: CheckupTimes = { answerMsMax: 1_800, listenMsMax: 3_200, patienceMs: 3_800 };

/** One answer for which nobody waits: as long as the functions give control planes. Source: our own. */
const unhurriedAnswerMs = 3_000;

/**
 * For the checkup that runs by itself in AWS: it listens for as long as the slowest opinion counts, so that a slow
 * watcher is never left unknown.
 */
export function unhurriedTimes(deployment: Deployment): CheckupTimes {
  const listenMsMax = opinionTtlMsMax(deployment);
  return { answerMsMax: unhurriedAnswerMs, listenMsMax, patienceMs: listenMsMax + 2 * unhurriedAnswerMs };
}

/** Longest time that an opinion of any service counts, in milliseconds. */
export function opinionTtlMsMax({ services }: Pick<Deployment, 'services'>): number {
  return Math.max(...Object.values(services).map(({ detection }) => detection.opinionTtlMs));
}
