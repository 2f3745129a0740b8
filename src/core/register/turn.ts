import { type Ballot, markOfBallot } from './ballot.ts';

/** Shortest time that a whole change is taken to need: two round trips between the coasts of a continent. */
const changeMsMin = 80;
/** Longest: a change that takes more is slowed by something else than contention. */
const changeMsMax = 1_000;
/** A whole change is a prepare and an accept; the half more lets its proposer be somewhat farther away. */
const changesPerPrepare = 2.5;

/** Region or operator's process that made a ballot. */
export function originOf(ballot: Ballot): string {
  return markOfBallot(ballot).split('.')[0] ?? '';
}

/**
 * How long an overtaken change waits while others go first. The contenders take turns, so that the result does not
 * depend on chance.
 *
 * The holder of the highest ballot goes on at once, and has one turn for itself. The others follow in the order of
 * their names, starting after the holder, one turn each. A turn is as long as a whole change takes, so each change ends
 * before the next begins, once all contenders know of each other. With `n` contenders a change waits for at most `n`
 * turns in a round.
 *
 * @param ahead - the highest ballot that was seen
 * @param own - origin of the overtaken change
 * @param contenders - origins of all ballots that it has seen
 * @param prepareMs - how long its own prepare took, as a measure of how far away the tables are
 * @returns milliseconds
 */
export function turnPauseMs(ahead: Ballot, own: string, contenders: Iterable<string>, prepareMs: number): number {
  const first = originOf(ahead);
  const ring = [...new Set([...contenders, own, first])].sort();
  const distance = (ring.indexOf(own) - ring.indexOf(first) + ring.length) % ring.length;
  const changeMs = Math.min(changeMsMax, Math.max(changeMsMin, changesPerPrepare * prepareMs));
  return (distance === 0 ? ring.length : distance) * changeMs;
}
