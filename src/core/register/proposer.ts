import { type Answer, call, inParallel, pause, type Routine, random, unfinished } from '../routine.ts';
import type { AcceptorReply } from './acceptor.ts';
import { type Ballot, ballotAbove, noBallot } from './ballot.ts';
import { isVoter, newestAccepted, votersAmong } from './quorum.ts';
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
 * Prepare at all tables; take the newest value that a majority of its voters shows; apply `fn`; have a majority of the
 * same voters accept the result. A table whose incarnation the value does not list does not vote. The rules and their
 * proof are in docs/model/README.md.
 *
 * @param isThorough - wait for every table instead of the first majority, so that stragglers and recreated tables are seen
 */
export function* changeRegister(proposer: Proposer, fn: ChangeFunction, isThorough = false): Routine<ChangeOutcome> {
  let seen: readonly Ballot[] = [proposer.floor];
  for (let round = 0; round < roundsMax; round += 1) {
    if (round > 0) yield* pause((yield* random()) * Math.min(backoffMsMax, backoffMs * 2 ** round));
    const ballot = ballotAbove(seen, proposer.mark);

    const promises = yield* prepareEverywhere(proposer, ballot, isThorough);
    seen = [...seen, ...promises.ballots];
    const basis = basisOf(proposer, promises, isThorough);
    if (basis === 'overtaken') continue;
    if ('detail' in basis) return { outcome: 'no-majority', ...basis };

    // What this very change had accepted somewhere, before it was overtaken, is its result; asking again would refuse it.
    const isOwn = basis.ballot.endsWith(`.${proposer.mark}`);
    const next = isOwn ? basis.current : fn(basis.current);
    const kept = next ?? basis.current;
    if (kept === null) return { outcome: 'unchanged', register: null };
    if (basis.isSettled && (isOwn || next === null))
      return { outcome: isOwn ? 'changed' : 'unchanged', register: kept };
    const value = { ...kept, voters: basis.voters };

    const accepted = yield* acceptEverywhere(proposer, ballot, value, basis.current ?? value, isThorough);
    seen = [...seen, ...accepted.ballots];
    if (accepted.isDecided) return { outcome: next === null ? 'unchanged' : 'changed', register: value };
    if (!accepted.isOvertaken) return { outcome: 'no-majority', answered: accepted.answered, detail: accepted.detail };
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
    (answers) => !isThorough && isPrepared(regions.length, gather(regions, answers)),
  );
  return gather(regions, results);
}

function gather(
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
  return newest !== null && votersAmong(granted, newest).length > slots / 2;
}

function grantedStates(replies: Replies) {
  return replies.bySlot.map((reply) => (reply?.isGranted ? reply.state : null));
}

interface Basis {
  readonly current: Register | null;
  /** Under which the current value was accepted; `noBallot` without one. */
  readonly ballot: Ballot;
  /** The list for the next value: every table that promised is on it, and slots that did not keep their mark. */
  readonly voters: readonly string[];
  /** The current value is where it belongs, so that reading it is enough. */
  readonly isSettled: boolean;
}

function basisOf(
  proposer: Proposer,
  replies: Replies,
  isThorough: boolean,
): Basis | 'overtaken' | { readonly answered: number; readonly detail: string } {
  const granted = grantedStates(replies);
  const majority = proposer.regions.length / 2;
  const newest = newestAccepted(granted);
  if (newest !== null) {
    const voters = votersAmong(granted, newest);
    if (voters.length > majority) {
      const holders = voters.filter((state) => state.acceptedBallot === newest.acceptedBallot).length;
      const reached = granted.filter((state) => state !== null).length;
      return {
        current: newest.accepted,
        ballot: newest.acceptedBallot,
        voters: granted.map((state, slot) => state?.incarnation ?? newest.accepted.voters[slot] ?? ''),
        isSettled: isThorough ? holders === reached : holders > majority,
      };
    }
  } else if (granted.every((state) => state !== null)) {
    return { current: null, ballot: noBallot, voters: granted.map((state) => state.incarnation), isSettled: true };
  }
  if (replies.bySlot.some((reply) => reply !== null && !reply.isGranted)) return 'overtaken';
  return {
    answered: replies.bySlot.filter((reply) => reply !== null).length,
    detail: explain(replies, newest === null),
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

/**
 * Has the tables accept a value. Only the voters of the value it replaces count; a table that is new on the list is
 * given the value too, but its vote counts from the next change on.
 */
function* acceptEverywhere(
  proposer: Proposer,
  ballot: Ballot,
  value: Register,
  replaced: Register,
  isThorough: boolean,
): Routine<Acceptance> {
  const { service, regions } = proposer;
  const countAccepted = (replies: Replies) =>
    replies.bySlot.filter((reply, slot) => reply?.isGranted && isVoter(replaced, slot, reply.state.incarnation)).length;
  const isDecided = (replies: Replies) => countAccepted(replies) > regions.length / 2;

  const results = yield* inParallel(
    regions.map((region) => call('accept', { region, service, ballot, value })),
    (answers) => !isThorough && (isDecided(gather(regions, answers)) || isOvertaken(gather(regions, answers))),
  );
  const replies = gather(regions, results);
  return {
    isDecided: isDecided(replies),
    isOvertaken: replies.bySlot.some((reply) => reply !== null && !reply.isGranted),
    answered: replies.bySlot.filter((reply) => reply !== null).length,
    ballots: replies.ballots,
    detail: explain(replies, false),
  };
}
