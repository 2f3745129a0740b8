import { type Ballot, noBallot } from './ballot.ts';

/**
 * One state table's memory of one register.
 *
 * @typeParam V - the register's value; the protocol never looks inside except for its voters
 */
export interface AcceptorState<V> {
  /** Random mark made when the table first heard of this register. A table that was lost has another one. */
  readonly incarnation: string;
  /** Highest ballot promised; nothing lower is promised or accepted any more. */
  readonly promised: Ballot;
  /** Ballot of the accepted value; `noBallot` when nothing was accepted. */
  readonly acceptedBallot: Ballot;
  readonly accepted: V | null;
}

/** What a table answers to prepare and accept: its state after the call, and whether it agreed. */
export interface AcceptorReply<V> {
  readonly isGranted: boolean;
  readonly state: AcceptorState<V>;
}

/**
 * Prepare: promises to take part in nothing older than `ballot`.
 *
 * These two functions are the protocol's rules for a table. The simulated table runs them; the DynamoDB adapter writes
 * the same conditions as expressions, and one contract suite holds both together.
 *
 * @param state - null when the table has never heard of this register
 * @param freshIncarnation - used only when `state` is null
 */
export function prepareAt<V>(
  state: AcceptorState<V> | null,
  ballot: Ballot,
  freshIncarnation: string,
): AcceptorReply<V> {
  const before = state ?? blankAcceptor<V>(freshIncarnation);
  if (ballot <= before.promised) return { isGranted: false, state: before };
  return { isGranted: true, state: { ...before, promised: ballot } };
}

/** Accept: takes the value unless a higher ballot was promised. */
export function acceptAt<V>(
  state: AcceptorState<V> | null,
  ballot: Ballot,
  value: V,
  freshIncarnation: string,
): AcceptorReply<V> {
  const before = state ?? blankAcceptor<V>(freshIncarnation);
  if (ballot < before.promised) return { isGranted: false, state: before };
  return { isGranted: true, state: { ...before, promised: ballot, acceptedBallot: ballot, accepted: value } };
}

function blankAcceptor<V>(incarnation: string): AcceptorState<V> {
  return { incarnation, promised: noBallot, acceptedBallot: noBallot, accepted: null };
}
