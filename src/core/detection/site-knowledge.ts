import type { SiteReport } from './observation.ts';
import type { Verdict } from './verdict.ts';

/** What is known of the sites of one service, by site name. */
export interface SiteKnowledge {
  readonly verdicts: Readonly<Record<string, Verdict>>;
  /** The worst that the fresh watchers were told by each site. */
  readonly reports: Readonly<Record<string, SiteReport>>;
  /** Dependencies that some fresh watcher finds failing behind each site. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

/** What is known before anybody has spoken. */
export const noKnowledge: SiteKnowledge = { verdicts: {}, reports: {}, dependencies: {} };
