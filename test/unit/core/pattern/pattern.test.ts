import { expect, test } from 'vitest';
import { readPattern } from '../../../../src/core/pattern/pattern.ts';

function isIn(source: string, text: string, isCaseIgnored = false): boolean | string {
  const reading = readPattern(source, isCaseIgnored);
  return reading.isRefused ? reading.why : reading.pattern.isIn(text);
}

test.each([
  ['"status":\\s*"UP"', '{ "status":  "UP" }', true],
  ['"status":\\s*"UP"', '{ "status": "DOWN" }', false],
  ['^ok$', 'ok', true],
  ['^ok$', 'not ok', false],
  ['^ok$', 'ok\n', false],
  ['a|b|c', 'xxc', true],
  ['(?:ab){2,3}c', 'ababc', true],
  ['(?:ab){2,3}c', 'abc', false],
  ['a{2,}', 'baab', true],
  ['a{0}b', 'b', true],
  ['a{', 'a{', true],
  ['[^a-c\\d]', 'abc123', false],
  ['[\\]\\-x]', '-', true],
  ['[a-]', '-', true],
  ['\\bup\\b', 'is up now', true],
  ['\\bup\\b', 'upper', false],
  ['\\Bper\\b', 'upper', true],
  ['\\x41\\u0042', 'AB', true],
  ['^[\\u0100c-mxa-f]+$', 'abmx\u0100', true],
  ['^[\\u0100c-mxa-f]+$', 'n', false],
  ['^[^\\u0100-\\u0110\\u0108-\\u0120]$', '\u0118', false],
  ['^[^\\u0100-\\u0110\\u0108-\\u0120]$', '\u0121', true],
  ['.', '\n', false],
  ['', '', true],
  ['(a*)*b', 'b', true],
  ['(|a)+c', 'aac', true],
])('finds /%s/ in %j as JavaScript does (%s)', (source, text, expected) => {
  const found = isIn(source, text);

  expect(found).toBe(expected);
  expect(new RegExp(source).test(text)).toBe(expected);
});

test.each([
  ['up', 'UP', true],
  ['[a-f]', 'F', true],
  ['[^a]', 'A', false],
])('takes A to Z and a to z for the same where it is told to (/%s/i, %j)', (source, text, expected) => {
  expect(isIn(source, text, true)).toBe(expected);
  expect(new RegExp(source, 'i').test(text)).toBe(expected);
});

test.each([
  ['(?=a)', 'linear time'],
  ['(?<!a)b', 'linear time'],
  ['(?<name>a)', 'linear time'],
  ['(a)\\1', 'refers back'],
  ['\\p{L}', 'not known'],
  ['a**', 'nothing to repeat'],
  ['*a', 'nothing to repeat'],
  ['^*', 'nothing to repeat'],
  ['(a', 'without its )'],
  ['a)', 'without its ('],
  ['[a', 'ends too early'],
  ['a\\', 'ends too early'],
  ['[z-a]', 'ends before it begins'],
  ['a{3,2}', 'ends before it begins'],
  ['a{1000}', 'more than 100 times'],
  ['((a{90}){90}){90}', 'more than 250 steps'],
  ['((((){100}){100}){100}){100}', 'too much repetition'],
  [`${'('.repeat(30)}a${')'.repeat(30)}`, 'deep'],
  ['a'.repeat(501), 'longer than 500'],
])('refuses /%.40s/ and says why (%s)', (source, why) => {
  expect(isIn(source, 'a')).toContain(why);
});

test.each([
  ['(a+)+$', 'a'],
  ['(a|a)*b', 'a'],
  ['\\s*\\s*\\s*"', ' '],
  ['(.*)*(.*)*(.*)*x', 'y'],
])(
  'follows /%s/ through 64 KiB, where going back would never end',
  (source, letter) => {
    expect(isIn(source, `${letter.repeat(64 * 1024)}!`)).toBe(false);
  },
  60_000,
);
