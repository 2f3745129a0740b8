import type { AcceptorState } from './acceptor.ts';
import { noBallot } from './ballot.ts';
import type { Register } from './register.ts';

type State = AcceptorState<Register>;
/** A state that holds a value. */
export type Holder = State & { readonly accepted: Register };

/** What one look at the tables says of a register. */
export type RegisterView =
  /** A majority of its voters holds it. */
  | { readonly kind: 'decided'; readonly register: Register; readonly isTidy: boolean }
  /** The newest value is on too few tables to count as decided, but a majority answers: a change settles it. */
  | { readonly kind: 'unsettled'; readonly register: Register }
  /** No table holds a value, and every table answered. */
  | { readonly kind: 'absent' }
  /** Too few tables that remember answered. `lastKnown` is the newest value among those that did, and may be outdated. */
  | { readonly kind: 'no-majority'; readonly lastKnown: Register | null };

/** Whether the table in a slot has a vote on a value: it is the one that the value lists, and is not only joining. */
export function isVoter(register: Register, slot: number, incarnation: string): boolean {
  return register.voters[slot] === incarnation && register.joining !== slot;
}

/** Votes that decide a value: all while it is forming, else a majority of the slots. */
export function votesNeeded(register: Register, slots: number): number {
  return register.isForming ? slots : Math.floor(slots / 2) + 1;
}

/**
 * The state with the highest accepted ballot, null when none holds a value.
 *
 * @param states - by slot; null where the table did not answer
 */
export function newestAccepted(states: readonly (State | null)[]): Holder | null {
  let newest: Holder | null = null;
  for (const state of states) {
    if (state === null || state.accepted === null || state.acceptedBallot === noBallot) continue;
    if (newest === null || state.acceptedBallot > newest.acceptedBallot) newest = state as Holder;
  }
  return newest;
}

/** The states whose tables the newest value lists as voters. */
export function votersAmong(states: readonly (State | null)[], newest: Holder): readonly State[] {
  return states.filter(
    (state, slot): state is State => state !== null && isVoter(newest.accepted, slot, state.incarnation),
  );
}

/**
 * Reads the register from one look at the tables, without touching them.
 *
 * Not linearizable: a look may miss what is being decided right now. Nothing acts on it without a change.
 *
 * @param states - by slot; `undefined` where the table did not answer, null where it has never heard of the register
 */
export function viewRegister(states: readonly (State | null | undefined)[]): RegisterView {
  const known = states.map((state) => state ?? null);
  const newest = newestAccepted(known);
  if (newest === null) return states.every((state) => state !== undefined) ? { kind: 'absent' } : noMajority(null);

  const register = newest.accepted;
  const voters = votersAmong(known, newest);
  if (register.isForming) {
    return states.every((state) => state !== undefined) ? { kind: 'unsettled', register } : noMajority(register);
  }
  const needed = votesNeeded(register, states.length);
  if (voters.length < needed) return noMajority(register);
  const holders = voters.filter((state) => state.acceptedBallot === newest.acceptedBallot);
  if (holders.length < needed) return { kind: 'unsettled', register };
  const answered = states.filter((state) => state !== undefined).length;
  return { kind: 'decided', register, isTidy: holders.length === answered };
}

function noMajority(lastKnown: Register | null): RegisterView {
  return { kind: 'no-majority', lastKnown };
}
