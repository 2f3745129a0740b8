import { expect, test } from 'vitest';
import { isCount, isFlag, isHalfCount, isToken, ownOf, weightsIn } from '../../../../src/core/kinds/order/parts.ts';

test.each<[unknown, boolean, boolean]>([
  [0, true, true],
  [7, true, true],
  [0.5, false, true],
  [0.25, false, false],
  [-1, false, false],
  [-0.5, false, false],
  [Number.NaN, false, false],
  [Number.POSITIVE_INFINITY, false, false],
  ['7', false, false],
  [null, false, false],
  [[2], false, false],
])('%j is a count: %s, of halves: %s', (value, isWhole, isHalf) => {
  expect([isCount(value), isHalfCount(value)]).toEqual([isWhole, isHalf]);
});

test.each([
  [true, true],
  [false, true],
  [0, false],
  ['true', false],
  [null, false],
])('%j is a flag: %s', (value, expected) => {
  expect(isFlag(value)).toBe(expected);
});

test.each<[unknown, boolean]>([
  [{ epoch: 2, attempt: 1 }, true],
  [{ epoch: 0, attempt: 0 }, true],
  [{ epoch: 2 }, false],
  [{ attempt: 1 }, false],
  [{ epoch: -1, attempt: 1 }, false],
  [{ epoch: 2, attempt: 1.5 }, false],
  [null, false],
  [undefined, false],
  ['2.1', false],
  [Object.assign(() => {}, { epoch: 2, attempt: 1 }), false],
])('%j is a token: %s', (value, expected) => {
  expect(isToken(value)).toBe(expected);
});

test('a mapping has what was put into it, under texts alone', () => {
  const mapping = { one: 1, undefined: 2, '3': 3 };

  expect(ownOf(mapping, 'one')).toBe(1);
  expect(['constructor', 'two', undefined, 3, null].map((name) => ownOf(mapping, name))).toEqual(
    Array(5).fill(undefined),
  );
  expect(ownOf(undefined, 'one')).toBeUndefined();
});

test.each<[unknown, boolean]>([
  [{ one: 0, two: 100 }, true],
  [{ one: 100 }, true],
  [{ one: 101, two: 100 }, false],
  [{ one: 0, two: 0 }, false],
  [{}, false],
  [{ one: -1, two: 100 }, false],
  [{ one: 0.5 }, false],
  [{ one: '1' }, false],
  [[1, 2], false],
  [null, false],
  [undefined, false],
  ['100', false],
  [Object.assign(() => {}, { one: 100 }), false],
])('%j is taken for weights up to 100: %s', (value, isTaken) => {
  expect(weightsIn(value, 100)).toBe(isTaken ? value : null);
});
