/**
 * A ballot of the register: a counter, and the mark of the change that made it.
 *
 * Kept as one string that sorts like the pair does, so that a table compares two ballots with its own `<`:
 * `000000000042.us-east-1.7f3a.5` is counter 42 of change 5 of the process `7f3a` in us-east-1. The mark names the
 * region itself, not its place in a configuration: two configurations that number their regions differently never share
 * a ballot.
 */
export type Ballot = string;

/** Lower than every ballot that can be made. */
export const noBallot: Ballot = '';

/** Digits of the counter; 10^12 changes outlast any deployment. */
const counterDigits = 12;

/** @throws {RangeError} when the counter does not fit its digits */
export function makeBallot(counter: number, mark: string): Ballot {
  if (!Number.isSafeInteger(counter) || counter < 1 || counter >= 10 ** counterDigits) {
    throw new RangeError(`ballot counter ${counter} is out of range`);
  }
  return `${String(counter).padStart(counterDigits, '0')}.${mark}`;
}

/**
 * The mark of one change.
 *
 * @param origin - the control region, or what stands for an operator's process; holds no dot
 * @param process - unique to the process
 * @param count - unique to the change within its process
 */
export function makeMark(origin: string, process: string, count: number): string {
  return `${origin}.${process}.${count}`;
}

/**
 * A ballot above all of an earlier life of a register, for the change that founds it anew: its counter is the second
 * of that moment. The tables that are left may have forgotten how high the ballots were, and one that had left the list
 * may come back with its old value, which must not be the newest. Changes are far fewer than one a second.
 *
 * @param wallMs - epoch milliseconds
 */
export function ballotAfterLoss(wallMs: number): Ballot {
  return makeBallot(Math.max(1, Math.floor(wallMs / 1_000)), 'founded');
}

/** Counter of a ballot; 0 for `noBallot`. */
export function counterOf(ballot: Ballot): number {
  return ballot === noBallot ? 0 : Number(ballot.slice(0, counterDigits));
}

/** Mark of a ballot; empty for `noBallot`. */
export function markOfBallot(ballot: Ballot): string {
  return ballot.slice(counterDigits + 1);
}

/**
 * A change's next ballot above everything that it has seen.
 *
 * @param lead - how far above; a change that was overtaken before takes more, so that a newcomer does not tie with it
 */
export function ballotAbove(seen: readonly Ballot[], mark: string, lead = 1): Ballot {
  return makeBallot(Math.max(0, ...seen.map(counterOf)) + lead, mark);
}
