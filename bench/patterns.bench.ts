import { readPattern } from '../src/core/pattern/pattern.ts';

/** Length of the page, as much as is ever read of one. */
const pageLength = 65_536;

/** Times of each expression; the median counts. */
const runCount = 9;

/** 150 characters that no page below has, no two of them neighbours: as many ranges. */
const strangers = Array.from({ length: 150 }, (_, index) => String.fromCharCode(0x100 + 2 * index)).join('');

/** Name, expression, and what the page repeats. Nothing is found, so that each page is read to its end. */
const cases = [
  ['text and blanks', '"status":\\s*"UP"', '{"status": "DOWN"}'],
  ['page of blanks', '\\s*"status"', ' '],
  ['nested repetition', '(a+)+b', 'a'],
  ['most ways at once', '(?:a?){100}(?:a?){23}b', 'a'],
  ['widest class', `(?:[^${strangers}]?){100}\\uFFFF`, 'a'],
  ['widest class, far letters', `(?:[${strangers}\\uFFF0]?){100}\\uFFFF`, '\uFFF0'],
] as const;

/** How long one expression takes on a page of 64 KiB. */
export interface PatternBench {
  readonly name: string;
  /** In the median, milliseconds. */
  readonly medianMs: number;
}

/**
 * Measures regular expressions that people write, and the costliest that the schema accepts.
 *
 * @throws when an expression is refused or finds something
 */
export function benchPatterns(): readonly PatternBench[] {
  return cases.map(([name, source, piece]) => {
    const reading = readPattern(source, false);
    if (reading.isRefused) throw new Error(`${name}: ${reading.why}`);
    const page = piece.repeat(Math.ceil(pageLength / piece.length)).slice(0, pageLength);
    const timesMs = Array.from({ length: runCount }, () => {
      const startMs = performance.now();
      if (reading.pattern.isIn(page)) throw new Error(`${name}: something was found`);
      return performance.now() - startMs;
    });
    return { name, medianMs: timesMs.sort((a, b) => a - b)[Math.floor(runCount / 2)] ?? 0 };
  });
}
