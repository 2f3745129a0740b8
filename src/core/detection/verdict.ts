import { InvariantError } from '../errors.ts';
import type { SiteReport } from './observation.ts';
import type { Opinion } from './opinion.ts';

/** What a quorum of watchers holds of one site. */
export type Verdict = 'up' | 'degraded' | 'down' | 'unclear';

/** One watcher's fresh word on one site. */
export interface Testimony {
  /** Control region of the watcher. */
  readonly watcher: string;
  readonly opinion: Opinion;
  readonly isCorroboratedAlive: boolean;
  readonly report: SiteReport;
}

/** How many watchers condemn a site, and of how many. */
export interface QuorumPolicy {
  /** Distinct watchers that must say `down`. */
  readonly quorum: number;
  /** All watchers of the deployment, whether they speak or not. */
  readonly watcherCount: number;
}

/**
 * Says what the watchers together hold of one site.
 *
 * Invariants: `down` needs `quorum` watchers that each say `down`, and no majority of all watchers that says `up`,
 * however low the quorum is; a watcher that is silent, stale or `unknown` counts for nothing; the same testimonies give
 * the same verdict. Stale testimonies are left out by the caller, who holds the clock.
 *
 * @param testimonies - the fresh word of each watcher; one a watcher
 * @returns `degraded` when a quorum says down but a corroborating probe sees life, or when watchers disagree without a
 *   quorum either way; `unclear` when too few have anything to say. Neither ever moves traffic.
 * @throws {InvariantError} when two testimonies come from one watcher
 */
export function judge(testimonies: readonly Testimony[], policy: QuorumPolicy): Verdict {
  if (new Set(testimonies.map((testimony) => testimony.watcher)).size !== testimonies.length) {
    throw new InvariantError('two testimonies of one watcher reached judge()');
  }
  const count = (opinion: Opinion) => testimonies.filter((testimony) => testimony.opinion === opinion).length;
  const downs = count('down');
  const ups = count('up');

  if (ups > policy.watcherCount / 2) return 'up';
  if (downs >= policy.quorum) {
    return testimonies.some((testimony) => testimony.isCorroboratedAlive) ? 'degraded' : 'down';
  }
  if (ups > 0 && downs + count('suspect') > 0) return 'degraded';
  return 'unclear';
}
