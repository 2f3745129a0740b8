import { describe, expect, test } from 'vitest';
import {
  ballotAbove,
  ballotAfterLoss,
  counterOf,
  makeBallot,
  makeMark,
  markOfBallot,
  noBallot,
} from '../../../../src/core/register/ballot.ts';

const mark = makeMark('us-east-1', '7f3a', 5);

test('a ballot says its counter and who made it', () => {
  const made = makeBallot(42, mark);

  expect(made).toBe('000000000042.us-east-1.7f3a.5');
  expect([counterOf(made), markOfBallot(made)]).toEqual([42, mark]);
});

test('no ballot is lower than any that can be made', () => {
  expect([counterOf(noBallot), markOfBallot(noBallot)]).toEqual([0, '']);
  expect(noBallot < makeBallot(1, '')).toBe(true);
});

test.each([
  [9, 10],
  [99, 100],
  [1, 10 ** 12 - 1],
])('ballots sort as their counters do, whatever their marks are (%i < %i)', (low, high) => {
  expect(makeBallot(low, 'z') < makeBallot(high, 'a')).toBe(true);
});

test.each([0, -1, 1.5, 10 ** 12, Number.NaN])('a counter that does not fit is refused (%d)', (counter) => {
  expect(() => makeBallot(counter, mark)).toThrow(`ballot counter ${counter} is out of range`);
});

describe('the next ballot', () => {
  const seen = [makeBallot(7, 'z'), noBallot, makeBallot(12, 'a')];

  test.each([
    [[], 1, 1],
    [[noBallot], 1, 1],
    [seen, 1, 13],
    [seen, 4, 16],
  ])('is above all that were seen, by its lead (%j, lead=%i)', (ballots, lead, counter) => {
    expect(ballotAbove(ballots, mark, lead)).toBe(makeBallot(counter, mark));
  });

  test('is one above where nothing else is asked', () => {
    expect(counterOf(ballotAbove(seen, mark))).toBe(13);
  });
});

test('what is founded anew is above all ballots of an earlier life, and below those of a later one', () => {
  const founded = ballotAfterLoss(1_764_500_000_000);

  expect(founded > makeBallot(1_000_000, 'us-east-1.zzzz.9')).toBe(true);
  expect(ballotAbove([founded], 'us-east-1.0.1') > founded).toBe(true);
  expect(ballotAfterLoss(1_764_500_060_000) > ballotAbove([founded], 'us-east-1.0.1', 59)).toBe(true);
  expect(counterOf(ballotAfterLoss(0))).toBe(1);
});
