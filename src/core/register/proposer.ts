import type { Answer } from '../fault.ts';
import { call, inParallel, pause, type Routine, random, unfinished } from '../routine.ts';
import type { AcceptorReply } from './acceptor.ts';
import { type Ballot, ballotAbove, noBallot } from './ballot.ts';
import { type ListStep, nextList } from './list.ts';
import { isVoter, newestAccepted, votersAmong, votesNeeded } from './quorum.ts';
import type { Register } from './register.ts';

/** Who changes which register, and where its tables are. */
export interface Proposer {
  readonly service: string;
  /** All control regions, in the deployment's order; a region's index is its slot in `voters`. */
  readonly regions: readonly string[];
  /** Unique to this change: control-region index, invocation mark and a count. */
  readonly mark: string;
  /** Highest ballot known to have been promised; a first ballot below it would only be refused. */
  readonly floor: Ballot;
}

/**
 * What to make of the register; pure, and called again in each round.
 *
 * It may be given a value that others built on its own earlier result, and must recognise that: a blind increment would be
 * made twice.
 *
 * @param current - newest value, null when there is none yet
 * @returns the next value, or null to leave it as it is; the list of voters is kept by the protocol
 */
export type ChangeFunction = (current: Register | null) => Register | null;

/** What became of a change. */
export type ChangeOutcome =
  /** A majority accepted what the function made. */
  | { readonly outcome: 'changed'; readonly register: Register }
  /** The function wanted no change; `register` is the newest decided value. */
  | { readonly outcome: 'unchanged'; readonly register: Register | null }
  /** Too few tables that remember answered. The change may still surface later if some accepted it. */
  | { readonly outcome: 'no-majority'; readonly answered: number; readonly detail: string }
  /** Others kept overtaking. */
  | { readonly outcome: 'contended' };

/** Rounds before giving up on a contended register; eight contenders over three tables needed at most eleven. */
const roundsMax = 16;
/** Upper end of the first random pause between rounds; about one round trip between two far regions. */
const backoffMs = 40;
const backoffMsMax = 1_000;

/**
 * Changes a register, or reports that it cannot: CASPaxos (Rystsov, 2018), with tables that may have forgotten.
 *
 * Prepare at all tables; take the newest value that they show; apply `fn`; have the voters of the *new* value accept it.
 * The list of voters changes only in the steps of `nextList`, each in a ballot of its own, which docs/model/README.md
 * states and proves: founding and completing a register, and letting a table that forgot join and then vote.
 *
 * @param isThorough - wait for every table instead of the first majority, and go on until every table that answers votes
 *   and holds the newest value
 */
export function* changeRegister(proposer: Proposer, fn: ChangeFunction, isThorough = false): Routine<ChangeOutcome> {
  let seen: readonly Ballot[] = [proposer.floor];
  let hasApplied = false;
  let isContended = false;
  for (let round = 0; round < roundsMax; round += 1) {
    if (isContended) yield* pause((yield* random()) * Math.min(backoffMsMax, backoffMs * 2 ** round));
    const ballot = ballotAbove(seen, proposer.mark);
    isContended = true;

    const promises = yield* prepareEverywhere(proposer, ballot, isThorough);
    seen = [...seen, ...promises.ballots];
    const basis = basisOf(proposer, promises);
    if (basis === 'overtaken') continue;
    if ('detail' in basis) return { outcome: 'no-majority', ...basis };

    // What this very change had accepted somewhere, before it was overtaken, is its result; asking again would refuse it.
    const isOwn: boolean = hasApplied && basis.ballot.endsWith(`.${proposer.mark}`);
    const next: Register | null = isOwn || basis.step === 'resume' ? basis.current : fn(basis.current);
    const kept = next ?? basis.current;
    if (kept === null) return { outcome: 'unchanged', register: null };
    const isDone = isOwn || next === null;
    const isInPlace = isThorough ? basis.isEverywhere : basis.isDecided;
    if (isDone && isInPlace && basis.step === 'same')
      return { outcome: isOwn ? 'changed' : 'unchanged', register: kept };

    const value = { ...kept, ...basis.list };
    hasApplied ||= basis.step !== 'resume' && next !== null;
    const accepted = yield* acceptEverywhere(proposer, ballot, value, isThorough);
    seen = [...seen, ...accepted.ballots];
    const isFinal = !value.isForming && (!isThorough || value.joining === null);
    if (accepted.isDecided && isFinal) return { outcome: next === null ? 'unchanged' : 'changed', register: value };
    // A step of the list that was decided goes straight on to the next one.
    isContended = !accepted.isDecided;
    if (!accepted.isDecided && !accepted.isOvertaken) {
      return { outcome: 'no-majority', answered: accepted.answered, detail: accepted.detail };
    }
  }
  return { outcome: 'contended' };
}

interface Replies {
  /** By slot; null where the table did not answer. */
  readonly bySlot: readonly (AcceptorReply<Register> | null)[];
  readonly ballots: readonly Ballot[];
  readonly faults: readonly string[];
}

function* prepareEverywhere(proposer: Proposer, ballot: Ballot, isThorough: boolean): Routine<Replies> {
  const { service, regions } = proposer;
  const results = yield* inParallel(
    regions.map((region) => call('prepare', { region, service, ballot })),
    (answers) => !isThorough && isPrepared(regions.length, readDeployment(regions, answers)),
  );
  return readDeployment(regions, results);
}

function readDeployment(
  regions: readonly string[],
  results: readonly (Answer<AcceptorReply<Register>> | typeof unfinished)[],
): Replies {
  const bySlot = results.map((result) => (result !== unfinished && result.ok ? result.value : null));
  return {
    bySlot,
    ballots: bySlot.flatMap((reply) => (reply === null ? [] : [reply.state.promised])),
    faults: results.flatMap((result, slot) =>
      result !== unfinished && !result.ok ? [`${regions[slot]}: ${result.fault.kind}`] : [],
    ),
  };
}

/** Whether a majority has answered and one has refused: only a higher ballot helps, and the silent need not be waited for. */
function isOvertaken(replies: Replies): boolean {
  const answered = replies.bySlot.filter((reply) => reply !== null);
  return answered.length > replies.bySlot.length / 2 && answered.some((reply) => !reply.isGranted);
}

/**
 * Whether the answers to prepare are enough to go on: a majority of the newest value's voters has promised (a genesis
 * waits for every table instead), or a majority has answered and one has refused, so that only a higher ballot helps.
 */
function isPrepared(slots: number, replies: Replies): boolean {
  if (isOvertaken(replies)) return true;
  const granted = grantedStates(replies);
  const newest = newestAccepted(granted);
  if (newest === null || newest.accepted.isForming) return false;
  return votersAmong(granted, newest).length >= votesNeeded(newest.accepted, slots);
}

function grantedStates(replies: Replies) {
  return replies.bySlot.map((reply) => (reply?.isGranted ? reply.state : null));
}

/** What the promises allow the next value to be. */
interface Basis {
  readonly current: Register | null;
  /** Under which the current value was accepted; `noBallot` without one. */
  readonly ballot: Ballot;
  /** How the list goes on; `resume` leaves the register itself as it is. */
  readonly step: ListStep['step'];
  readonly list: Pick<Register, 'voters' | 'isForming' | 'joining'>;
  /** Enough voters hold the current value for it to be known as decided. */
  readonly isDecided: boolean;
  /** Every table that answered votes and holds it. */
  readonly isEverywhere: boolean;
}

function basisOf(
  proposer: Proposer,
  replies: Replies,
): Basis | 'overtaken' | { readonly answered: number; readonly detail: string } {
  const granted = grantedStates(replies);
  const slots = proposer.regions.length;
  const newest = newestAccepted(granted);
  const incarnations = granted.map((state) => state?.incarnation ?? null);
  const next = nextList(newest, granted, incarnations);
  if (next !== null) {
    const { step, ...list } = next;
    const voters = newest === null ? [] : votersAmong(granted, newest);
    const holders = voters.filter((state) => state.acceptedBallot === newest?.acceptedBallot).length;
    const reached = incarnations.filter((mark) => mark !== null).length;
    return {
      current: newest?.accepted ?? null,
      ballot: newest?.acceptedBallot ?? noBallot,
      step,
      list,
      isDecided: newest !== null && holders >= votesNeeded(newest.accepted, slots),
      isEverywhere: holders === reached,
    };
  }
  if (replies.bySlot.some((reply) => reply !== null && !reply.isGranted)) return 'overtaken';
  return {
    answered: replies.bySlot.filter((reply) => reply !== null).length,
    detail: explain(replies, newest === null || newest.accepted.isForming),
  };
}

function explain(replies: Replies, isGenesis: boolean): string {
  const silent = replies.faults.length > 0 ? replies.faults.join(', ') : 'a table forgot';
  return isGenesis ? `the first value needs every table (${silent})` : silent;
}

interface Acceptance {
  readonly isDecided: boolean;
  readonly isOvertaken: boolean;
  readonly answered: number;
  readonly ballots: readonly Ballot[];
  readonly detail: string;
}

/** Has the tables accept a value; only its own voters count. A table that is joining is given it too. */
function* acceptEverywhere(
  proposer: Proposer,
  ballot: Ballot,
  value: Register,
  isThorough: boolean,
): Routine<Acceptance> {
  const { service, regions } = proposer;
  const isDecided = (replies: Replies) =>
    replies.bySlot.filter((reply, slot) => reply?.isGranted && isVoter(value, slot, reply.state.incarnation)).length >=
    votesNeeded(value, regions.length);

  const results = yield* inParallel(
    regions.map((region) => call('accept', { region, service, ballot, value })),
    (answers) =>
      !isThorough && (isDecided(readDeployment(regions, answers)) || isOvertaken(readDeployment(regions, answers))),
  );
  const replies = readDeployment(regions, results);
  return {
    isDecided: isDecided(replies),
    isOvertaken: replies.bySlot.some((reply) => reply !== null && !reply.isGranted),
    answered: replies.bySlot.filter((reply) => reply !== null).length,
    ballots: replies.ballots,
    detail: explain(replies, false),
  };
}
