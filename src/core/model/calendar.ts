/** A span of time that comes again and again. */
export interface CalendarWindow {
  /** When it opens: five fields of cron, in UTC. */
  readonly cron: string;
  /** How long it is open. */
  readonly forMs: number;
}

/** Work at a site: no automatic move chooses the site, and a pool does without it. */
export interface MaintenanceWindow extends CalendarWindow {
  readonly site: string;
}

/** A time in which things stay. `planned`: no return of a site that is well. `all`: no move by itself. */
export interface FreezeWindow extends CalendarWindow {
  readonly moves: 'planned' | 'all';
}

/** A game day: the service moves by a planned switchover, and back before the window closes. */
export interface GameDayWindow extends CalendarWindow {
  /** Absent: the site that would take over. */
  readonly to?: string | undefined;
}
