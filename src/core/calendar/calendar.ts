import type { CalendarWindow, FreezeWindow } from '../model/calendar.ts';
import type { Service } from '../model/service.ts';
import { type Cron, newestStart, parseCron } from './cron.ts';

/** Which windows of a service are open at a time, and until when, in epoch milliseconds. */
export interface CalendarView {
  readonly maintenance: readonly { readonly site: string; readonly untilMs: number }[];
  /** Of several, the one that forbids most; null when none is open. */
  readonly freeze: { readonly moves: FreezeWindow['moves']; readonly untilMs: number } | null;
}

/**
 * The windows that are open at a time. They only ever forbid an automatic move, and safety does not hang on them
 * (docs/calendar.md).
 *
 * @param wallMs - epoch milliseconds, as `majorityTimeMs` has it
 */
export function calendarAt(
  { maintenance = [], freeze = [] }: Pick<Service, 'maintenance' | 'freeze'>,
  wallMs: number,
): CalendarView {
  const frozen = freeze.flatMap((window) => {
    const untilMs = openUntil(window, wallMs);
    return untilMs === null ? [] : [{ moves: window.moves, untilMs }];
  });
  return {
    maintenance: maintenance.flatMap((window) => {
      const untilMs = openUntil(window, wallMs);
      return untilMs === null ? [] : [{ site: window.site, untilMs }];
    }),
    freeze: frozen.find(({ moves }) => moves === 'all') ?? frozen[0] ?? null,
  };
}

/** When a window closes that is open now; null when it is not. */
function openUntil(window: CalendarWindow, wallMs: number): number | null {
  return openWindow(window, wallMs)?.untilMs ?? null;
}

/** When a window opened that is open now, and when it closes, in epoch milliseconds; null when it is not open. */
export function openWindow(
  window: CalendarWindow,
  wallMs: number,
): { readonly startMs: number; readonly untilMs: number } | null {
  const { forMs } = window;
  const parsed = cronOf(window);
  const startMs = parsed === null ? null : newestStart(parsed, wallMs, forMs);
  return startMs === null ? null : { startMs, untilMs: startMs + forMs };
}

/** What was read of each window: each tick asks for it several times, and it never changes. */
const cronsRead = new WeakMap<CalendarWindow, Cron | null>();

function cronOf(window: CalendarWindow): Cron | null {
  const read = cronsRead.get(window);
  if (read !== undefined) return read;
  const parsed = parseCron(window.cron);
  cronsRead.set(window, parsed);
  return parsed;
}
