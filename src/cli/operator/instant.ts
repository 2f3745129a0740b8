import { FailoverError } from '../../core/errors.ts';

/** Date, time, and how far clocks there are from UTC; the seconds may be left out. Source: RFC 3339, section 5.6. */
const instantPattern = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)?$/;

const example = '2026-12-01T02:00Z';

/**
 * The instant that an option names, in epoch milliseconds, to the second.
 *
 * @param option - its name, for the messages
 * @throws {FailoverError} USAGE for a text that is no time, or that does not say its zone
 */
export function readInstant(option: string, text: string): number {
  const [, year, month, day, hour, minute, second = '00', zone] = instantPattern.exec(text.trim()) ?? [];
  if (year === undefined)
    throw new FailoverError('USAGE', `${option} ${text}: write a date and a time, such as ${example}`);
  const local = `${year}-${month}-${day}T${hour}:${minute}`;
  if (zone === undefined) {
    throw new FailoverError('USAGE', `${option} ${text}: say the zone: ${local}Z for UTC, or ${local}+01:00`);
  }
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  const wallMs = Date.parse(`${local}:${second}Z`);
  // A day that the month does not have would be read as one of the next month.
  const isReal = !Number.isNaN(wallMs) && new Date(wallMs).toISOString().startsWith(local);
  if (!isReal || Number(hours) > 23 || Number(minutes) > 59) {
    throw new FailoverError('USAGE', `${option} ${text}: there is no such time; write one such as ${example}`);
  }
  const aheadMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? wallMs + aheadMs : wallMs - aheadMs;
}
