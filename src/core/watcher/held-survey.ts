import type { SiteSurvey } from '../detection/site-survey.ts';

/** What a watcher holds of the surveys of one site; times on its own monotonic clock. */
export interface HeldSurvey {
  /** Null before the first answer. */
  readonly survey: SiteSurvey | null;
  /** When the survey that is held was asked for: what it shows was true then or later. */
  readonly atMs: number;
  /** When the next one is due. */
  readonly nextMs: number;
  readonly isAsking: boolean;
  /** Whether what would open the site's fence was asked for as well, the last time. */
  readonly asksOpening: boolean;
}

/** Surveys by `service/site`. */
export type Surveys = Map<string, HeldSurvey>;
