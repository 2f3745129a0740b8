import type { SiteSurvey } from '../../detection/site-survey.ts';

/** The newest survey of one site that a watcher holds. Times are on its own monotonic clock. */
export interface HeldSurvey {
  /** Null before the first answer. */
  readonly survey: SiteSurvey | null;
  /** When this survey was asked for: its values were read then or later. */
  readonly atMs: number;
  /** When the next one is due. */
  readonly nextMs: number;
  readonly isAsking: boolean;
  /** Whether the last survey also asked for the facts that open the site's fence. */
  readonly asksOpening: boolean;
}

/** Surveys by `service/site`. */
export type Surveys = Map<string, HeldSurvey>;
