import type { HeldGameDay } from './game-day.ts';
import type { OwedFence } from './owed-fence.ts';
import type { PlannedSwitchover } from './planned-switchover.ts';
import type { Run, StepName } from './run.ts';

/** A state table that votes: the one that stood in this region when the list named it. */
export interface Voter {
  readonly region: string;
  /** The table's incarnation: a table that was lost, or restored from a backup, has another one. */
  readonly incarnation: string;
}

/** One voter more or one fewer. */
export interface VoterChange {
  readonly kind: 'add' | 'remove';
  readonly voter: Voter;
}

/** The part of a register that says who votes. */
export type Membership = Pick<Register, 'voters' | 'voterChange' | 'stage'>;

/**
 * A service's record, held by a majority of the state tables.
 *
 * Everything that must be agreed about a service is in here and nowhere else.
 */
export interface Register {
  /** Whose tables vote, and so what a majority is; sorted by region, one a region. Changes by `membership.ts` alone. */
  readonly voters: readonly Voter[];
  /** A change of the list that is named but not in force yet; null when there is none. */
  readonly voterChange: VoterChange | null;
  /** Until it is `founded`, every voter is needed; `naming` comes before `holding`. */
  readonly stage: 'naming' | 'holding' | 'founded';
  /** Rises by one with each decided change of who is active; the fencing token. Genesis is 1. */
  readonly epoch: number;
  /** Site that the newest decision made active. Automatic moves start from this site. */
  readonly active: string;
  /**
   * Site that truly writes and serves. It becomes `active` only once the data says that the new site writes, or, when
   * nothing is promoted, once traffic has moved there. After a move that failed it is still the old site.
   */
  readonly writer: string;
  /**
   * Sites whose promotion earlier runs may have ordered, and of which nothing is known since: each may be the writer by
   * now. Empty once the data says who writes.
   */
  readonly promoting: readonly string[];
  /**
   * Sites that were left by moves that promoted nothing, because the service had no data with one writer then. Where it
   * has some by now, nobody has said which of them writes it. Absent: none, or a promotion has settled it since.
   */
  readonly leftUnpromoted?: readonly string[];
  /**
   * Sites that may write, and whose fence no move has closed, because whoever began it had no such site: a deployment
   * had dropped it. Their fences are owed from when a configuration has them again. Absent: none.
   */
  readonly leftUnfenced?: readonly string[];
  /** Fences that must be closed and stay so, by site; at most one a site. */
  readonly owed: readonly OwedFence[];
  /**
   * Sites whose fence is no longer owed and has not been read back as open yet. No client is sent there until then.
   */
  readonly opening: readonly string[];
  /** Sites that moves could not reach, left out for a while; at most one entry a site. */
  readonly setbacks: readonly Setback[];
  /**
   * Sites that clients may be sent to, by priority. Active-passive: follows `active` with the `dns` step of a run.
   * Active-active: the pool, of which `active` is the first. `last-resort` alone: the static endpoint.
   */
  readonly serving: readonly string[];
  /**
   * Sites that the DNS records in place lead to, as last seen, sorted; absent while nobody has seen them. Those of the
   * newest configuration come later than its watchers, or never if their deployment fails.
   */
  readonly ledTo?: readonly string[];
  /** Percent of its own share that a serving site gets while traffic is shifted in steps; absent means all of it. */
  readonly ramp: Readonly<Record<string, number>>;
  /** Null when automatic moves are allowed. */
  readonly pause: Pause | null;
  /** The switchover that a person has asked for beforehand; absent when there is none. */
  readonly planned?: PlannedSwitchover;
  /** The newest game day of the calendar; absent when there was none. */
  readonly gameDay?: HeldGameDay;
  /** The failover that waits for a person, or has been approved; absent when there is none. */
  readonly approval?: AwaitedApproval;
  /** Sites that an operator took out of use. */
  readonly maintenance: readonly string[];
  /** Sites that were active when a failover left them and that have not been seen well since. */
  readonly lost: readonly string[];
  /** Automatic moves that still count against the block period or the daily limit, newest last. */
  readonly moves: readonly AutomaticMove[];
  /** The run of the newest decision. It is kept after it has ended, for `history` and the ledger. */
  readonly run: Run | null;
  /** What changed this register last, newest first, at most `historyLengthMax`. */
  readonly history: readonly HistoryEntry[];
}

/** A person's word that nothing shall move by itself. */
export interface Pause {
  readonly by: string;
  readonly reason: string;
  /** When it ends by itself, in epoch milliseconds by the voters' middle clock; absent: a person ends it. */
  readonly untilMs?: number;
}

/** A failover that a person is asked to approve. */
export interface AwaitedApproval {
  /** Site that is to be left. */
  readonly from: string;
  /** When it was asked for, in epoch milliseconds by the voters' middle clock. */
  readonly askedMs: number;
  /** Until when, by the same clock; absent: for as long as it takes. */
  readonly untilMs?: number;
  /** What comes then, where the failover does not go by itself. */
  readonly atEnd?: 'hold' | 'drop';
  /** When that time was found over without an approval, and the failover held or dropped. */
  readonly lapsedMs?: number;
  /** Who has approved it; absent: nobody yet. */
  readonly approvedBy?: string;
}

/** A site that moves could not reach. */
export interface Setback {
  readonly site: string;
  /** Of the newest such move. */
  readonly epoch: number;
  /** How many there were since the site was last reached. */
  readonly count: number;
  /** The step that could not be done; `detail` says why. */
  readonly step: StepName;
  readonly detail: string;
  /**
   * Kind of the newest failure: a move, a move to a site at less than its full size, or a rehearsal of a failback,
   * which moves nothing. `fence`: a failover whose fence could not be closed; that says something of the site that was
   * to be left, and nothing of this one.
   */
  readonly kind: 'move' | 'short-move' | 'rehearsal' | 'fence';
}

/** An automatic move that limits are reckoned from. */
export interface AutomaticMove {
  /** Epoch that it began. */
  readonly epoch: number;
  readonly kind: 'failover' | 'failback' | 'readmit';
  readonly from: string;
  readonly to: string;
  /** Whether a person has acknowledged it, so that it no longer blocks. */
  readonly isAcknowledged: boolean;
}

/** One line of a register's history; times are for people to read and are never compared. */
export interface HistoryEntry {
  readonly epoch: number;
  readonly atMs: number;
  /** Control region or operator that made the change. */
  readonly by: string;
  readonly what: string;
}

/** Most lines of history a register carries; with it the item stays under DynamoDB's cheapest 4 KB. */
export const historyLengthMax = 12;

/** The register of a service that has never moved; the protocol fills in the voters. */
export function genesis(active: string, serving: readonly string[] = [active]): Register {
  return {
    voters: [],
    voterChange: null,
    stage: 'naming',
    epoch: 1,
    active,
    writer: active,
    promoting: [],
    owed: [],
    setbacks: [],
    serving,
    ramp: {},
    pause: null,
    maintenance: [],
    opening: [],
    lost: [],
    moves: [],
    run: null,
    history: [],
  };
}

/**
 * Epochs that may have been decided and lost before any table or watcher told of them. Watchers tell of a new epoch
 * with each tick, and each decision reads the one before; so these are the moves of the people who act while no
 * watcher runs.
 */
const untoldEpochsMax = 1_000;

/**
 * The first epoch after a register was lost. It is higher than any that was decided, whether somebody still knows of it
 * or not, so that no client, order or command of the lost register counts as newer, or as of the same decision.
 *
 * @param newestKnown - the newest epoch that a table or a watcher still knows; null when nobody knows any, and then the
 * seconds since 1970 are higher than all that was counted from 1
 */
export function epochAfterLoss(newestKnown: number | null, wallMs: number): number {
  return newestKnown === null ? Math.floor(wallMs / 1_000) : newestKnown + untoldEpochsMax;
}

/** Adds a line on top of the history and drops what is too old to keep. */
export function withHistory<R extends Pick<Register, 'history'>>(register: R, entry: HistoryEntry): R {
  return { ...register, history: [entry, ...register.history].slice(0, historyLengthMax) };
}

/** Sites whose health decides whether something must move: the active one, or all of a pool. */
export function watchedSites(mode: 'active-passive' | 'active-active', register: Register): readonly string[] {
  return mode === 'active-active' ? register.serving : [register.active];
}

/** Whether a run is under way. */
export function hasOpenRun(register: Register): register is Register & { readonly run: Run } {
  return register.run?.state === 'running';
}
