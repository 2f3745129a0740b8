/**
 * Calls back once unless cancelled before: the deadline of one piece of network work.
 *
 * Besides `clock.ts` this is the only file that may set a timer. It is apart from `Clock` because a deadline guards a
 * real socket: it has to fire on real time, and a promise for each would cost more than the parsing of an answer.
 *
 * @param ms - milliseconds from now, 1 or more
 * @returns cancels; harmless when called again or after expiry
 */
export function deadline(ms: number, onExpire: () => void): () => void {
  const timer = setTimeout(onExpire, ms);
  return () => clearTimeout(timer);
}
