import type { AcceptorState } from './acceptor.ts';
import { noBallot } from './ballot.ts';
import type { Register, Voter } from './register.ts';

/** What one table holds of a register. */
export type State = AcceptorState<Register>;

/** A state that holds a value. */
export type Holder = State & { readonly accepted: Register };

/**
 * What the tables said, by region: null where a table has never heard of the register, `undefined` or absent where it
 * did not answer or where the caller does not know the region.
 */
export type StatesByRegion = Readonly<Record<string, State | null | undefined>>;

/** What one look at the tables says of a register. */
export type RegisterView =
  /** A majority of its voters holds it. */
  | {
      readonly kind: 'decided';
      readonly register: Register;
      /** Every voter that answered holds it. */
      readonly isTidy: boolean;
    }
  /** A majority answers, but too few tables hold the newest value for it to count as decided. A change settles it. */
  | { readonly kind: 'unsettled'; readonly register: Register }
  /** No table holds a value, and every table answered. */
  | { readonly kind: 'absent' }
  /** Too few tables that remember answered. */
  | {
      readonly kind: 'no-majority';
      /** The newest value among those that did answer; may be outdated. */
      readonly lastKnown: Register | null;
      /** So many voters have forgotten that no majority can come back by itself: only a person can found it again. */
      readonly isForgotten: boolean;
    };

/**
 * Whether the table of a region has a vote on a value: the value names the region, with the incarnation of this table.
 */
export function isVoter(register: Register, region: string, incarnation: string): boolean {
  return register.voters.some((voter) => voter.region === region && voter.incarnation === incarnation);
}

/** Number of votes that is a majority. */
export function majorityAmong(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

/** Votes that decide a value: all until it is founded, then a majority of its own voters. */
export function votesNeeded(register: Register): number {
  return register.stage === 'founded' ? majorityAmong(register.voters.length) : register.voters.length;
}

/** The state with the highest accepted ballot, of a voter or not; null when none holds a value. */
export function newestAccepted(states: StatesByRegion): Holder | null {
  let newest: Holder | null = null;
  for (const state of Object.values(states)) {
    if (state === undefined || state === null || state.accepted === null || state.acceptedBallot === noBallot) continue;
    if (newest === null || state.acceptedBallot > newest.acceptedBallot) newest = state as Holder;
  }
  return newest;
}

/** The states of the tables that vote on a value. */
export function votersAmong(states: StatesByRegion, register: Register): readonly State[] {
  return register.voters.flatMap(({ region, incarnation }) => {
    const state = states[region];
    return state !== undefined && state !== null && state.incarnation === incarnation ? [state] : [];
  });
}

/** The voters whose region answered with another table than the one that was named. */
export function forgottenVoters(states: StatesByRegion, register: Register): readonly Voter[] {
  return register.voters.filter(({ region, incarnation }) => {
    const state = states[region];
    return state !== undefined && state?.incarnation !== incarnation;
  });
}

/** Whether so many voters have forgotten that the others cannot be a majority, even if all of them come back. */
export function isForgotten(states: StatesByRegion, register: Register): boolean {
  const rememberingMax = register.voters.length - forgottenVoters(states, register).length;
  return rememberingMax < majorityAmong(register.voters.length);
}

/**
 * Reads the register from one look at the tables, without touching them.
 *
 * The read is not linearizable: it may miss a value that is being decided at this moment, so no action follows from it
 * without a change. The value alone says what a majority is. A region that the list does not name has no vote.
 *
 * @param states - of every region that the caller knows
 */
export function viewRegister(states: StatesByRegion): RegisterView {
  const newest = newestAccepted(states);
  const haveAllAnswered = Object.values(states).every((state) => state !== undefined);
  if (newest === null) return haveAllAnswered ? { kind: 'absent' } : noMajority(states, null);

  const register = newest.accepted;
  const voters = votersAmong(states, register);
  if (register.stage === 'naming') {
    const isResumable = register.voters.every(({ region }) => states[region] !== undefined);
    return isResumable ? { kind: 'unsettled', register } : noMajority(states, register);
  }
  if (voters.length < majorityAmong(register.voters.length)) return noMajority(states, register);
  if (register.stage === 'holding') return { kind: 'unsettled', register };
  const holders = voters.filter((state) => state.acceptedBallot === newest.acceptedBallot);
  if (holders.length < votesNeeded(register)) return { kind: 'unsettled', register };
  return { kind: 'decided', register, isTidy: holders.length === voters.length };
}

function noMajority(states: StatesByRegion, lastKnown: Register | null): RegisterView {
  const isLost = lastKnown !== null && lastKnown.stage !== 'naming' && isForgotten(states, lastKnown);
  return { kind: 'no-majority', lastKnown, isForgotten: isLost };
}

/**
 * The value that a table holds, as far as the table has a say in it: null where the value does not count it as a voter.
 */
export function valueHeldAsVoter(state: State | null | undefined): Register | null {
  if (state === null || state === undefined || state.accepted === null) return null;
  return state.accepted.voters.some(({ incarnation }) => incarnation === state.incarnation) ? state.accepted : null;
}
