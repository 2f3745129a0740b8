import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import type { NamedService } from '../model/service.ts';
import type { Register } from '../register/register.ts';
import type { RunKind } from '../register/run.ts';
import type { Dispute } from '../tables/dispute.ts';
import type { Stopwatches } from '../tables/stopwatch.ts';

/** Why a decision is what it is; stable words for status, alarms and scripts. */
export type Reason =
  | 'healthy'
  | 'run-in-progress'
  | 'paused'
  | 'blocked'
  | 'daily-limit'
  | 'manual-only'
  | 'no-majority'
  | 'quorum-unreachable'
  | 'no-quorum'
  | 'suspected'
  | 'degraded'
  | 'no-eligible-site'
  | 'active-down'
  | 'failback-due'
  | 'failback-waits'
  | 'operator'
  | 'boot-grace'
  | 'shared-dependency'
  | 'all-down'
  | 'site-back'
  | 'turned-back'
  // The site that was moved to has failed for good before clients were sent there.
  | 'attempts-used-up'
  // The site that is to be left could not be cut off a moment ago.
  | 'fence-waits'
  // All is well, but for what the newest run has left undone.
  | 'run-unfinished'
  // The active site's fence was closed by its own region, out of contact, and is being opened.
  | 'self-fenced'
  // Of a group: the first member has gone ahead, because of a fault or as planned; or somebody is still waited for.
  | 'group-failover'
  | 'group-planned'
  | 'group-waits'
  // A member cannot follow: the group is in two places.
  | 'group-apart'
  // Of a pool.
  | 'site-down'
  | 'fail-open'
  | 'over-capacity'
  | 'warming-up'
  // Of a change of the configuration.
  | 'configurations-differ'
  | 'unknown-site';

/**
 * What shall be done about a service.
 *
 * `hold`: enough is known, and traffic stays. `abstain`: not enough is known, so traffic stays.
 */
export type Decision =
  | { readonly kind: 'hold' | 'abstain'; readonly reason: Reason; readonly detail: string }
  | MoveDecision;

/** A decision to begin a run; `withdraw` and `readmit` of the design are moves of these kinds. */
export interface MoveDecision {
  readonly kind: 'move';
  readonly run: RunKind;
  /** Site that is left, or that leaves the pool. */
  readonly from: string;
  /** Site that gains. */
  readonly to: string;
  /** What `serving` becomes. */
  readonly serving: readonly string[];
  readonly reason: Reason;
  readonly detail: string;
  /** A person allowed a loss of data for the move that this one follows. */
  readonly isDataLossAllowed?: boolean;
  /** The site may serve with what there is of it; absent: no. */
  readonly isShortAllowed?: boolean;
}

/** Everything that a decision is made from. */
export interface DecisionInput {
  readonly service: NamedService;
  readonly register: Register;
  readonly knowledge: SiteKnowledge;
  /** Whether a watcher calls the active site suspect or down, though no quorum does. */
  readonly isActiveSuspected: boolean;
  readonly watcherCount: number;
  /** Watchers that have spoken lately, this one included. */
  readonly freshWatcherCount: number;
  /** Waiting times as this watcher has counted them itself. */
  readonly stopwatches: Stopwatches;
  /** The group that the service belongs to; null when it fails over alone. */
  readonly group: GroupView | null;
  /** What living watchers were configured differently for. */
  readonly disputes: readonly Dispute[];
}

/** What is known of the other members of a service's group. */
export interface GroupView {
  readonly name: string;
  /** The member that decides for all: the first in the order of the group. */
  readonly leader: string;
  /** Members that must have arrived before this one follows; the leader is one of them unless it is this one. */
  readonly needs: readonly string[];
  /** The other members; a register that cannot be read is null. */
  readonly others: Readonly<
    Record<
      string,
      { readonly service: NamedService; readonly register: Register | null; readonly knowledge: SiteKnowledge }
    >
  >;
}

/** A decision to leave traffic where it is, knowing enough. */
export function hold(reason: Reason, detail: string): Decision {
  return { kind: 'hold', reason, detail };
}

/** A decision to leave traffic where it is, for want of knowledge. */
export function abstain(reason: Reason, detail: string): Decision {
  return { kind: 'abstain', reason, detail };
}
