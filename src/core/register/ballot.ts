/**
 * A ballot of the register: a counter, and the index of the proposer that made it.
 *
 * Kept as one string that sorts like the pair does, so that a table compares two ballots with its own `<`:
 * `000000000042.1.7f3a` is counter 42 of control region 1, invocation mark `7f3a`. The mark keeps two invocations of
 * one region's watcher from ever sharing a ballot.
 */
export type Ballot = string;

/** Lower than every ballot that can be made. */
export const noBallot: Ballot = '';

/** Digits of the counter; 10^12 changes outlast any deployment. */
const counterDigits = 12;

/** @throws {RangeError} when the counter does not fit its digits */
export function makeBallot(counter: number, proposer: string): Ballot {
  if (!Number.isSafeInteger(counter) || counter < 1 || counter >= 10 ** counterDigits) {
    throw new RangeError(`ballot counter ${counter} is out of range`);
  }
  return `${String(counter).padStart(counterDigits, '0')}.${proposer}`;
}

/** Counter of a ballot; 0 for `noBallot`. */
export function counterOf(ballot: Ballot): number {
  return ballot === noBallot ? 0 : Number(ballot.slice(0, counterDigits));
}

/** The next ballot of a proposer above everything it has seen. */
export function ballotAbove(seen: readonly Ballot[], proposer: string): Ballot {
  return makeBallot(Math.max(0, ...seen.map(counterOf)) + 1, proposer);
}
