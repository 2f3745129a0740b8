import { describe, expect, it } from 'vitest';
import { calendarAt } from '../../../../src/core/calendar/calendar.ts';
import { newestStart, parseCron } from '../../../../src/core/calendar/cron.ts';

const weekMs = 7 * 86_400_000;

function startBefore(cron: string, time: string): string | null {
  const parsed = parseCron(cron);
  if (parsed === null) throw new Error(`${cron} is no cron expression`);
  const startMs = newestStart(parsed, Date.parse(time), weekMs);
  return startMs === null ? null : new Date(startMs).toISOString();
}

describe('the newest start', () => {
  it.each([
    ['0 3 * * 6', '2026-11-28T03:00:00Z', '2026-11-28T03:00:00.000Z'],
    ['0 3 * * 6', '2026-11-28T02:59:59Z', '2026-11-21T03:00:00.000Z'],
    ['0 3 * * sat', '2026-11-30T12:00:00Z', '2026-11-28T03:00:00.000Z'],
    ['0 0 * * 7', '2026-12-01T00:00:00Z', '2026-11-29T00:00:00.000Z'],
    ['*/15 * * * *', '2026-11-28T10:44:59Z', '2026-11-28T10:30:00.000Z'],
    ['5,50 8-10 * * 1-5', '2026-11-28T00:00:00Z', '2026-11-27T10:50:00.000Z'],
    ['10/20 * * * *', '2026-11-28T10:09:00Z', '2026-11-28T09:50:00.000Z'],
    ['0 0 29 feb *', '2028-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 31 dec *', '2027-01-01T00:00:00Z', '2026-12-31T00:00:00.000Z'],
    // Both days are restricted: the 25th, or a Monday.
    ['0 0 25 * 1', '2026-11-28T00:00:00Z', '2026-11-25T00:00:00.000Z'],
    ['0 0 30 2 *', '2026-03-05T00:00:00Z', null],
    // A step on one of the days restricts nothing: every odd day that is a Monday.
    ['0 0 */2 * 1', '2026-11-28T00:00:00Z', '2026-11-23T00:00:00.000Z'],
    ['0 0 25 * */2', '2026-11-28T00:00:00Z', null],
    ['0 0 23-25 * *', '2026-11-28T00:00:00Z', '2026-11-25T00:00:00.000Z'],
    ['0 0 * * MON-Wed', '2026-11-28T00:00:00Z', '2026-11-25T00:00:00.000Z'],
    ['0 0 * jan,Nov 5', '2026-11-28T00:00:00Z', '2026-11-27T00:00:00.000Z'],
    ['0 0 * oct *', '2026-11-28T00:00:00Z', null],
    ['59 23 * * *', '2026-11-28T23:58:59Z', '2026-11-27T23:59:00.000Z'],
    ['0 22-23/1 * * *', '2026-11-28T22:30:00Z', '2026-11-28T22:00:00.000Z'],
    ['0,30 9 * * *', '2026-11-28T09:29:59Z', '2026-11-28T09:00:00.000Z'],
    ['0 3 * * 6', '2026-11-28T02:59:59.999Z', '2026-11-21T03:00:00.000Z'],
  ])('of %s before %s is %s', (cron, time, start) => {
    expect(startBefore(cron, time)).toBe(start);
  });
});

it.each([
  '',
  '0 3 * *',
  '0 3 * * 6 2026',
  '60 * * * *',
  '0 24 * * *',
  '0 0 0 * *',
  '0 0 * 13 *',
  '0 0 * * 8',
  '5-1 * * * *',
  '*/0 * * * *',
  '1-2-3 * * * *',
  '@daily',
  '-1 * * * *',
  '0 0 * * friday',
  '0 0 * * x',
  '0-x * * * *',
  '1, * * * *',
  '*/a * * * *',
  '*/100 * * * *',
  '/5 * * * *',
  '0 0 * * mon-',
  '0 0 * * -fri',
  '0 0 32 * *',
  '0 0 * 0 *',
  '001 * * * *',
  '1.5 * * * *',
])('"%s" is no expression', (text) => {
  expect(parseCron(text)).toBeNull();
});

it('spaces around and between the fields are of no account', () => {
  expect(parseCron('  5   4 * *  0 ')).toEqual(parseCron('5 4 * * 7'));
});

it.each([
  ['* * * * *', 60, 24, 31, 12, 7, false],
  ['0 0 1 * 1', 1, 1, 1, 12, 1, true],
  ['*/15 */6 1-10/3 1-12/4 *', 4, 4, 4, 3, 7, false],
  ['50/4 20/2 29/1 11/1 5/1', 3, 2, 3, 2, 3, true],
])('%s names as many minutes, hours, days, months and weekdays as it says', (text, ...expected) => {
  const cron = parseCron(text);

  expect(cron?.minutes.length).toBe(expected[0]);
  expect(cron?.hours.length).toBe(expected[1]);
  expect(cron?.days.length).toBe(expected[2]);
  expect(cron?.months.length).toBe(expected[3]);
  expect(new Set(cron?.weekdays).size).toBe(expected[4]);
  expect(cron?.isEitherDay).toBe(expected[5]);
});

it('a start is looked for as far back as asked, and no further', () => {
  const daily = parseCron('0 3 * * *');
  if (daily === null) throw new Error('it is a cron expression');
  const threeMs = Date.parse('2026-11-28T03:00:00Z');

  expect(newestStart(daily, threeMs + 3_600_000, 3_600_001)).toBe(threeMs);
  expect(newestStart(daily, threeMs + 3_600_000, 3_600_000)).toBeNull();
  expect(newestStart(daily, threeMs - 1, 3_600_000)).toBeNull();
  expect(newestStart(daily, threeMs, 1)).toBe(threeMs);
});

describe('a window', () => {
  const saturday = { cron: '0 3 * * 6', forMs: 7_200_000, site: 'oregon' };
  const at = (time: string) => calendarAt({ maintenance: [saturday] }, Date.parse(time)).maintenance;

  it.each([
    ['2026-11-28T02:59:59.999Z', false],
    ['2026-11-28T03:00:00.000Z', true],
    ['2026-11-28T04:59:59.999Z', true],
    ['2026-11-28T05:00:00.000Z', false],
  ])('at %s is open: %s', (time, isOpen) => {
    expect(at(time)).toEqual(isOpen ? [{ site: 'oregon', untilMs: Date.parse('2026-11-28T05:00:00Z') }] : []);
  });

  it('of all moves hides one of planned moves', () => {
    const freeze = [
      { cron: '* * * * *', forMs: 60_000, moves: 'planned' as const },
      { cron: '0 0 * * *', forMs: 86_400_000, moves: 'all' as const },
    ];

    expect(calendarAt({ freeze }, Date.parse('2026-11-28T12:00:00Z')).freeze).toEqual({
      moves: 'all',
      untilMs: Date.parse('2026-11-29T00:00:00Z'),
    });
  });
});
