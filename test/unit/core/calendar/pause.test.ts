import { expect, test } from 'vitest';
import { isPauseOver, pauseText } from '../../../../src/core/calendar/pause.ts';

const pause = { by: 'alice', reason: 'work', untilMs: 1_000 };
const absent = Number.NaN;

test.each([
  ['has not passed by the middle clock', [999, 999, 5_000], false],
  ['has passed by the middle clock', [0, 1_000, 1_001], true],
  ['has passed by the lower one of two', [1_000, 5_000], true],
  ['has passed by one of two alone', [999, 5_000], false],
  ['is not known by one of three', [5_000], false],
  ['is not known where the others wrote no clock', [5_000, absent, absent], false],
])('a pause whose end %s', (_, clocks, isOver) => {
  expect(isPauseOver(pause, clocks, 3)).toBe(isOver);
});

test('no pause, and one without an end, are never over', () => {
  expect(isPauseOver(null, [1e15, 1e15, 1e15], 3)).toBe(false);
  expect(isPauseOver({ by: 'alice', reason: 'work' }, [1e15, 1e15, 1e15], 3)).toBe(false);
});

test.each([
  [{ by: 'alice', reason: 'work' }, 'by alice: work'],
  [{ by: 'alice', reason: 'work', untilMs: null }, 'by alice: work'],
  [
    { by: 'alice', reason: 'work', untilMs: Date.UTC(2026, 10, 29, 12, 0, 0, 250) },
    'by alice until 2026-11-29T12:00:00Z: work',
  ],
])('in words: %j', (given, text) => {
  expect(pauseText(given)).toBe(text);
});
