import type { SiteReport } from './observation.ts';
import type { Verdict } from './verdict.ts';

/** What is known of the sites of one service, by site name. */
export interface SiteKnowledge {
  readonly verdicts: Readonly<Record<string, Verdict>>;
  /** The least favourable report on each site, merged over the watchers with fresh opinions. */
  readonly reports: Readonly<Record<string, SiteReport>>;
  /** Dependencies behind each site that some watcher with a fresh opinion finds failing. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

/** What is known before any watcher has written an opinion. */
export const noKnowledge: SiteKnowledge = { verdicts: {}, reports: {}, dependencies: {} };
