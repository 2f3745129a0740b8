import type { GameDayReport } from '../core/operator/gameday/report.ts';
import type { DrillResult } from './drill-result.ts';

/** The report of a game day with its course, as it is drawn; null where no fault happened. */
export interface GameDayResult extends GameDayReport {
  readonly course: DrillResult | null;
}
