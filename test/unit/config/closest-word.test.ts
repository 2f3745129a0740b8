import { expect, test } from 'vitest';
import { closest } from '../../../src/config/closest-word.ts';

test.each([
  ['qorum', 'quorum'],
  ['quroum', 'quorum'],
  ['Quorum', 'quorum'],
  ['dsn', 'dns'],
  ['addresses', 'address'],
  ['colour', null],
  ['', null],
])('%j most likely means %j', (word, meant) => {
  expect(closest(word, ['quorum', 'dns', 'address'])).toBe(meant);
});

test('nothing is close to nothing', () => {
  expect(closest('quorum', [])).toBeNull();
});
