import type { AcceptorState } from './acceptor.ts';
import { votersAmong, votesNeeded } from './quorum.ts';
import type { Register } from './register.ts';

type State = AcceptorState<Register>;

/**
 * How the list of voters may go on in the next value.
 *
 * `found`: nobody holds a value and every table promised. `resume`: a genesis stopped half way. `complete`: it is known to
 * be decided everywhere. `join`: a table that forgot is named, without a vote. `admit`: its naming is known to be decided,
 * so it votes from the next value on. `same`: nothing changes.
 */
export type ListStep = Pick<Register, 'voters' | 'isForming' | 'joining'> & {
  readonly step: 'found' | 'resume' | 'complete' | 'join' | 'admit' | 'same';
};

/**
 * The step of the list that these promises allow: the rules of docs/model/README.md.
 *
 * Two lists whose majorities can miss each other must never be in force at once, so a table changes in two ballots, and
 * the second only when the first is known to be decided.
 *
 * @param newest - the state with the newest accepted value among the promises, null when none holds any
 * @param granted - the promises by slot, null where there is none
 * @returns null when too few that remember have promised: hold
 */
export function nextList(
  newest: (State & { readonly accepted: Register }) | null,
  granted: readonly (State | null)[],
  incarnations: readonly (string | null)[],
): ListStep | null {
  const everyone = incarnations.every((mark) => mark !== null) ? incarnations : null;
  if (newest === null) {
    return everyone === null ? null : { step: 'found', voters: everyone, isForming: true, joining: null };
  }
  const register = newest.accepted;
  const voters = votersAmong(granted, newest);
  const holders = voters.filter((state) => state.acceptedBallot === newest.acceptedBallot).length;
  const isKnownDecided = holders >= votesNeeded(register, granted.length);
  if (register.isForming) return formingStep(register, everyone, voters.length, isKnownDecided);
  if (voters.length < votesNeeded(register, granted.length)) return null;

  const { joining } = register;
  if (joining === null) {
    const stranger = incarnations.findIndex((mark, slot) => mark !== null && mark !== register.voters[slot]);
    return stranger < 0 ? { step: 'same', ...listOf(register) } : join(register, stranger, incarnations);
  }
  const mark = incarnations[joining] ?? null;
  if (mark === null) return { step: 'same', ...listOf(register) };
  if (mark !== register.voters[joining]) return join(register, joining, incarnations);
  return isKnownDecided ? { step: 'admit', ...listOf(register), joining: null } : { step: 'same', ...listOf(register) };
}

function formingStep(
  register: Register,
  everyone: readonly string[] | null,
  listed: number,
  isKnownDecided: boolean,
): ListStep | null {
  if (everyone === null || listed < everyone.length - 1) return null;
  if (isKnownDecided) return { step: 'complete', ...listOf(register), isForming: false };
  return { step: 'resume', voters: everyone, isForming: true, joining: null };
}

function listOf({ voters, isForming, joining }: Register): Pick<Register, 'voters' | 'isForming' | 'joining'> {
  return { voters, isForming, joining };
}

function join(register: Register, slot: number, incarnations: readonly (string | null)[]): ListStep {
  const voters = register.voters.map((mark, index) => (index === slot ? (incarnations[slot] ?? mark) : mark));
  return { step: 'join', voters, isForming: false, joining: slot };
}
