import { type Answer, isTransient } from '../fault.ts';
import { call, inParallel, pause, type Routine, readTime, unfinished } from '../routine.ts';
import type { AcceptorReply } from './acceptor.ts';
import { type Ballot, ballotAbove, noBallot } from './ballot.ts';
import { type MembershipStep, nextMembership } from './membership.ts';
import { isVoter, majorityAmong, newestAccepted, type StatesByRegion, votersAmong, votesNeeded } from './quorum.ts';
import type { Membership, Register } from './register.ts';
import { originOf, turnPauseMs } from './turn.ts';

/** Who changes which register, and which tables it can reach. */
export interface Proposer {
  readonly service: string;
  /**
   * Regions whose tables the caller knows to begin with. The register says which of them vote. A voter that it names
   * besides is asked, too, as soon as a table has shown the value.
   */
  readonly regions: readonly string[];
  /** Unique to this change, over all configurations: `makeMark`. */
  readonly mark: string;
  /**
   * Control region that makes the change. A region without a vote changes nothing. Absent: a person makes the change.
   */
  readonly voter?: string | undefined;
  /** Highest ballot known to have been promised; a first ballot below it would only be refused. */
  readonly floor: Ballot;
  /**
   * Own monotonic time after which the input of the change is too old, so that nothing more is proposed. Absent: the
   * change is valid at any time.
   */
  readonly deadlineMs?: number | undefined;
  /**
   * The same on this machine's wall clock, in epoch milliseconds: a machine that sleeps, as a laptop does, may stop its
   * monotonic clock meanwhile. A wall clock that is set forward can only make a change outdated.
   */
  readonly deadlineWallMs?: number | undefined;
}

/**
 * Makes the next value of the register. It is pure, and called again in each round.
 *
 * It may get a value that others have built on its own earlier result, and must recognise that. Otherwise an increment,
 * for example, would be made twice.
 *
 * @param current - newest value, null when there is none yet
 * @returns the next value, or null to leave it as it is; the list of voters is kept by the protocol
 */
export type ChangeFunction = (current: Register | null) => Register | null;

/** Options of a change. */
export interface ChangeOptions {
  /**
   * Waits for every table instead of the first majority, and goes on until every voter that answers holds the newest
   * value.
   */
  readonly isThorough?: boolean;
  /**
   * A person has ordered (`cdk-failover found`) that a register whose voters are lost for good be founded again, by the
   * regions that the caller knows.
   */
  readonly mayRefound?: boolean;
}

/** The outcome of a change. */
export type ChangeOutcome =
  /** A majority accepted what the function made. */
  | { readonly outcome: 'changed'; readonly register: Register }
  /** The function wanted no change; `register` is the newest decided value. */
  | { readonly outcome: 'unchanged'; readonly register: Register | null }
  /** Too few tables that remember answered. The change may still take effect later if a table accepted it. */
  | { readonly outcome: 'no-majority'; readonly answered: number; readonly detail: string }
  /**
   * The input of the change is too old by now. The change may still take effect later if a table accepted it in an
   * earlier round.
   */
  | { readonly outcome: 'outdated' }
  /** Other changes kept overtaking this one. */
  | { readonly outcome: 'contended' };

/**
 * Rounds before giving up on a contended register. Contenders that never pause take turns: of three none needed more
 * than 9, of five none more than 13, over 100 seeds at 80 and at 250 ms (`contention.test.ts`).
 */
export const roundsMax = 16;

/**
 * Rounds in which a first value may miss a table, for a fault that may pass. It needs every table, so that one slow
 * answer would spoil it; the first calls of a process are its slowest: connections are made and code is loaded
 * meanwhile. Source: ours; `npm run bench` saw 1.6 s on a busy machine, of a deadline of 1 s.
 */
export const genesisTriesMax = 3;

/**
 * Changes a register, or reports that it cannot: CASPaxos (Rystsov, 2018), with voters that are named in the value.
 *
 * Prepare at all known tables; take the newest value that they show; apply `fn`; have the voters of the *new* value
 * accept it. An ordinary change leaves the list of voters as it is; only a genesis goes through its stages here. The
 * list of a founded register changes by `changeVoters`.
 */
export function* changeRegister(
  proposer: Proposer,
  fn: ChangeFunction,
  { isThorough = false, mayRefound = false }: ChangeOptions = {},
): Routine<ChangeOutcome> {
  const rounds = new Rounds(proposer);
  /** Ballots of this change's own value. */
  const own = new Set<Ballot>();
  let tries = 1;
  for (let round = 0; round < roundsMax; round += 1) {
    const { ballot, promises } = yield* rounds.prepare(isThorough || mayRefound);
    const basis = basisOf(promises, mayRefound ? proposer.regions : null);
    if (basis === 'overtaken') continue;
    if ('detail' in basis) {
      if (!mayPass(promises) || tries++ >= genesisTriesMax) return { outcome: 'no-majority', ...basis };
      continue;
    }

    const refusal = whyNotAllowed(proposer, basis.step === 'same' ? basis.current : null);
    if (refusal !== null) return { outcome: 'no-majority', answered: 0, detail: refusal };

    // A process may have slept since it looked: between any two of its calls, and it does not know.
    if (yield* isPast(proposer)) return { outcome: 'outdated' };

    // A value of this change that a table accepted before it was overtaken is its result: `fn` would refuse it.
    const isOwn: boolean = own.has(basis.ballot);
    const wanted: Register | null = isOwn || basis.step === 'resume' ? basis.current : fn(basis.current);
    const isEarly = !basis.isDecided && basis.step !== 'refound' && beginsEpoch(basis.current, wanted);
    const next = isEarly ? basis.current : wanted;
    const kept = next ?? basis.current;
    if (kept === null) return { outcome: 'unchanged', register: null };
    const isDone = isOwn || next === null;
    const isInPlace = isThorough ? basis.isEverywhere : basis.isDecided;
    if (isDone && isInPlace && basis.step === 'same')
      return { outcome: isOwn ? 'changed' : 'unchanged', register: kept };

    const value = { ...kept, ...basis.membership };
    if (isOwn || (!isEarly && basis.step !== 'resume' && next !== null)) own.add(ballot);
    const accepted = yield* rounds.accept(ballot, value, isThorough || value.stage !== 'founded');
    if (isEarly && accepted.isDecided) continue;
    if (accepted.isDecided && value.stage === 'founded')
      return { outcome: next === null ? 'unchanged' : 'changed', register: value };
    if (!accepted.isDecided && !accepted.isOvertaken) {
      if (value.stage !== 'founded' && accepted.isPassing && tries++ < genesisTriesMax) continue;
      return { outcome: 'no-majority', answered: accepted.answered, detail: accepted.detail };
    }
  }
  return { outcome: 'contended' };
}

/**
 * Whether a change begins an epoch. It may do so on a decided value only, which it completes first: no epoch is passed
 * over. Only what is left of a lost register is not decided anew: it may be older than what is known to be lost.
 */
function beginsEpoch(current: Register | null, next: Register | null): boolean {
  return current !== null && next !== null && next.epoch > current.epoch;
}

/** Why a region has no vote on a register: it has left the list, or has not joined it. Null when it has a vote. */
export function whyNotAllowed({ voter }: Proposer, register: Register | null): string | null {
  const isKnown = voter === undefined || register === null || register.voters.some(({ region }) => region === voter);
  return isKnown ? null : `${voter} has no vote`;
}

function* isPast({ deadlineMs = Number.POSITIVE_INFINITY, deadlineWallMs }: Proposer): Routine<boolean> {
  const { monotonicMs, wallMs } = yield* readTime();
  return monotonicMs > deadlineMs || wallMs > (deadlineWallMs ?? Number.POSITIVE_INFINITY);
}

/** The rounds of one change: each takes a ballot above all that it has seen, after its turn has come. */
export class Rounds {
  readonly #proposer: Proposer;
  readonly #contenders = new Set<string>();
  #regions: readonly string[];
  #highest: Ballot;
  #overtaken = 0;
  /** Pause before the next round. */
  #pauseMs = 0;
  #prepareMs = 0;

  constructor(proposer: Proposer) {
    this.#proposer = proposer;
    this.#regions = proposer.regions;
    this.#highest = proposer.floor;
  }

  *prepare(isThorough: boolean): Routine<{ readonly ballot: Ballot; readonly promises: Replies }> {
    const { mark } = this.#proposer;
    if (this.#pauseMs > 0) yield* pause(this.#pauseMs);
    this.#pauseMs = 0;
    const ballot = ballotAbove([this.#highest], mark, 1 + this.#overtaken);
    this.#highest = ballot;
    const { monotonicMs: askedAtMs } = yield* readTime();
    const first = yield* this.#ask(ballot, this.#regions, noReplies, isThorough);
    const unasked = votersBeyond(first);
    const promises = unasked.length === 0 ? first : yield* this.#ask(ballot, unasked, first, isThorough);
    this.#regions = Object.keys(promises.byRegion);
    this.#prepareMs = (yield* readTime()).monotonicMs - askedAtMs;
    this.#note(promises);
    return { ballot, promises };
  }

  /** Asks the tables of some regions to promise, beside what others have answered. */
  *#ask(ballot: Ballot, regions: readonly string[], before: Replies, isThorough: boolean): Routine<Replies> {
    const { service } = this.#proposer;
    const results = yield* inParallel(
      regions.map((region) => call('prepare', { region, service, ballot })),
      (answers) => !isThorough && isPrepared(together(before, gather(regions, answers))),
    );
    return together(before, gather(regions, results));
  }

  /**
   * Asks the tables to accept a value. Only the value's own voters count. A table that does not vote yet gets it too.
   */
  *accept(ballot: Ballot, value: Register, isThorough: boolean): Routine<Acceptance> {
    const { service } = this.#proposer;
    const regions = this.#regions;
    const isDecided = (replies: Replies) => countVotes(value, replies) >= votesNeeded(value);
    const results = yield* inParallel(
      regions.map((region) => call('accept', { region, service, ballot, value })),
      (answers) => !isThorough && (isDecided(gather(regions, answers)) || isOvertaken(gather(regions, answers))),
    );
    const replies = gather(regions, results);
    const answered = Object.values(replies.byRegion).filter((reply) => reply !== undefined).length;
    const isOver = isDecided(replies);
    if (isOver) this.#pauseMs = 0;
    else this.#note(replies);
    const { isPassing } = replies;
    return {
      isDecided: isOver,
      isOvertaken: hasRefusal(replies),
      answered,
      isPassing,
      detail: explain(replies, false),
    };
  }

  /** Notes higher ballots in the answers: the change that made the highest one goes first. */
  #note(replies: Replies): void {
    const own = this.#proposer.mark.split('.')[0] ?? '';
    for (const reply of Object.values(replies.byRegion)) {
      if (reply === undefined || reply.isGranted) continue;
      this.#contenders.add(originOf(reply.state.promised));
      if (reply.state.promised > this.#highest) this.#highest = reply.state.promised;
    }
    if (!hasRefusal(replies)) return;
    this.#overtaken += 1;
    this.#pauseMs = turnPauseMs(this.#highest, own, this.#contenders, this.#prepareMs);
  }
}

/** What the tables answered, by region; `undefined` where one did not. */
export interface Replies {
  readonly byRegion: Readonly<Record<string, AcceptorReply<Register> | undefined>>;
  readonly faults: readonly string[];
  /** Something failed, and nothing but what may succeed the next time. */
  readonly isPassing: boolean;
}

/** What became of an accept. */
export interface Acceptance {
  readonly isDecided: boolean;
  readonly isOvertaken: boolean;
  readonly answered: number;
  /** Something failed, and nothing but what may succeed the next time. */
  readonly isPassing: boolean;
  readonly detail: string;
}

function gather(
  regions: readonly string[],
  results: readonly (Answer<AcceptorReply<Register>> | typeof unfinished)[],
): Replies {
  const entries = results.map((result, index) => {
    return [regions[index] ?? '', result !== unfinished && result.ok ? result.value : undefined] as const;
  });
  const failed = results.flatMap((result, index) =>
    result !== unfinished && !result.ok ? [{ region: regions[index], fault: result.fault }] : [],
  );
  return {
    byRegion: Object.fromEntries(entries),
    faults: failed.map(({ region, fault }) => `${region}: ${fault.kind}`),
    isPassing: failed.length > 0 && failed.every(({ fault }) => isTransient(fault)),
  };
}

const noReplies: Replies = { byRegion: {}, faults: [], isPassing: false };

/** All that was answered, the later ones beside the earlier ones. */
function together(before: Replies, after: Replies): Replies {
  const faults = [...before.faults, ...after.faults];
  const isPassing = [before, after].every((replies) => replies.isPassing || replies.faults.length === 0);
  return { byRegion: { ...before.byRegion, ...after.byRegion }, faults, isPassing: faults.length > 0 && isPassing };
}

/** Voters of the newest value that were not asked: the caller's configuration does not name their regions. */
function votersBeyond(replies: Replies): readonly string[] {
  const newest = newestAccepted(promisedStates(replies));
  const voters = newest?.accepted.voters.map(({ region }) => region) ?? [];
  return voters.filter((region) => !Object.hasOwn(replies.byRegion, region));
}

/** The states of the tables that promised; `undefined` for the others. */
export function promisedStates(replies: Replies): StatesByRegion {
  return Object.fromEntries(
    Object.entries(replies.byRegion).map(([region, reply]) => [region, reply?.isGranted ? reply.state : undefined]),
  );
}

/** Whether some table has promised a higher ballot to another. */
export function hasRefusal(replies: Replies): boolean {
  return Object.values(replies.byRegion).some((reply) => reply !== undefined && !reply.isGranted);
}

/**
 * Whether most tables have answered and one has refused. Then only a higher ballot helps, and waiting for the silent
 * tables is useless.
 */
function isOvertaken(replies: Replies): boolean {
  const all = Object.values(replies.byRegion);
  return hasRefusal(replies) && all.filter((reply) => reply !== undefined).length > all.length / 2;
}

/**
 * Whether the answers to prepare are enough to go on: a majority of the newest value's voters has promised (a genesis
 * waits for every table instead), or most have answered and one has refused, so that only a higher ballot helps.
 */
function isPrepared(replies: Replies): boolean {
  if (isOvertaken(replies)) return true;
  const promises = promisedStates(replies);
  const newest = newestAccepted(promises);
  if (newest === null || newest.accepted.stage !== 'founded') return false;
  return votersAmong(promises, newest.accepted).length >= votesNeeded(newest.accepted);
}

function countVotes(value: Register, replies: Replies): number {
  return Object.entries(replies.byRegion).filter(
    ([region, reply]) => reply?.isGranted && isVoter(value, region, reply.state.incarnation),
  ).length;
}

/** What the promises allow the next value to be. */
interface Basis {
  readonly current: Register | null;
  /** Under which the current value was accepted; `noBallot` without one. */
  readonly ballot: Ballot;
  /** The step of the list of voters; `resume` leaves the rest of the register as it is. */
  readonly step: MembershipStep['step'];
  readonly membership: Membership;
  /** Enough voters hold the current value for it to be known as decided. */
  readonly isDecided: boolean;
  /** Every voter that answered holds it. */
  readonly isEverywhere: boolean;
}

function basisOf(
  replies: Replies,
  founders: readonly string[] | null,
): Basis | 'overtaken' | { readonly answered: number; readonly detail: string } {
  const promises = promisedStates(replies);
  const newest = newestAccepted(promises);
  const next = nextMembership(newest, promises, founders);
  if (next !== null) {
    const voters = newest === null ? [] : votersAmong(promises, newest.accepted);
    const holders = voters.filter((state) => state.acceptedBallot === newest?.acceptedBallot).length;
    return {
      current: newest?.accepted ?? null,
      ballot: newest?.acceptedBallot ?? noBallot,
      ...next,
      isDecided: newest !== null && holders >= votesNeeded(newest.accepted),
      isEverywhere: holders === voters.length,
    };
  }
  if (hasRefusal(replies)) return 'overtaken';
  return {
    answered: Object.values(replies.byRegion).filter((reply) => reply !== undefined).length,
    detail: explain(replies, newest === null || newest.accepted.stage !== 'founded', newest?.accepted),
  };
}

/** Whether a first value that misses a table may have it the next time. What is founded needs a majority alone. */
function mayPass(replies: Replies): boolean {
  const newest = newestAccepted(promisedStates(replies));
  return replies.isPassing && newest?.accepted.stage !== 'founded';
}

/** Why too few promised: which tables were silent or forgot. */
export function explain(replies: Replies, isGenesis: boolean, register?: Register): string {
  const promises = promisedStates(replies);
  const forgot = (register?.voters ?? []).flatMap(({ region, incarnation }) => {
    const state = promises[region];
    return state && state.incarnation !== incarnation ? [`${region}: forgot`] : [];
  });
  const causes = [...replies.faults, ...forgot].join(', ') || 'too few tables answered';
  return isGenesis ? `the first value needs every table (${causes})` : causes;
}

/** Whether a majority of a register's voters is among these promises. */
export function hasMajority(register: Register, promises: StatesByRegion): boolean {
  return votersAmong(promises, register).length >= majorityAmong(register.voters.length);
}
