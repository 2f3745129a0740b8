import { calendarName, isLedAway } from '../../calendar/game-day.ts';
import type { DecisionInput } from '../../decision/decision-input.ts';

/** A service that a game day of the calendar has left where it led it. */
export interface AwayStatus {
  /** Site where it still is. */
  readonly at: string;
  /** Site where it was before, and was to be again. */
  readonly home: string;
  /** When the window closed, in epoch milliseconds. */
  readonly untilMs: number;
}

/**
 * The game day whose way back did not happen; null when it has come back, when a later move has led the service where
 * it is, or while it may still come back by itself.
 */
export function awayStatus({ register, wallMs }: DecisionInput): AwayStatus | null {
  const { gameDay, planned } = register;
  if (gameDay === undefined || wallMs === undefined || wallMs <= gameDay.untilMs) return null;
  const { to, home, untilMs } = gameDay;
  const isAwaited = planned?.by === calendarName && planned.to === home;
  return isLedAway(register, gameDay) && !isAwaited ? { at: to, home, untilMs } : null;
}

/** The same in words. */
export function awayText({ at, home }: AwayStatus): string {
  return `the game day has not come back from ${at} to ${home}`;
}
