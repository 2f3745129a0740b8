import { describe, expect, test } from 'vitest';
import { clearLine, clearScreen, printable, terminalPage } from '../../../src/cli/terminal.ts';

describe('what stands in a text', () => {
  test.each([
    ['a screen that is cleared', 'why: \u001B[H\u001B[J', 'why: \\u001b[H\\u001b[J'],
    ['a title of the window', '\u001B]0;root\u0007', '\\u001b]0;root\\u0007'],
    ['a line that is written over', 'down\rup', 'down\\u000dup'],
    ['control characters of eight bits', '\u009B2J', '\\u009b2J'],
    ['another direction', '\u202Egnirts', '\\u202egnirts'],
    ['a colour that is not ours', '\u001B[30;40mhidden', '\\u001b[30;40mhidden'],
    ['tabs, lines and other languages', 'a\tb\nMünchen 東京', 'a\tb\nMünchen 東京'],
  ])('%s', (_, text, shown) => {
    expect([printable(text, true), printable(text, false)]).toEqual([shown, shown]);
  });
});

test('our own colours are kept on a terminal', () => {
  const text = terminalPage(80, true).mark('bad', 'down');

  expect(printable(text, true)).toBe(text);
  expect(printable(text, false)).not.toContain('\u001B');
});

test.each([clearScreen, clearLine])('what draws in place is kept at the beginning alone (%j)', (start) => {
  expect(printable(`${start}one`, true)).toBe(`${start}one`);
  expect(printable(`one${start}`, true)).not.toContain('\u001B');
  expect(printable(`${start}one`, false)).not.toContain('\u001B');
});
