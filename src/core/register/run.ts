import { gateKinds, type KindName, kindNames, trafficKinds } from '../kinds/kind-name.ts';
import type { RunTimes } from './ledger.ts';

/** Steps of a run: one for each kind of thing that it changes, then `verify` and `notify`. */
export type StepName = KindName | 'verify' | 'notify';

/** Every step there is, as people name them. */
export const stepNames: readonly StepName[] = [...kindNames, 'verify', 'notify'];

/** Steps that move traffic. */
export const trafficSteps: readonly StepName[] = trafficKinds;

/**
 * How far a step has come. `turned-back`: it was begun, made things worse and was undone. `fallback`: it could not be
 * done, and its declared fallback was used. `skipped`: a person has skipped it. This run never tries a step again that
 * has left `pending`; drift repair takes over.
 */
export type StepState = 'pending' | 'done' | 'fallback' | 'failed' | 'turned-back' | 'skipped';

/** One part of a run: what it touches, who does it and how far it has come. */
export interface Step {
  readonly name: StepName;
  /** What it touches: a site, an allocation id, a record name. */
  readonly resource: string;
  /** Control region whose actuator does it; null when whoever holds the run does it. */
  readonly region: string | null;
  /** Steps that must have left `pending` before this one starts. */
  readonly after: readonly StepName[];
  readonly state: StepState;
  /** What was seen when it ended, for people. */
  readonly detail: string;
  /** When it ended, in epoch milliseconds by the clock of whoever held the run; for people. Absent until then. */
  readonly endedMs?: number;
}

/** What a run was decided by, for people who ask later. Names are those of that time. */
export interface Grounds {
  /** What a quorum held of each site. */
  readonly verdicts: Readonly<Record<string, string>>;
  /** What each watcher held of the site that was left and of the one that was chosen, by site and region. */
  readonly opinions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Why other sites could not be chosen, by site; those that could are absent. */
  readonly refused: Readonly<Record<string, readonly string[]>>;
}

/** One invocation of one control region's watcher. */
export interface RunHolder {
  readonly region: string;
  readonly invocation: string;
}

/**
 * Why a run was begun: a fault, an operator's command, the return to the preferred site, or the move of the group's
 * first member. In active-active: a site leaves the pool or comes back to it. Also: all sites are down, or one of them
 * is up again.
 */
export type RunKind =
  | 'failover'
  | 'switchover'
  | 'failback'
  | 'follow'
  | 'withdraw'
  | 'readmit'
  | 'last-resort'
  | 'recover';

/** The carrying out of one decision. It is journaled in the register together with the decision, before any effect. */
export interface Run {
  readonly kind: RunKind;
  /** Epoch that the decision began. */
  readonly epoch: number;
  /** Rises by one each time another watcher takes the run over; (epoch, attempt) is the fencing token. */
  readonly attempt: number;
  /** How often it was opened again after it had failed without moving anything. */
  readonly retries: number;
  /** Watcher that carries it out; null while there is none, for example just after an operator's command. */
  readonly holder: RunHolder | null;
  readonly from: string;
  readonly to: string;
  /** What `serving` shall be when it has ended. */
  readonly serving: readonly string[];
  /** Why: a reason code of the decision. */
  readonly reason: string;
  /** Control region or operator that decided. */
  readonly by: string;
  /** What it was decided by; absent where nothing was read of the sites. */
  readonly grounds?: Grounds;
  readonly isDataLossAllowed: boolean;
  /**
   * Whether a person has made sure that the old site is off. Then the end of its lease is enough, even where the
   * service demands proof.
   */
  readonly isProofWaived: boolean;
  /** Whether a site that cannot be brought to its full size may serve at its present size, once its probes pass. */
  readonly isShortAllowed: boolean;
  /**
   * Demand of all clients when the run was decided, in the unit of capacity; null when it was not known. Every holder
   * of the run computes the shift from it, because load reports are late and do not show traffic that was shifted a
   * moment ago.
   */
  readonly demand: number | null;
  /**
   * Sites of a pool that get more traffic than before, by this run or by one before it whose clients were not there
   * yet; absent where there are none.
   */
  readonly joining?: readonly string[];
  /**
   * The register's ramp when the run was decided; a shift that is turned back returns to it, in a pool as far as the
   * other sites can carry that.
   */
  readonly rampBefore: Readonly<Record<string, number>>;
  readonly steps: readonly Step[];
  /** `failed`: every step has ended, and one without a fallback could not be done. */
  readonly state: 'running' | 'done' | 'failed';
  readonly times: RunTimes;
}

/** What the steps of a run are planned from. */
export type RunOutline = Pick<Run, 'kind' | 'from' | 'to' | 'serving'> & {
  /** Sites whose fence the run owes. */
  readonly fences: readonly string[];
};

/** Kinds of run after which another site than before writes the data and holds the address. */
const movingKinds: readonly RunKind[] = ['failover', 'switchover', 'failback', 'follow'];

/** Whether another site than before writes the data and holds the address after a run. */
export function movesActive({ kind, from, to }: Pick<Run, 'kind' | 'from' | 'to'>): boolean {
  return movingKinds.includes(kind) || (kind === 'recover' && from !== to);
}

/** What an actuator compares before it writes: order is by epoch, then by attempt. */
export interface FencingToken {
  readonly epoch: number;
  readonly attempt: number;
}

/** The token of a service's newest run; before the first run, of its genesis. */
export function tokenOf(epoch: number, run: Run | null): FencingToken {
  return { epoch, attempt: run?.epoch === epoch ? run.attempt : 0 };
}

/** Whether `token` is older than `claimed`; equal tokens belong to the same run and may repeat an idempotent step. */
export function isOlder(token: FencingToken, claimed: FencingToken): boolean {
  return token.epoch < claimed.epoch || (token.epoch === claimed.epoch && token.attempt < claimed.attempt);
}

/** Whether two tokens belong to the same attempt of one run. */
export function isSameToken(one: FencingToken, other: FencingToken): boolean {
  return one.epoch === other.epoch && one.attempt === other.attempt;
}

/** Steps whose predecessors have all ended and that have not. */
export function readySteps(run: Run): readonly Step[] {
  const isEnded = (name: StepName) => run.steps.every((step) => step.name !== name || step.state !== 'pending');
  return run.steps.filter((step) => step.state === 'pending' && step.after.every(isEnded));
}

/**
 * Whether a person has opened a run that nothing forces and that would cut a site off, and no watcher has looked yet
 * whether it could end. Until then nobody closes a fence for it.
 */
export function isUnrehearsed({ kind, reason, holder, attempt, steps }: Run): boolean {
  const isByHand = reason === 'operator' && (kind === 'switchover' || kind === 'failback');
  const isFencing = steps.some(({ name, state }) => name === 'fence' && state === 'pending');
  return isByHand && isFencing && holder === null && attempt === 1;
}

/** What an open run waits for, in words. */
export function waitingIn({ steps }: Pick<Run, 'steps'>): string {
  const pending = steps.filter(({ state }) => state === 'pending');
  return pending.map(({ name }) => name).join(', ') || 'nothing';
}

const gates: readonly StepName[] = gateKinds;

/**
 * Records how a step ended and, with the last step, how the run ended. When the data could not be promoted, the site
 * could not be started, or a shift was turned back, the steps that would send clients to the site fail too. `notify`
 * still runs.
 *
 * @throws never; a step that the run does not have, or that has ended before, changes nothing
 */
export function endStep(run: Run, name: StepName, state: Exclude<StepState, 'pending'>, detail: string): Run {
  const isShut = state === 'turned-back' || (state === 'failed' && gates.includes(name));
  const why = state === 'turned-back' ? 'was turned back' : 'failed';
  const steps = run.steps.map((step) => {
    if (step.state !== 'pending') return step;
    if (step.name === name) return { ...step, state, detail };
    const isKept = step.name === 'notify' || (gates.includes(step.name) && !step.after.includes(name));
    return isShut && !isKept ? { ...step, state: 'failed' as const, detail: `not done: ${name} ${why}` } : step;
  });
  const isOver = steps.every((step) => step.state !== 'pending');
  const hasFailed = steps.some(({ state }) => state === 'failed' || state === 'turned-back');
  return { ...run, steps, state: isOver ? (hasFailed ? 'failed' : 'done') : 'running' };
}

/** The run with the time at which steps ended that were pending before. */
export function withEnds(before: Run | null, run: Run, wallMs: number): Run {
  const wasEnded = (name: StepName) => before?.steps.some((step) => step.name === name && step.state !== 'pending');
  const steps = run.steps.map((step) =>
    step.state === 'pending' || wasEnded(step.name) ? step : { ...step, endedMs: wallMs },
  );
  return { ...run, steps };
}

/** Whether a gate step (fence, promote, start) failed, so that no client was sent to the new site. */
export function hasFailedGate(run: Run): boolean {
  return run.steps.some(({ name, state }) => gates.includes(name) && state === 'failed');
}

/** Whether no traffic has moved, because a gate step (fence, promote, start) failed or the shift was turned back. */
export function isShut(run: Run): boolean {
  return hasFailedGate(run) || run.steps.some(({ state }) => state === 'turned-back');
}

/**
 * Whether traffic is not yet shared as the register says: the write of the shares failed, and nobody has put it right
 * since.
 */
export function isShiftMissing(run: Run): boolean {
  return (
    !isShut(run) && run.steps.some(({ name, state }) => (name === 'targets' || name === 'dns') && state === 'failed')
  );
}

/** Gate steps in order: when several failed, the first of them explains the others. */
const obstacleOrder: readonly StepName[] = ['fence', 'promote', 'start'];

/** The step that kept a run from moving anything; null when none did. */
export function obstacleOf({ steps }: Pick<Run, 'steps'>): Step | null {
  const turnedBack = steps.find(({ state }) => state === 'turned-back');
  const gate = obstacleOrder.find((name) => steps.some((step) => step.name === name && step.state === 'failed'));
  return turnedBack ?? steps.find(({ name }) => name === gate) ?? null;
}

/**
 * Steps of an ended run whose effects are missing: steps that failed, and the start of a site that serves at less than
 * its full size. Steps that were turned back, or never begun for that reason, are left out, because everything is as it
 * was before.
 */
export function unfinishedSteps(run: Run | null): readonly Step[] {
  if (run === null || run.state === 'running' || run.steps.some(({ state }) => state === 'turned-back')) return [];
  return run.steps.filter(
    ({ name, state }) =>
      state === 'failed' ||
      (name === 'start' && state === 'fallback') ||
      (state === 'skipped' && repairable.includes(name)),
  );
}

/** What drift repair goes on with when a run has ended. */
const repairable: readonly StepName[] = ['start', ...trafficSteps, 'work', 'publish'];

/** The run once some of what it had left undone was found done. */
export function finishedLater(run: Run, names: readonly StepName[], detail: string): Run {
  const undone = unfinishedSteps(run);
  const steps = run.steps.map((step) =>
    undone.includes(step) && names.includes(step.name) ? { ...step, state: 'done' as const, detail } : step,
  );
  return { ...run, steps, state: steps.some(({ state }) => state === 'failed') ? 'failed' : 'done' };
}

/**
 * The run opened again from the steps that failed. The fence is checked again; every other step that was done stays
 * done.
 */
export function reopened(run: Run): Run {
  const steps = run.steps.map((step) =>
    step.state === 'failed' || step.name === 'notify' || step.name === 'fence'
      ? { ...step, state: 'pending' as const, detail: '' }
      : step,
  );
  return { ...run, steps, state: 'running', holder: null, attempt: run.attempt + 1, retries: run.retries + 1 };
}

/**
 * The run opened again by a person, from steps whose effects are missing. Where no step failed, the clients have moved
 * behind a fence that stays: only what is missing is asked for again, and nobody is told twice. A site that serves
 * already is not held to its full size.
 *
 * @param names - steps that a person has skipped, or that were done in part, and that are tried again
 */
export function reopenedByHand(run: Run, names: readonly StepName[]): Run {
  const hasFailed = run.steps.some(({ state }) => state === 'failed');
  const again = hasFailed ? reopened(run) : { ...run, holder: null, attempt: run.attempt + 1 };
  const steps = again.steps.map((step) =>
    names.includes(step.name) ? { ...step, state: 'pending' as const, detail: '' } : step,
  );
  return { ...again, steps, state: 'running', isShortAllowed: run.isShortAllowed || !isShut(run) };
}

/**
 * The run opened again as a failover: the site that it leaves does not answer any more, so nothing can be switched over
 * with it, and what it has written alone is lost. How much that may be is checked again.
 */
export function reopenedAsFailover(run: Run): Run {
  return { ...reopened(run), kind: 'failover' };
}

/** Whether the end of a lease stood in for the proof of a fence, because the region of the old site was silent. */
export function isFencedByLease({ steps }: Pick<Run, 'steps'>): boolean {
  return steps.some(({ name, state }) => name === 'fence' && state === 'fallback');
}

/** Whether a run takes back a move whose promotion came through after all, and could not promote the old site again. */
export function isStuckBetweenWriters(run: Run): boolean {
  return run.kind === 'recover' && movesActive(run) && obstacleOf(run)?.name === 'promote';
}
