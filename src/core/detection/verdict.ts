import { InvariantError } from '../errors.ts';
import type { FailureReason, SiteReport } from './observation.ts';
import type { Opinion } from './opinion.ts';

/** What a quorum of watchers holds of one site. */
export type Verdict = 'up' | 'degraded' | 'down' | 'unclear';

/** One watcher's fresh opinion of one site. */
export interface Testimony {
  /** Control region of the watcher. */
  readonly watcher: string;
  readonly opinion: Opinion;
  readonly isCorroboratedAlive: boolean;
  readonly report: SiteReport;
  /** Why its newest failing observation failed; null when none has. */
  readonly reason?: FailureReason | null;
}

/** What a prober says when nothing came back from a site at all. */
const silences: readonly FailureReason[] = ['refused', 'timeout', 'reset', 'unresolved'];

/** Whether some watcher hears a site answer, well or not. */
export function isAnswering(testimonies: readonly Testimony[]): boolean {
  return testimonies.some(({ opinion, reason }) => {
    if (opinion === 'up') return true;
    return opinion !== 'unknown' && reason != null && !silences.includes(reason);
  });
}

/** How many watchers must call a site down, and how many watchers there are. */
export interface QuorumPolicy {
  /** Distinct watchers that must say `down`. */
  readonly quorum: number;
  /** All watchers of the deployment, silent ones included. */
  readonly watcherCount: number;
}

/**
 * Judges what the watchers together hold of one site.
 *
 * Invariants: `down` needs `quorum` watchers that say `down`, and no majority that says `up`, however low the quorum
 * is: neither of all watchers, nor of those that have an opinion. While voters join, most of them may be silent. A
 * watcher that is silent, stale or `unknown` counts neither way. The same testimonies give the same verdict. The caller
 * holds the clock and leaves out stale testimonies.
 *
 * @param testimonies - the fresh opinion of each watcher, at most one a watcher
 * @returns `degraded` when a quorum says `down` but a corroborating probe sees life, or when watchers disagree and
 *   neither side has a quorum; `unclear` when too few watchers have an opinion. Neither ever moves traffic.
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
  const isOutvoted = ups > downs + count('suspect');
  if (downs >= policy.quorum && !isOutvoted) {
    return testimonies.some((testimony) => testimony.isCorroboratedAlive) ? 'degraded' : 'down';
  }
  if (ups > 0 && downs + count('suspect') > 0) return 'degraded';
  return 'unclear';
}
