import type { CalendarWindow } from '../../../core/model/calendar.ts';
import type { NamedService } from '../../../core/model/service.ts';
import type { World } from '../../world/world.ts';

/**
 * People's calendar as somebody outside reads it: from docs/calendar.md, by a minute at a time, on purpose without the
 * product's own code for it.
 */

const minuteMs = 60_000;
/** Longest from the reading of the clocks to the first accept of what was decided by them: a few calls. */
const decideMsMax = 5_000;

/** What a service's windows forbid whoever decides, by the clocks of a majority of its voters. */
export class Windows {
  readonly #services: readonly NamedService[];
  /** Each time that some majority may agree on, now and when the clocks may have been read. */
  readonly #wallMs: readonly number[];

  /** @param services - the service as whoever decides may be configured */
  constructor(world: World, services: readonly NamedService[]) {
    this.#services = services;
    // A clock is known from what its watcher wrote last.
    const heardMsMax = Math.max(0, ...services.map(({ detection }) => detection.intervalMs));
    const agreed = agreedTimes(world, services[0]?.name ?? '');
    this.#wallMs = agreed.flatMap((wallMs) => [wallMs - decideMsMax - heardMsMax, wallMs]);
  }

  /** Whether no return of a well site, or no move at all, may be decided now, whatever the edge of a window. */
  isFrozen(moves: 'planned' | 'all'): boolean {
    const isForbidden = ({ freeze = [] }: NamedService, wallMs: number) =>
      freeze.some((window) => (moves === 'planned' || window.moves === 'all') && isOpen(window, wallMs));
    return this.#isEver(isForbidden);
  }

  /** Whether a site's window of work is open for certain. */
  isAtWork(site: string): boolean {
    return this.#isEver((service, wallMs) => isAtWork(service, site, wallMs));
  }

  /** Whether a site's window of work may be open. */
  mayBeAtWork(site: string): boolean {
    return this.#services.some((service) => this.#wallMs.some((wallMs) => isAtWork(service, site, wallMs)));
  }

  /** True for each configuration at each instant; of none, nothing is. */
  #isEver(holds: (service: NamedService, wallMs: number) => boolean): boolean {
    const isAt = (service: NamedService) => this.#wallMs.every((wallMs) => holds(service, wallMs));
    return this.#services.length > 0 && this.#services.every(isAt);
  }
}

/** The middle clock of each majority of the voters that may have been heard; of two in the middle, the lower. */
export function agreedTimes({ nowMs, control, decisions, deployment }: World, service: string): readonly number[] {
  const voters = decisions.newest(service)?.voters.map(({ region }) => region) ?? deployment.controlRegions;
  const clocks = voters.map((region) => nowMs + control.skewMsOf(region));
  const majorities = subsetsOf(clocks).filter(({ length }) => length > clocks.length / 2);
  return [
    ...new Set(majorities.map((some) => [...some].sort((a, b) => a - b)[Math.ceil(some.length / 2) - 1] ?? nowMs)),
  ];
}

function subsetsOf(all: readonly number[]): readonly (readonly number[])[] {
  return all.reduce<readonly (readonly number[])[]>(
    (subsets, one) => subsets.flatMap((subset) => [subset, [...subset, one]]),
    [[]],
  );
}

/** Whether any window of a service is open by any of the regions' clocks: then a move may rightly wait. */
export function isAnyOpen({ nowMs, control, deployment }: World, { maintenance = [], freeze = [] }: NamedService) {
  const holding = [...maintenance, ...freeze.filter(({ moves }) => moves === 'all')];
  const clocks = deployment.controlRegions.map((region) => nowMs + control.skewMsOf(region));
  return clocks.some((wallMs) => holding.some((window) => isOpen(window, wallMs)));
}

function isAtWork({ maintenance = [] }: NamedService, site: string, wallMs: number): boolean {
  return maintenance.some((window) => window.site === site && isOpen(window, wallMs));
}

/** Whether a window is open: whether it began at one of the minutes that lie no further back than its length. */
export function isOpen({ cron, forMs }: CalendarWindow, wallMs: number): boolean {
  const newest = Math.floor(wallMs / minuteMs) * minuteMs;
  for (let startMs = newest; startMs > wallMs - forMs; startMs -= minuteMs)
    if (begins(cron, new Date(startMs))) return true;
  return false;
}

const monthNames = ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function begins(cron: string, date: Date): boolean {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.trim().toLowerCase().split(/\s+/);
  const isTime = names(minute, date.getUTCMinutes(), 0) && names(hour, date.getUTCHours(), 0);
  const isDay = names(day, date.getUTCDate(), 1);
  const isWeekday = [date.getUTCDay(), date.getUTCDay() + 7].some((one) => names(weekday, one, 0, dayNames));
  const isEither = ![day, weekday].some((field) => field.startsWith('*'));
  const isDate = isEither ? isDay || isWeekday : isDay && isWeekday;
  return isTime && isDate && names(month, date.getUTCMonth() + 1, 1, monthNames);
}

/** Whether a field of cron names a value: `*`, `3`, `mon`, `1-5`, `5/10`, or several of these. */
function names(field: string, value: number, lowest: number, words: readonly string[] = []): boolean {
  const numberOf = (text: string) => (words.includes(text) ? words.indexOf(text) : Number(text));
  return field.split(',').some((part) => {
    const [range = '', step] = part.split('/');
    const [from = '', to] = range.split('-');
    const low = from === '*' ? lowest : numberOf(from);
    const isOpenEnded = from === '*' || (to === undefined && step !== undefined);
    const high = isOpenEnded ? Number.POSITIVE_INFINITY : numberOf(to ?? from);
    return value >= low && value <= high && (value - low) % Number(step ?? 1) === 0;
  });
}
