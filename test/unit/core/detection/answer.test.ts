import { expect, test } from 'vitest';
import { isStatusIn, jsonJudge, jsonPathOf, textJudge } from '../../../../src/core/detection/answer.ts';

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
  ['a[x]', null],
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
