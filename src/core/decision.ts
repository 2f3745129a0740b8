import { type NamedService, preferredSite } from './deployment.ts';
import { chooseCandidate, explainCandidates, ineligibilities, type SiteKnowledge } from './eligibility.ts';
import { hasOpenRun, type Register } from './register/register.ts';
import type { RunKind } from './run.ts';
import { epochWatch, type Stopwatches, upWatch } from './stopwatch.ts';

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
  | 'operator';

/**
 * What shall be done about a service.
 *
 * `hold`: enough is known, and traffic stays. `abstain`: not enough is known, so traffic stays.
 */
export type Decision =
  | { readonly kind: 'hold' | 'abstain'; readonly reason: Reason; readonly detail: string }
  | {
      readonly kind: 'move';
      readonly run: RunKind;
      readonly to: string;
      readonly reason: Reason;
      readonly detail: string;
    };

/** Everything that a decision is made from. */
export interface Situation {
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
}

/** The window of `maxMovesPerDay`. */
export const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Decides about one service.
 *
 * Invariants: total; the same situation gives the same decision; a `move` is only ever to an eligible site, and an
 * automatic one only while nothing forbids it. Order: a run in progress, pause, automatic (design: deciding). Commands
 * of operators take the same gates in `command.ts`.
 */
export function decide(situation: Situation): Decision {
  const { service, register, knowledge } = situation;
  if (hasOpenRun(register)) return hold('run-in-progress', `${register.run.kind} to ${register.run.to} is under way`);
  if (service.detection.quorum > situation.watcherCount) {
    return hold('quorum-unreachable', `quorum is ${service.detection.quorum} of ${situation.watcherCount} watchers`);
  }

  if (situation.freshWatcherCount <= situation.watcherCount / 2) {
    return hold(
      'no-majority',
      `${situation.freshWatcherCount} of ${situation.watcherCount} watchers speak; a move needs more than half`,
    );
  }

  switch (knowledge.verdicts[register.active] ?? 'unclear') {
    case 'down':
      return decideFailover(situation);
    case 'up':
      return decideFailback(situation);
    case 'degraded':
      return situation.isActiveSuspected
        ? hold(
            'suspected',
            `${register.active} is failing for some watchers, not for a quorum of ${service.detection.quorum}`,
          )
        : hold('degraded', `${register.active} is half well: corroborating probes still see life`);
    case 'unclear':
      return situation.isActiveSuspected
        ? hold(
            'suspected',
            `${register.active} is failing for some watchers, not for a quorum of ${service.detection.quorum}`,
          )
        : abstain('no-quorum', 'too few watchers have a fresh opinion');
  }
}

function decideFailover(situation: Situation): Decision {
  const { service, register, knowledge } = situation;
  const forbidden = forbiddenBecause(situation);
  if (forbidden) return forbidden;
  const to = chooseCandidate(service, register, knowledge);
  if (to === null) return hold('no-eligible-site', explainCandidates(service, register, knowledge));
  return {
    kind: 'move',
    run: 'failover',
    to,
    reason: 'active-down',
    detail: `${register.active} is down for a quorum`,
  };
}

function decideFailback(situation: Situation): Decision {
  const { service, register, knowledge, stopwatches } = situation;
  if (register.pause !== null) return hold('paused', `paused by ${register.pause.by}`);
  const home = preferredSite(service);
  const isDue =
    service.failback.mode === 'automatic' &&
    home !== register.active &&
    (stopwatches[upWatch(service.name, home)] ?? 0) >= service.failback.healthyForMs &&
    ineligibilities(service, register, knowledge, home).length === 0;
  if (!isDue) return hold('healthy', `${register.active} is up`);
  return (
    forbiddenBecause(situation) ?? {
      kind: 'move',
      run: 'failback',
      to: home,
      reason: 'failback-due',
      detail: `${home} has been up for ${service.failback.healthyForMs / 1_000} s`,
    }
  );
}

/** What forbids an automatic move now; null when nothing does. */
function forbiddenBecause(situation: Situation): Decision | null {
  const { service, register } = situation;
  if (register.pause !== null) return hold('paused', `paused by ${register.pause.by}: ${register.pause.reason}`);
  if (!service.failover.automatic) return hold('manual-only', 'automatic failover is switched off');
  const leftMs = blockLeftMs(situation);
  if (leftMs > 0)
    return hold('blocked', `epoch ${register.block?.epoch} moved lately; ack, or wait ${Math.ceil(leftMs / 1_000)} s`);
  if (movesToday(situation) >= service.failover.maxMovesPerDay) {
    return hold('daily-limit', `${service.failover.maxMovesPerDay} automatic moves in a day are the limit`);
  }
  return null;
}

/** What is left of the block period, in milliseconds, as this watcher has counted; 0 when none runs. */
export function blockLeftMs(situation: Pick<Situation, 'service' | 'register' | 'stopwatches'>): number {
  const { service, register, stopwatches } = situation;
  if (register.block === null || register.block.isAcknowledged) return 0;
  const passedMs = stopwatches[epochWatch(service.name, register.block.epoch)] ?? 0;
  return Math.max(0, service.failover.blockMs - passedMs);
}

/** How many automatic moves count against the daily limit. */
export function movesToday(situation: Pick<Situation, 'service' | 'register' | 'stopwatches'>): number {
  return situation.register.automaticEpochs.filter((epoch) => isToday(situation, epoch)).length;
}

/** Whether this watcher has not yet counted an epoch to be a day old; one that it has never counted is young. */
export function isToday({ service, stopwatches }: Pick<Situation, 'service' | 'stopwatches'>, epoch: number): boolean {
  return (stopwatches[epochWatch(service.name, epoch)] ?? 0) < dayMs;
}

function hold(reason: Reason, detail: string): Decision {
  return { kind: 'hold', reason, detail };
}

function abstain(reason: Reason, detail: string): Decision {
  return { kind: 'abstain', reason, detail };
}
