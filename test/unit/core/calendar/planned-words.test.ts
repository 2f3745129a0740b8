import { expect, test } from 'vitest';
import {
  cancelledLine,
  describePlanned,
  droppedLine,
  endOfPlan,
  plannedText,
} from '../../../../src/core/calendar/planned-words.ts';

const plan = { from: 'one', to: 'two', atMs: 1_000_000, latestMs: 1_600_000, by: 'eve', reason: 'kernel' };
const line = (what: string, by = 'bob') => ({ epoch: 3, atMs: 0, what, by }) as never;

test('a plan in words', () => {
  expect(describePlanned(plan)).toBe('switchover one > two planned for 1970-01-01T00:16:40Z');
  expect(plannedText(plan)).toBe(
    'switchover to two at 1970-01-01T00:16:40Z, until 1970-01-01T00:26:40Z, by eve: kernel',
  );
});

test.each([
  ['was taken back', [line(cancelledLine(plan))], { kind: 'cancelled', by: 'bob' }],
  ['was dropped', [line(droppedLine(plan, 'two is down'))], { kind: 'dropped', why: 'two is down' }],
  ['began its switchover', [line('failover one > two')], null],
  ['is older than the history', [], null],
  [
    'is not another one',
    [line(cancelledLine({ ...plan, to: 'far' })), line(droppedLine({ ...plan, atMs: 0 }, ''))],
    null,
  ],
  [
    'ended as the newest line says',
    [line(cancelledLine(plan)), line(droppedLine(plan, 'late'))],
    { kind: 'cancelled', by: 'bob' },
  ],
])('a plan that %s: %#', (_, history, end) => {
  expect(endOfPlan(plan, history)).toEqual(end);
});
