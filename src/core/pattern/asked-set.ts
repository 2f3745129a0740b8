import type { CharacterSet } from './parser.ts';

/** Code units below this are answered by a table. They are most of every page. */
const tableSize = 128;

/**
 * A set of characters in the form in which it is asked.
 *
 * The answer takes the same few steps however many ranges the set was written with: a long class would otherwise be
 * tried range by range, at each character, in each of its repetitions.
 */
export interface AskedSet {
  /** 1 for each code unit below `tableSize` that is in the set. */
  readonly table: Uint8Array;
  /** Where the ranges begin and where they have ended, by turns, in ascending order. */
  readonly bounds: readonly number[];
  readonly isNegated: boolean;
}

/** Prepares a set; its ranges may overlap and stand in any order. */
export function askedSet({ ranges, isNegated }: CharacterSet): AskedSet {
  const bounds: number[] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = bounds.at(-1);
    if (last !== undefined && from <= last) bounds[bounds.length - 1] = Math.max(last, to + 1);
    else bounds.push(from, to + 1);
  }
  const table = Uint8Array.from({ length: tableSize }, (_, code) => Number(isWithin(bounds, code) !== isNegated));
  return { table, bounds, isNegated };
}

/** Whether a code unit is in the set. */
export function isInSet({ table, bounds, isNegated }: AskedSet, code: number): boolean {
  return code < tableSize ? table[code] === 1 : isWithin(bounds, code) !== isNegated;
}

/** Whether an odd number of bounds is at the code unit or below it: a range has begun and not ended. */
function isWithin(bounds: readonly number[], code: number): boolean {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle] ?? 0) <= code) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1;
}
