import { gateKinds, type KindName, kindNames, trafficKinds } from '../kinds/kind-name.ts';
import type { RunTimes } from './ledger.ts';

/** Parts of a run: one for each kind of thing that it changes, a look at the result, and a message. */
export type StepName = KindName | 'verify' | 'notify';

/** Every step there is, as people name them. */
export const stepNames: readonly StepName[] = [...kindNames, 'verify', 'notify'];

/** Steps that move traffic. */
export const trafficSteps: readonly StepName[] = trafficKinds;

/**
 * How far a step has come. `turned-back`: it was begun, made things worse and was undone. `fallback`: it could not be
 * done and its declared fallback stands in for it. `skipped`: a person has set it aside. A step that has left `pending`
 * is never tried again by this run; drift repair takes over.
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
}

/** One invocation of one control region's watcher. */
export interface RunHolder {
  readonly region: string;
  readonly invocation: string;
}

/**
 * Why a run was begun: a fault, an operator's wish, the return to the preferred site, or the group's first member
 * having gone ahead; in active-active, a site that leaves the pool or comes back to it; all sites down, or one of them
 * back.
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
  /** Watcher that carries it out; null while nobody does, as after an operator's command. */
  readonly holder: RunHolder | null;
  readonly from: string;
  readonly to: string;
  /** What `serving` shall be when it has ended. */
  readonly serving: readonly string[];
  /** Why: a reason code of the decision. */
  readonly reason: string;
  /** Control region or operator that decided. */
  readonly by: string;
  readonly isDataLossAllowed: boolean;
  /** A person has made sure that the old site is off: time may stand in for proof where the service demands proof. */
  readonly isProofWaived: boolean;
  /** A site that cannot be brought to its full size serves with what there is, once its probes pass. */
  readonly isShortAllowed: boolean;
  /**
   * What all clients asked for when the run was decided, in the unit of capacity; null when nobody said. A shift is
   * reckoned from it, whoever carries it on: reports are late, and what was shifted a moment ago is not in them yet.
   */
  readonly demand: number | null;
  /** The register's ramp when the run was decided; what is turned back goes back to it. */
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

/** Steps whose predecessors have all ended and that have not. */
export function readySteps(run: Run): readonly Step[] {
  const isEnded = (name: StepName) => run.steps.every((step) => step.name !== name || step.state !== 'pending');
  return run.steps.filter((step) => step.state === 'pending' && step.after.every(isEnded));
}

const gates: readonly StepName[] = gateKinds;

/**
 * Notes how a step ended and, with the last one, how the run ended. When data could not be promoted, the site not
 * started, or a shift was turned back, what would send clients there fails with it; people are still told.
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

/** Whether the old site could not be fenced, data not promoted or the site not started, and nobody was sent there. */
export function hasFailedGate(run: Run): boolean {
  return run.steps.some(({ name, state }) => gates.includes(name) && state === 'failed');
}

/**
 * Whether nothing has moved: the old site could not be fenced, data not promoted, the site not started, or the shift
 * was turned back.
 */
export function isShut(run: Run): boolean {
  return hasFailedGate(run) || run.steps.some(({ state }) => state === 'turned-back');
}

/** Gates in the order in which one that fails explains the others. */
const obstacleOrder: readonly StepName[] = ['fence', 'promote', 'start'];

/** The step that kept a run from moving anything; null when none did. */
export function obstacleOf({ steps }: Pick<Run, 'steps'>): Step | null {
  const turnedBack = steps.find(({ state }) => state === 'turned-back');
  const gate = obstacleOrder.find((name) => steps.some((step) => step.name === name && step.state === 'failed'));
  return turnedBack ?? steps.find(({ name }) => name === gate) ?? null;
}

/**
 * Steps of a run that has ended whose effects are not there: what failed, and a site that serves with less than its
 * full size. What was turned back is as it was before, and what was never begun for that reason is none of them.
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
const repairable: readonly StepName[] = ['start', ...trafficSteps, 'publish'];

/** The run once some of what it had left undone was found done. */
export function finishedLater(run: Run, names: readonly StepName[], detail: string): Run {
  const undone = unfinishedSteps(run);
  const steps = run.steps.map((step) =>
    undone.includes(step) && names.includes(step.name) ? { ...step, state: 'done' as const, detail } : step,
  );
  return { ...run, steps, state: steps.some(({ state }) => state === 'failed') ? 'failed' : 'done' };
}

/** The run again from what failed: the fence is looked at again, and what else was done stays done. */
export function reopened(run: Run): Run {
  const steps = run.steps.map((step) =>
    step.state === 'failed' || step.name === 'notify' || step.name === 'fence'
      ? { ...step, state: 'pending' as const, detail: '' }
      : step,
  );
  return { ...run, steps, state: 'running', holder: null, attempt: run.attempt + 1, retries: run.retries + 1 };
}
