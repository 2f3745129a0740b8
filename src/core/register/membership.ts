import {
  forgottenVoters,
  type Holder,
  isForgotten,
  majorityAmong,
  type StatesByRegion,
  votersAmong,
  votesNeeded,
} from './quorum.ts';
import type { Membership, Register, Voter, VoterChange } from './register.ts';

/**
 * Who votes, and how the list of voters changes. These are the rules of docs/model/README.md, which spin checks.
 *
 * Invariant: two lists that are in force at one time differ by one voter at most, so that any majority of one shares a
 * table with any majority of the other (the single-server rule: D. Ongaro, "Consensus: Bridging Theory and Practice",
 * 2014, section 4.1). So a change is first *named* in an ordinary value under the present list. It is in force from the
 * next value on, once the value that names it is known to be decided. Without the naming, two proposers could each
 * change the same list by a different voter. Ongaro corrected that fault in 2015 (raft-dev, "bug in single-server
 * membership changes").
 */

/** What a genesis, or an ordinary value after it, does with the list. */
export interface MembershipStep {
  /**
   * `found`: no table holds a value and every table promised. `resume`: a genesis stopped half way. `hold` and
   * `complete`: its next stages. `refound`: the voters are lost for good and a person founds the register again.
   * `same`: as it is.
   */
  readonly step: 'found' | 'resume' | 'hold' | 'complete' | 'refound' | 'same';
  readonly membership: Membership;
}

/**
 * The step that these promises allow a value to take.
 *
 * @param newest - the state with the newest accepted value among the promises, null when none holds any
 * @param promises - of every region that the caller knows
 * @param founders - regions by which a person has ordered the register to be founded again; null without such an order
 * @returns null when too few tables that remember have promised; then nothing is changed
 */
export function nextMembership(
  newest: Holder | null,
  promises: StatesByRegion,
  founders: readonly string[] | null,
): MembershipStep | null {
  if (newest === null) {
    const everyone = tablesOf(Object.keys(promises), promises);
    return everyone === null ? null : { step: 'found', membership: named(everyone) };
  }
  const register = newest.accepted;
  const voters = votersAmong(promises, register);
  if (voters.length >= majorityAmong(register.voters.length) || register.stage === 'naming') {
    const holders = voters.filter((state) => state.acceptedBallot === newest.acceptedBallot).length;
    return register.stage === 'founded'
      ? { step: 'same', membership: membershipOf(register) }
      : foundingStep(register, promises, holders >= votesNeeded(register));
  }
  if (founders === null || !isForgotten(promises, register)) return null;
  const everyone = tablesOf(founders, promises);
  return everyone === null ? null : { step: 'refound', membership: named(everyone) };
}

/**
 * A genesis continues with the regions that it began with. When a table holds a value of stage `naming`, nobody has
 * completed this genesis: before that, all of its tables must hold the next stage.
 */
function foundingStep(register: Register, promises: StatesByRegion, isKnownDecided: boolean): MembershipStep | null {
  const everyone = tablesOf(
    register.voters.map(({ region }) => region),
    promises,
  );
  if (everyone === null) return null;
  if (!isKnownDecided) return { step: 'resume', membership: named(everyone) };
  const { voters } = register;
  return register.stage === 'naming'
    ? { step: 'hold', membership: { voters, voterChange: null, stage: 'holding' } }
    : { step: 'complete', membership: { voters, voterChange: null, stage: 'founded' } };
}

/** The tables of these regions, null unless every one has promised. */
function tablesOf(regions: readonly string[], promises: StatesByRegion): readonly Voter[] | null {
  const voters = [...regions].sort().flatMap((region) => {
    const state = promises[region];
    return state === undefined || state === null ? [] : [{ region, incarnation: state.incarnation }];
  });
  return voters.length === regions.length ? voters : null;
}

function named(voters: readonly Voter[]): Membership {
  return { voters, voterChange: null, stage: 'naming' };
}

function membershipOf({ voters, voterChange, stage }: Register): Membership {
  return { voters, voterChange, stage };
}

/** The next step that brings the list of a founded register closer to the wanted one. */
export interface ListStep {
  /**
   * `name`: agree on the next change. `settle`: it is in force. `drop`: it is no longer wanted or cannot be done.
   * `spread`: write the value once more, so that a table that is to join holds it, or so that it is known to be
   * decided.
   */
  readonly step: 'name' | 'settle' | 'drop' | 'spread';
  readonly membership: Membership;
}

/**
 * The next step of the list, null when it is as wanted or when nothing can be done now.
 *
 * Order of the steps: first a voter leaves whose table was lost, or was restored under its name. Then wanted regions
 * join one by one, each once its table holds the newest value. Then regions leave that are no longer wanted. A step is
 * taken only when the tables that have just answered are a majority of the resulting list.
 *
 * @param newest - the newest accepted value among the answers, of a founded register
 * @param answers - of every region that the caller knows: promises, or what a look saw
 * @param wanted - regions that shall vote
 */
export function nextListStep(newest: Holder, answers: StatesByRegion, wanted: readonly string[]): ListStep | null {
  const register = newest.accepted;
  const present = votersAmong(answers, register);
  const holders = present.filter((state) => state.acceptedBallot === newest.acceptedBallot).length;
  const holds = (region: string) => answers[region]?.acceptedBallot === newest.acceptedBallot;
  const isDecided = holders >= votesNeeded(register);
  if (present.length < votesNeeded(register)) return null;
  if (register.voterChange !== null) {
    const change = register.voterChange;
    if (!isWanted(change, answers, wanted) || !hasMajorityAfter(register, change, answers))
      return step('drop', register, null);
    const isHeld = change.kind === 'remove' || holds(change.voter.region);
    if (!isDecided || !isHeld) return step('spread', register, change);
    return {
      step: 'settle',
      membership: { voters: applied(register.voters, change), voterChange: null, stage: 'founded' },
    };
  }
  for (const change of wantedChanges(register, answers, wanted)) {
    if (!hasMajorityAfter(register, change, answers)) continue;
    const isHeld = change.kind === 'remove' || holds(change.voter.region);
    return isHeld ? step('name', register, change) : step('spread', register, null);
  }
  return null;
}

function step(kind: ListStep['step'], register: Register, voterChange: VoterChange | null): ListStep {
  return { step: kind, membership: { voters: register.voters, voterChange, stage: register.stage } };
}

function wantedChanges(register: Register, answers: StatesByRegion, wanted: readonly string[]): readonly VoterChange[] {
  const forgotten = forgottenVoters(answers, register);
  const joining = wanted
    .filter((region) => !register.voters.some((voter) => voter.region === region))
    .flatMap((region) => {
      const state = answers[region];
      // A table that has never heard of the register gets its incarnation when it accepts the value.
      return state === undefined ? [] : [{ region, incarnation: state?.incarnation ?? '' }];
    });
  const leaving = register.voters.filter(({ region }) => !wanted.includes(region));
  return [
    ...forgotten.map((voter) => ({ kind: 'remove', voter }) as const),
    ...joining.map((voter) => ({ kind: 'add', voter }) as const),
    ...leaving.map((voter) => ({ kind: 'remove', voter }) as const),
  ];
}

/** Whether a named change still brings the list closer to the wanted one. */
function isWanted(change: VoterChange, answers: StatesByRegion, wanted: readonly string[]): boolean {
  const { region, incarnation } = change.voter;
  const mark = answers[region] === undefined ? undefined : (answers[region]?.incarnation ?? null);
  if (change.kind === 'add') return wanted.includes(region) && mark === incarnation;
  return !wanted.includes(region) || (mark !== undefined && mark !== incarnation);
}

/** Whether the tables that answered are a majority of the list as it would be. */
function hasMajorityAfter(register: Register, change: VoterChange, answers: StatesByRegion): boolean {
  const voters = applied(register.voters, change);
  if (voters.length === 0) return false;
  const present = voters.filter(({ region, incarnation }) => {
    const state = answers[region];
    const isJoining = change.kind === 'add' && change.voter.region === region;
    return state !== undefined && (isJoining || state?.incarnation === incarnation);
  });
  return present.length >= majorityAmong(voters.length);
}

/** The list after a change, sorted by region. */
export function applied(voters: readonly Voter[], change: VoterChange): readonly Voter[] {
  const others = voters.filter(
    ({ region, incarnation }) => region !== change.voter.region || incarnation !== change.voter.incarnation,
  );
  const next = change.kind === 'add' ? [...others, change.voter] : others;
  return [...next].sort((a, b) => (a.region < b.region ? -1 : 1));
}

/** Whether the register lists these regions and no others, and nothing of the list is under way. */
export function isListAsWanted(register: Register, wanted: readonly string[]): boolean {
  return (
    register.voterChange === null &&
    register.voters.length === wanted.length &&
    register.voters.every(({ region }) => wanted.includes(region))
  );
}
