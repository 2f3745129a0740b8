import { FailoverError } from '../core/errors.ts';

/** One word: bare characters, escapes, and quoted parts in any mixture. */
const wordPattern = /\s*((?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+)/y;

/** The pieces of a word, each with its own rule of quoting. */
const piecePattern = /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|([^\s"'\\]+)/g;

/**
 * Splits a line into words as a shell does: blanks separate, quotes and backslashes keep together. No variables, no
 * patterns.
 *
 * @throws {FailoverError} USAGE when a quote is not closed or the line ends in a backslash
 */
export function splitWords(line: string): readonly string[] {
  const text = line.trimEnd();
  const words: string[] = [];
  wordPattern.lastIndex = 0;
  for (let end = 0; end < text.length; end = wordPattern.lastIndex) {
    const match = wordPattern.exec(text);
    if (match === null) throw new FailoverError('USAGE', `a quote is not closed in: ${line}`);
    words.push(unquote(match[1] ?? ''));
  }
  return words;
}

function unquote(word: string): string {
  return word.replace(piecePattern, (_, double?: string, single?: string, escaped?: string, bare?: string) =>
    double === undefined ? (single ?? escaped ?? bare ?? '') : double.replace(/\\(["\\])/g, '$1'),
  );
}

/** A word as a POSIX shell takes it for one, quoted only where it must be. */
export function shellWord(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
