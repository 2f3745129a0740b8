import { describe, expect, test } from 'vitest';
import { makeBallot, makeMark, noBallot } from '../../../../src/core/register/ballot.ts';
import { originOf, turnPauseMs } from '../../../../src/core/register/turn.ts';

const by = (origin: string) => makeBallot(3, makeMark(origin, 'p', 1));

test('a ballot is of the region that made it', () => {
  expect([originOf(by('us-east-1')), originOf(noBallot)]).toEqual(['us-east-1', '']);
});

describe('while a change of b is ahead, of contenders a, b and c', () => {
  /** Pauses of all three, in turns of 100 ms: a prepare takes 40. */
  const pauseOf = (own: string) => turnPauseMs(by('b'), own, ['c', 'a', 'b'], 40);

  test.each([
    ['c', 100],
    ['a', 200],
  ])('the others follow one turn apart, in the order of their names: %s waits %i ms', (own, ms) => {
    expect(pauseOf(own)).toBe(ms);
  });

  test('another change of b waits until all have had their turn', () => {
    expect(pauseOf('b')).toBe(300);
  });

  test('no two have their turn at one time', () => {
    expect(new Set(['a', 'b', 'c'].map(pauseOf)).size).toBe(3);
  });
});

test('whoever is ahead counts as a contender, and so does the one that waits', () => {
  expect(turnPauseMs(by('b'), 'a', [], 40)).toBe(100);
});

test.each([
  [0, 80],
  [32, 80],
  [40, 100],
  [400, 1_000],
  [9_000, 1_000],
])('a turn is as long as a change takes, within bounds (prepare=%i ms): %i ms', (prepareMs, ms) => {
  expect(turnPauseMs(by('b'), 'c', [], prepareMs)).toBe(ms);
});
