import { expect, test } from 'vitest';
import {
  isInRange,
  isStatusIn,
  jsonJudge,
  jsonPathOf,
  rangeText,
  textJudge,
  valueAtPath,
} from '../../../../src/core/detection/answer.ts';

test.each([
  [204, true],
  [205, false],
  [300, true],
  [399, true],
  [400, false],
])('a status is in a range with both its ends (status=%i, %s)', (status, expected) => {
  expect(
    isStatusIn(
      [
        [200, 204],
        [300, 399],
      ],
      status,
    ),
  ).toBe(expected);
});

test.each([
  ['status', ['status']],
  ['$.checks.db', ['checks', 'db']],
  ['items[0].name', ['items', '0', 'name']],
  ['$[1]', ['1']],
  ['a..b', null],
  ['.name', ['name']],
  ['cost.$.usd', ['cost', '$', 'usd']],
  ['items[12][3]', ['items', '12', '3']],
  ['a[x]', null],
  ['a]', null],
  ['a.', null],
  ['', null],
])('reads %j as a path (%j)', (text, expected) => {
  expect(jsonPathOf(text)).toEqual(expected);
});

test.each([
  [{ status: 'UP', items: [{ n: 1 }] }, null],
  [{ status: 'DOWN', items: [{ n: 1 }] }, 'status is "DOWN", expected "UP"'],
  [{ status: 'UP', items: [] }, 'items[0].n is not there, expected 1'],
  [{ items: [{ n: 1 }] }, 'status is not there, expected "UP"'],
  ['UP', 'status is not there, expected "UP"'],
  [null, 'status is not there, expected "UP"'],
])('judges %j by its values (%s)', (value, expected) => {
  expect(jsonJudge({ status: 'UP', 'items[0].n': 1 })(value)).toBe(expected);
});

test('takes no inherited property for a value of JSON (path=constructor.name)', () => {
  expect(jsonJudge({ 'constructor.name': 'Object' })({})).toBe('constructor.name is not there, expected "Object"');
});

test('judges a text by what it contains, or by a regular expression', () => {
  expect(textJudge('ok')('all is ok')).toBe(true);
  expect(textJudge({ regex: '^OK', ignoreCase: true })('ok then')).toBe(true);
  expect(textJudge({ regex: '^OK', ignoreCase: false })('ok then')).toBe(false);
});

test.each([
  [{ atLeast: 1 }, [0.9, 1, 1.1], [false, true, true]],
  [{ above: 1 }, [0.9, 1, 1.1], [false, false, true]],
  [{ atMost: 1 }, [0.9, 1, 1.1], [true, true, false]],
  [{ below: 1 }, [0.9, 1, 1.1], [true, false, false]],
  [{ atLeast: 1, below: 2 }, [1, 2, Number.NaN], [true, false, false]],
  [{}, [-1e9, 0, 1e9], [true, true, true]],
] as const)('in the range %j are of %j: %j', (range, values, expected) => {
  expect(values.map((value) => isInRange(range, value))).toEqual(expected);
});

test.each([
  [{}, ''],
  [{ atLeast: 0 }, 'at least 0'],
  [{ atLeast: 1, below: 100 }, 'at least 1 and below 100'],
  [{ above: 1, atMost: 9 }, 'above 1 and at most 9'],
])('a range in words: %j', (range, text) => {
  expect(rangeText(range)).toBe(text);
});

test.each([
  [{ a: { b: 1 } }, ['a', 'b'], 1],
  [{ a: [{ b: 2 }] }, ['a', '0', 'b'], 2],
  [{ a: null }, ['a', 'b'], undefined],
  [{ a: 'text' }, ['a', 'length'], undefined],
  [{ a: 1 }, [], { a: 1 }],
] as const)('of %j at %j is %j', (value, path, expected) => {
  expect(valueAtPath(value, path)).toEqual(expected);
});

test('repeats no more than 60 characters of a value that is not as expected', () => {
  const judge = jsonJudge({ state: 'UP' });

  expect(judge({ state: 'x'.repeat(58) })).toBe(`state is "${'x'.repeat(58)}", expected "UP"`);
  expect(judge({ state: 'x'.repeat(59) })).toBe(`state is "${'x'.repeat(59)}..., expected "UP"`);
});

test('takes a key that is no path by its own name', () => {
  expect(jsonJudge({ 'a..b': 1 })({ 'a..b': 1 })).toBeNull();
});

test('judges no text by a regular expression that the schema refuses', () => {
  expect(() => textJudge({ regex: '(a)\\1', ignoreCase: false })).toThrow('the regular expression (a)\\1: ');
});
