import type { Reason } from '../../decision/decision-input.ts';
import type { RunTimes } from '../../register/ledger.ts';
import { type Grounds, obstacleOf, type Run, type Step } from '../../register/run.ts';

/** Why and how the newest run went as it did, in the order of what happened. */
export interface Explanation {
  readonly kept: 'journal';
  readonly epoch: number;
  readonly from: string;
  readonly to: string;
  readonly state: Run['state'];
  /** Why it was begun, in a sentence. */
  readonly why: string;
  readonly phases: readonly ExplainedPhase[];
  /** What the watchers held when it was decided; null when that is not known. */
  readonly grounds: Grounds | null;
  readonly steps: readonly ExplainedStep[];
  /** What was refused on the way, a sentence each. */
  readonly refused: readonly string[];
  /** What nobody can say any more, a sentence each. */
  readonly unknown: readonly string[];
  /** What is worth knowing besides, a sentence each. */
  readonly notes: readonly string[];
}

/** One step. */
export interface ExplainedStep extends Pick<Step, 'name' | 'resource' | 'state' | 'detail'> {
  /** From the end of the steps that it waited for, or from the decision; null while that is not known. */
  readonly tookMs: number | null;
}

/** One thing that happened. */
export interface ExplainedPhase {
  readonly atMs: number;
  /** Since the first one that is known. */
  readonly sinceStartMs: number;
  readonly message: string;
}

/** What began a run, for people. A reason that begins none is told by its code. */
const meanings: Partial<Record<Reason, (run: Run) => string>> = {
  'active-down': ({ from }) => `a quorum of watchers held ${from} down, and no majority saw it well`,
  planned: ({ by }) => `${by} had planned it for a time, and that time had come`,
  operator: ({ by }) => `${by} asked for it`,
  'failback-due': ({ to }) => `${to} is preferred, and had been well for long enough`,
  'group-failover': () => 'the first member of its group had moved because of a fault',
  'group-planned': () => 'the first member of its group had moved as planned',
  'site-down': ({ from }) => `a quorum of watchers held ${from} down, so it left the pool`,
  'site-back': ({ to }) => `${to} was well again`,
  'all-down': () => 'no site was left',
  'mode-changed': () => 'the configuration has another mode',
  'turned-back': () => 'the move before it made things worse, and was undone',
  'failover-undone': () => 'the failover before it could not be completed, and was undone',
  'attempts-used-up': () => 'every attempt to make the site before it serve, or to lead clients to it, had failed',
};

/** Explains a run from its journal alone. */
export function explanationOf(run: Run): Explanation {
  const { epoch, from, to, state, reason, times } = run;
  return {
    kept: 'journal',
    epoch,
    from,
    to,
    state,
    why: meanings[reason as Reason]?.(run) ?? reason,
    phases: phasesOf(run, times),
    grounds: run.grounds ?? null,
    steps: run.steps.map((step) => stepOf(run, step)),
    refused: refusalsOf(run),
    unknown: unknownOf(run),
    notes: notesOf(run),
  };
}

function stepOf({ steps, times }: Run, { name, resource, state, detail, after, endedMs }: Step): ExplainedStep {
  const before = steps.filter((step) => after.includes(step.name)).map((step) => step.endedMs);
  const beganMs = before.includes(undefined)
    ? undefined
    : Math.max(times.decidedMs, ...before.flatMap((ms) => ms ?? []));
  const isTimed = endedMs !== undefined && beganMs !== undefined;
  return { name, resource, state, detail, tookMs: isTimed ? Math.max(0, endedMs - beganMs) : null };
}

function refusalsOf(run: Run): readonly string[] {
  const others = Object.entries(run.grounds?.refused ?? {});
  const obstacle = obstacleOf(run);
  return [
    ...others.map(([site, why]) => `${site} could not be chosen: ${why.join(', ')}.`),
    ...(obstacle === null ? [] : [`${obstacle.name} of ${obstacle.resource} stopped the move: ${obstacle.detail}.`]),
  ];
}

function unknownOf({ grounds, attempt, steps, kind, times }: Run): readonly string[] {
  const untimed = steps.filter(({ state, endedMs }) => state !== 'pending' && endedMs === undefined);
  return [
    ...(grounds === undefined ? ['What each watcher held when it was decided: that is not kept.'] : []),
    ...(kind === 'failover' && times.faultMs === null ? ['When the first probe failed.'] : []),
    ...(untimed.length > 0 ? [`How long these took: ${untimed.map(({ name }) => name).join(', ')}.`] : []),
    ...(attempt > 1 ? [`What attempts before attempt ${attempt} did, beyond what the steps say.`] : []),
    'Which state tables accepted it: a majority of the voters did.',
  ];
}

function phasesOf({ kind, from, to, by }: Run, times: RunTimes): readonly ExplainedPhase[] {
  const known: readonly (readonly [number | null, string])[] = [
    [times.faultMs, `the first probe of ${from} failed`],
    [times.detectedMs, `the watcher that decided saw a quorum hold ${from} down`],
    [times.decidedMs, `${by} decided the ${kind}, and a majority of state tables holds it`],
    [times.fencedMs, `${from} was known to be cut off`],
    [times.leaseOverMs, `the lease of ${from} had run out while its region was silent; this is no proof`],
    [times.promotedMs, `the data of ${to} took writes`],
    [times.startedMs, `${to} had its size, and its probes passed`],
    [times.shiftedMs, `the last of the traffic was led to ${to}`],
    [times.verifiedMs, `${to} was seen to be answered`],
  ];
  const happened = known.flatMap(([atMs, message]) => (atMs === null ? [] : [{ atMs, message }]));
  const startMs = Math.min(...happened.map(({ atMs }) => atMs));
  return happened.sort((a, b) => a.atMs - b.atMs).map((phase) => ({ ...phase, sinceStartMs: phase.atMs - startMs }));
}

function notesOf({ retries, isDataLossAllowed, isProofWaived, isShortAllowed, times }: Run): readonly string[] {
  const { dataAtRiskMs, lossMs } = times;
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  return [
    ...(lossMs === null ? [] : [`At most the writes of ${seconds(lossMs)} are lost.`]),
    ...(lossMs === null && dataAtRiskMs !== null
      ? [`Replication was ${seconds(dataAtRiskMs)} behind when it was decided.`]
      : []),
    ...(retries > 0 ? [`It failed before anything had moved, and was tried again (${retries}).`] : []),
    ...(isDataLossAllowed ? ['A person allowed a loss of data.'] : []),
    ...(isProofWaived ? ['A person waived the proof that the old site is cut off.'] : []),
    ...(isShortAllowed ? ['The new site might serve at less than its full size.'] : []),
  ];
}
