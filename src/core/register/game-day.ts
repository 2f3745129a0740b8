/**
 * The newest game day of the calendar that was planned. It stays in the register, so that it is held once; no window
 * that began before it is. In a register that has just been born it is the time of that.
 */
export interface HeldGameDay {
  /** When its window opened, in epoch milliseconds, by the cron of the calendar. */
  readonly startMs: number;
  /** When the window closes. */
  readonly untilMs: number;
  /** Site that was active, and that the service returns to. */
  readonly home: string;
  /** Site that takes over. */
  readonly to: string;
  /** Whether the way back has been planned. */
  readonly isReturning: boolean;
}
