import type { BodyText, JsonScalar, MetricRange, StatusRange } from '../model/probe.ts';
import { readPattern } from '../pattern/pattern.ts';

/** Whether a status is in one of the ranges. */
export function isStatusIn(ranges: readonly StatusRange[], status: number): boolean {
  return ranges.some(([from, to]) => status >= from && status <= to);
}

/** Whether a value is as a metric has to be. What is no number is in no range. */
export function isInRange({ atLeast, above, atMost, below }: MetricRange, value: number): boolean {
  return (
    value >= (atLeast ?? -Infinity) &&
    value > (above ?? -Infinity) &&
    value <= (atMost ?? Infinity) &&
    value < (below ?? Infinity)
  );
}

/** A range in words, such as `at least 1 and below 100`. */
export function rangeText({ atLeast, above, atMost, below }: MetricRange): string {
  return [
    ...(atLeast === undefined ? [] : [`at least ${atLeast}`]),
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(atMost === undefined ? [] : [`at most ${atMost}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ].join(' and ');
}

/**
 * The keys and indexes of a path into JSON: `checks.db.ok`, `items[0].name` or `items.0.name`, with or without `$.` in
 * front.
 *
 * @returns null for what is no path
 */
export function jsonPathOf(text: string): readonly string[] | null {
  const keys = text
    .replace(/^\$\.?/, '')
    .replace(/\[(\d+)\]/g, '.$1')
    .replace(/^\./, '')
    .split('.');
  return keys.some((key) => key === '' || /[[\]]/.test(key)) ? null : keys;
}

/** The value at a path; undefined where there is none. Only a thing's own keys count. */
export function valueAtPath(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return at;
}

/**
 * Prepares the judging of a text by what it has to contain.
 *
 * @throws {TypeError} when the regular expression is one that the schema refuses
 */
export function textJudge(expected: BodyText): (text: string) => boolean {
  if (typeof expected === 'string') return (text) => text.includes(expected);
  const reading = readPattern(expected.regex, expected.ignoreCase);
  if (reading.isRefused) throw new TypeError(`the regular expression ${expected.regex}: ${reading.why}`);
  return (text) => reading.pattern.isIn(text);
}

/**
 * Prepares the judging of JSON by the values that it has to have.
 *
 * @returns says null when each value is as expected, and else which one is not
 */
export function jsonJudge(expected: Readonly<Record<string, JsonScalar>>): (value: unknown) => string | null {
  const checks = Object.entries(expected).map(([path, wanted]) => ({ path, keys: jsonPathOf(path) ?? [path], wanted }));
  return (value) => {
    for (const { path, keys, wanted } of checks) {
      const found = valueAtPath(value, keys);
      if (found !== wanted) return `${path} is ${shortOf(found)}, expected ${JSON.stringify(wanted)}`;
    }
    return null;
  };
}

/** Longest part of a value that is repeated, in characters. */
const shownLengthMax = 60;

function shortOf(value: unknown): string {
  if (value === undefined) return 'not there';
  const text = JSON.stringify(value);
  return text.length > shownLengthMax ? `${text.slice(0, shownLengthMax)}...` : text;
}
