import type { CalendarView } from '../calendar/calendar.ts';
import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import type { NamedService } from '../model/service.ts';
import type { Register } from '../register/register.ts';
import type { RunKind } from '../register/run.ts';
import type { Dispute } from '../tables/dispute.ts';
import type { Stopwatches } from '../tables/stopwatch.ts';

/** Reason codes of decisions. The words are stable, because status, alarms and scripts use them. */
export type Reason =
  | 'healthy'
  | 'run-in-progress'
  | 'paused'
  | 'blocked'
  | 'daily-limit'
  | 'manual-only'
  // A window in which this sort of move does not happen by itself is open.
  | 'frozen'
  | 'no-majority'
  | 'quorum-unreachable'
  | 'no-quorum'
  | 'suspected'
  | 'degraded'
  | 'no-eligible-site'
  | 'active-down'
  // The active site is down, and the failover waits for a person.
  | 'approval-waits'
  // Nobody had approved it in its time: it is held, or was dropped.
  | 'approval-lapsed'
  | 'failback-due'
  | 'failback-waits'
  // A switchover that a person has planned: its time has come; or it has, and something stands in its way.
  | 'planned'
  | 'planned-waits'
  | 'operator'
  | 'boot-grace'
  | 'shared-dependency'
  | 'all-down'
  | 'site-back'
  // A move that failed, or made things worse, is taken back: from a site that was well, or from a failover.
  | 'turned-back'
  | 'failover-undone'
  // Every attempt to make the new site serve has failed before clients were sent there.
  | 'attempts-used-up'
  // The site that is to be left could not be cut off a moment ago.
  | 'fence-waits'
  // The active site is well, but the newest run has left a step undone.
  | 'run-unfinished'
  // The active site is well, but another one writes the data: somebody has moved it outside of this tool.
  | 'writer-elsewhere'
  // The active site's own region closed the site's fence while it was out of contact. The fence is being opened.
  | 'self-fenced'
  // Reasons in a group: the first member has moved, because of a fault or as planned; or a member waits for another.
  | 'group-failover'
  | 'group-planned'
  | 'group-waits'
  // A member cannot follow, so the members of the group are at two sites.
  | 'group-apart'
  // Reasons in a pool.
  | 'site-down'
  | 'fail-open'
  | 'over-capacity'
  | 'warming-up'
  // Reasons during a change of the configuration.
  | 'configurations-differ'
  | 'mode-changed'
  | 'unknown-site';

/**
 * Reasons that would say that all is well. None of them is reported while the newest run has left something undone,
 * or the data is written elsewhere.
 */
export const calmReasons: readonly Reason[] = [
  'healthy',
  'degraded',
  'no-quorum',
  'warming-up',
  'failback-waits',
  'planned-waits',
];

/**
 * What to do about a service now.
 *
 * `hold`: enough is known, and traffic stays. `abstain`: not enough is known, so traffic stays.
 */
export type Decision =
  | { readonly kind: 'hold' | 'abstain'; readonly reason: Reason; readonly detail: string }
  | MoveDecision;

/** A decision to begin a run. `withdraw` and `readmit` are moves whose `run` has that kind. */
export interface MoveDecision {
  readonly kind: 'move';
  readonly run: RunKind;
  /** Site that traffic leaves; in a pool, the site that leaves the pool. */
  readonly from: string;
  /** Site that gains traffic. */
  readonly to: string;
  /** The register's `serving` after the run. */
  readonly serving: readonly string[];
  readonly reason: Reason;
  readonly detail: string;
  /** A person allowed a loss of data for the earlier move that this member follows. */
  readonly isDataLossAllowed?: boolean;
  /** The site may serve at less than its full size; absent: no. */
  readonly isShortAllowed?: boolean;
}

/** Everything that a decision is made from. */
export interface DecisionInput {
  readonly service: NamedService;
  readonly register: Register;
  readonly knowledge: SiteKnowledge;
  /** Whether some watcher calls the active site suspect or down while no quorum does. */
  readonly isActiveSuspected: boolean;
  readonly watcherCount: number;
  /** Number of watchers with a fresh opinion item, this one included. */
  readonly freshWatcherCount: number;
  /** Waiting times as this watcher has counted them itself. */
  readonly stopwatches: Stopwatches;
  /** Which windows are open by the time that a majority's clocks agree on; absent: none is known. */
  readonly calendar?: CalendarView;
  /** The time that a majority's clocks agree on, in epoch milliseconds, for planned switchovers; absent: not known. */
  readonly wallMs?: number;
  /** The group that the service belongs to; null when it fails over alone. */
  readonly group: GroupView | null;
  /** The parts of the service for which living watchers have another configuration. */
  readonly disputes: readonly Dispute[];
}

/** What is known of the other members of a service's group. */
export interface GroupView {
  readonly name: string;
  /** The member whose decision the others follow: the first in the order of the group. */
  readonly leader: string;
  /**
   * Members that must have arrived before this one follows. The leader is among them, unless this member is the leader.
   */
  readonly needs: readonly string[];
  /** The other members. `register` is null when it cannot be read. */
  readonly others: Readonly<
    Record<
      string,
      { readonly service: NamedService; readonly register: Register | null; readonly knowledge: SiteKnowledge }
    >
  >;
}

/** A decision to leave traffic where it is, made with enough knowledge. */
export function hold(reason: Reason, detail: string): Decision {
  return { kind: 'hold', reason, detail };
}

/** A decision to leave traffic where it is, because too little is known. */
export function abstain(reason: Reason, detail: string): Decision {
  return { kind: 'abstain', reason, detail };
}
