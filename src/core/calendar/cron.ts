/** The minutes that a cron expression names, in UTC. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  /** 0 is Sunday. */
  readonly weekdays: readonly number[];
  /** Both days and weekdays are restricted: then one of the two is enough, as cron has it. */
  readonly isEitherDay: boolean;
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/**
 * Reads a cron expression of five fields: minute, hour, day of the month, month, day of the week. Fields are `*`,
 * numbers, ranges, lists and steps; months and weekdays also by three letters. 7 is Sunday too.
 *
 * Source: POSIX, `crontab`, for the fields; the steps and names are those of Vixie cron.
 *
 * @returns null when the text is no such expression
 */
export function parseCron(text: string): Cron | null {
  const fields = text.trim().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  if (fields.length !== 5) return null;
  const minutes = valuesOf(minute, 0, 59);
  const hours = valuesOf(hour, 0, 23);
  const days = valuesOf(day, 1, 31);
  const months = valuesOf(month, 1, 12, monthNames, 1);
  const weekdays = valuesOf(weekday, 0, 7, weekdayNames);
  if (minutes === null || hours === null || days === null || months === null || weekdays === null) return null;
  const isEitherDay = !day.startsWith('*') && !weekday.startsWith('*');
  return { minutes, hours, days, months, weekdays: weekdays.map((one) => one % 7), isEitherDay };
}

/**
 * The newest minute that an expression names and that is not after a time, in epoch milliseconds.
 *
 * @param withinMs - how far back it is looked for
 * @returns null when there is none
 */
export function newestStart(cron: Cron, wallMs: number, withinMs: number): number | null {
  const today = Math.floor(wallMs / dayMs);
  for (let day = today; (day + 1) * dayMs > wallMs - withinMs; day -= 1) {
    if (!isOn(cron, new Date(day * dayMs))) continue;
    const starts = cron.hours.flatMap((hour) =>
      cron.minutes.map((minute) => day * dayMs + (hour * 60 + minute) * minuteMs),
    );
    const newest = Math.max(...starts.filter((startMs) => startMs <= wallMs));
    if (newest > wallMs - withinMs) return newest;
  }
  return null;
}

function isOn({ days, months, weekdays, isEitherDay }: Cron, date: Date): boolean {
  if (!months.includes(date.getUTCMonth() + 1)) return false;
  const [isDay, isWeekday] = [days.includes(date.getUTCDate()), weekdays.includes(date.getUTCDay())];
  return isEitherDay ? isDay || isWeekday : isDay && isWeekday;
}

function valuesOf(
  field: string,
  min: number,
  max: number,
  names: readonly string[] = [],
  first = 0,
): readonly number[] | null {
  const numberOf = (text: string): number | null => {
    const named = names.indexOf(text.toLowerCase());
    if (named >= 0) return named + first;
    return /^\d{1,2}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : null;
  };
  const values: number[] = [];
  for (const part of field.split(',')) {
    const [, range = '', step] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(part) ?? [];
    const [from = '', to] = range === '*' ? [String(min), String(max)] : range.split('-');
    const low = numberOf(from);
    const high = to === undefined ? (step === undefined ? low : max) : numberOf(to);
    const by = step === undefined ? 1 : Number(step);
    if (low === null || high === null || high < low || by < 1 || range.split('-').length > 2) return null;
    for (let value = low; value <= high; value += by) values.push(value);
  }
  return values;
}
