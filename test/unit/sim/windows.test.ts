import { expect, test } from 'vitest';
import { calendarAt } from '../../../src/core/calendar/calendar.ts';
import { isOpen } from '../../../src/sim/checkers/facts/windows.ts';

const at = (text: string) => Date.parse(`${text}:00Z`);
const minuteMs = 60_000;

test.each([
  ['0 3 * * 6', 120, '2026-11-28T04:59', true],
  ['0 3 * * 6', 120, '2026-11-28T05:00', false],
  ['0 3 * * 6', 120, '2026-11-27T04:00', false],
  ['0 0 20 12 *', 14 * 24 * 60, '2027-01-02T23:59', true],
  ['0 0 20 12 *', 14 * 24 * 60, '2027-01-03T00:00', false],
  ['0 18 * * fri', 180, '2026-11-27T20:00', true],
  ['*/15 9-17 * * mon-fri', 5, '2026-11-27T17:49', true],
  ['*/15 9-17 * * mon-fri', 5, '2026-11-27T17:50', false],
  ['10/20 * * * *', 1, '2026-11-27T17:50', true],
  ['10/20 * * * *', 1, '2026-11-27T17:00', false],
  ['0 0 1 * 7', 60, '2026-11-29T00:30', true],
  ['0 0 1 * 7', 60, '2026-12-01T00:30', true],
  ['0 0 2,4 dec *', 60, '2026-12-04T00:30', true],
])('what a checker and the engine read alike of "%s" for %d min at %s: open is %s', (cron, minutes, time, expected) => {
  const window = { cron, forMs: minutes * minuteMs };

  const byChecker = isOpen(window, at(time));
  const byEngine = calendarAt({ freeze: [{ ...window, moves: 'all' }] }, at(time)).freeze !== null;

  expect({ byChecker, byEngine }).toEqual({ byChecker: expected, byEngine: expected });
});
