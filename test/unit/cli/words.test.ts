import { expect, test } from 'vitest';
import { splitWords } from '../../../src/cli/words.ts';

test.each([
  ['switchover web --to oregon', ['switchover', 'web', '--to', 'oregon']],
  ['  status\t web  ', ['status', 'web']],
  ['pause web --reason "planned work"', ['pause', 'web', '--reason', 'planned work']],
  ["pause web --reason='it''s planned'", ['pause', 'web', '--reason=its planned']],
  ['say "a \\"quoted\\" word" b\\ c \'d\\e\'', ['say', 'a "quoted" word', 'b c', 'd\\e']],
  ['empty "" word', ['empty', '', 'word']],
  ['', []],
])('splits as a shell does: %s', (line, words) => {
  expect(splitWords(line)).toEqual(words);
});

test.each(['pause --reason "planned', "pause --reason 'planned", 'pause web\\'])(
  'refuses an open quote: %s',
  (line) => {
    expect(() => splitWords(line)).toThrow(/a quote is not closed/);
  },
);
