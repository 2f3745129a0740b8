import { kindNames } from '../kinds/kind-name.ts';
import { kindOf } from '../kinds/kinds.ts';
import { type NamedService, sitesByPriority } from '../model/service.ts';
import type { RunTimes } from '../register/ledger.ts';
import { type FenceProof, fencesOwed, withOwed, withProofs, withReleased } from '../register/owed-fence.ts';
import { type Register, withHistory } from '../register/register.ts';
import {
  endStep,
  finishedLater,
  isShut,
  movesActive,
  type Run,
  type RunHolder,
  type RunKind,
  type RunOutline,
  readySteps,
  type Step,
  type StepName,
  type StepState,
  trafficSteps,
} from '../register/run.ts';
import { canonicalRamp, rampPercent } from '../register/share.ts';
import type { DecisionInput, Reason } from './decision-input.ts';
import { countedMoves } from './limits.ts';
import { withSetback } from './setback.ts';

/** A move as it was decided. */
export interface Move {
  readonly kind: RunKind;
  readonly from: string;
  readonly to: string;
  readonly serving: readonly string[];
  readonly reason: Reason;
  /** Control region or operator. */
  readonly by: string;
  readonly holder: RunHolder | null;
  readonly isDataLossAllowed: boolean;
  readonly isProofWaived: boolean;
  readonly isShortAllowed: boolean;
  /** Steps that a person has set aside, each with what is to be said of it. */
  readonly skipped?: Readonly<Partial<Record<StepName, string>>>;
  /** What all clients ask for, in the unit of capacity; null when nobody says. */
  readonly demand: number | null;
  readonly times: RunTimes;
}

/** Sites whose fence a move would owe. */
export function fencesFor(
  service: NamedService,
  register: Register,
  move: Pick<Move, 'kind' | 'from' | 'to'>,
): readonly string[] {
  if (!movesActive(move)) return [];
  const owed = fencesOwed(service.sites, register, move.to, register.epoch + 1);
  return owed.flatMap(({ site }) => (site === move.to ? [] : [site]));
}

/**
 * The steps of a run, in order.
 *
 * The old site is fenced before data is promoted and before any traffic moves. What the new site runs on is started at
 * once, beside both; traffic waits for all three. The traffic steps do not wait for each other; inside clients and
 * people are told while the result is still being verified.
 */
export function planSteps(service: NamedService, outline: RunOutline): readonly Step[] {
  const planned = kindNames.flatMap((name) => {
    const step = kindOf(name).plan(service, outline);
    return step === null ? [] : [{ name, ...step }];
  });
  const steps = [
    ...planned,
    { name: 'verify', resource: outline.to, region: null, after: trafficSteps },
    { name: 'notify', resource: service.name, region: null, after: trafficSteps },
  ] as const;
  return steps.map((step) => ({ ...step, state: 'pending', detail: '' }));
}

/**
 * Opens a run: one value with the next epoch, who is active and the journal of every step, so that intent is accepted
 * by a majority before any effect.
 */
export function openRun(
  service: NamedService,
  register: Register,
  move: Move,
  automatic: DecisionInput | null,
): Register {
  const epoch = register.epoch + 1;
  const { kind, from, to, serving } = move;
  const steps = planSteps(service, { ...move, fences: fencesFor(service, register, move) });
  const run: Run = {
    kind,
    epoch,
    attempt: 1,
    retries: 0,
    holder: move.holder,
    from,
    to,
    serving,
    reason: move.reason,
    by: move.by,
    isDataLossAllowed: move.isDataLossAllowed,
    isProofWaived: move.isProofWaived,
    isShortAllowed: move.isShortAllowed,
    demand: move.demand,
    rampBefore: register.ramp,
    steps: (isServedAlready(register, move) ? steps.filter(({ name }) => name !== 'start') : steps).map((step) =>
      withoutSkipped(step, move.skipped),
    ),
    state: 'running',
    times: move.times,
  };
  const opened: Register = {
    ...withOwed(register, owedAfter(service, register, move, epoch)),
    epoch,
    active: activeAfter(service, register, move),
    // The site that is gone to is not lost, and a site that was left because it failed is, until it has been seen well.
    lost: [
      ...register.lost.filter((site) => site !== to && site !== from),
      ...(kind === 'failover' && from !== to ? [from] : []),
    ],
    moves: movesAfter(register, move, automatic),
    run,
  };
  const loss = move.isDataLossAllowed ? ', data loss allowed' : '';
  const skipped = Object.keys(move.skipped ?? {}).map((name) => `, ${name} skipped`);
  const what = `${describeRun(move)} (${move.reason}${loss}${skipped.join('')})`;
  return settle(
    service,
    withHistory(opened, { epoch, atMs: move.times.decidedMs, by: move.by, what }),
    move.times.decidedMs,
  );
}

/**
 * What limits are reckoned from after a move. Of automatic moves, failovers, failbacks and readmissions count: leaving
 * a pool never does, and a group counts once.
 */
function movesAfter(register: Register, { kind, from, to }: Move, automatic: DecisionInput | null): Register['moves'] {
  if (automatic === null || (kind !== 'failover' && kind !== 'failback' && kind !== 'readmit')) return register.moves;
  return [...countedMoves(automatic), { epoch: register.epoch + 1, kind, from, to, isAcknowledged: false }];
}

/** A run in a few words. */
export function describeRun({ kind, from, to }: Pick<RunOutline, 'kind' | 'from' | 'to'>): string {
  switch (kind) {
    case 'withdraw':
      return `withdraw ${from}`;
    case 'readmit':
      return `readmit ${to}`;
    case 'last-resort':
      return `last resort, ${from} and all others are down`;
    default:
      return `${kind} ${from} > ${to}`;
  }
}

/** A step that a person has set aside holds nothing up. */
function withoutSkipped(step: Step, skipped: Move['skipped'] = {}): Step {
  const why = skipped[step.name];
  return why === undefined ? step : { ...step, state: 'skipped', detail: why };
}

/** Whether a move takes back one that reached nothing: nobody gains traffic, so nothing is waited for to grow. */
function isServedAlready(register: Register, { kind, serving }: Move): boolean {
  return kind === 'recover' && serving.every((site) => register.serving.includes(site));
}

/** A site that serves again without ever having been replaced owes no fence. */
function owedAfter(service: NamedService, register: Register, move: Move, epoch: number): Register['owed'] {
  if (movesActive(move)) return fencesOwed(service.sites, register, move.to, epoch);
  return move.kind === 'recover' ? register.owed.filter(({ site }) => site !== move.to) : register.owed;
}

/** Active-active: the first of the pool. Active-passive: the site that is moved to. */
function activeAfter(service: NamedService, register: Register, { kind, to, serving }: Move): string {
  if (kind === 'last-resort') return register.active;
  if (service.mode === 'active-passive') return to;
  return sitesByPriority(service).find((site) => serving.includes(site)) ?? register.active;
}

/** How a step ended, and what became known with it. */
export interface SettledEnd {
  readonly state: Exclude<StepState, 'pending'>;
  readonly detail: string;
  /** Of the fences that the step closed, or waited for. */
  readonly proofs?: Readonly<Record<string, FenceProof>>;
  /** Most that the new writer had not received when it was promoted, in milliseconds of writes. */
  readonly lossMs?: number | null;
}

/** Notes the end of a step in the register, and everything that follows from it. */
export function settleStep(
  service: NamedService,
  register: Register,
  name: StepName,
  end: SettledEnd,
  wallMs: number,
): Register {
  if (register.run === null) return register;
  const run = endStep(register.run, name, end.state, end.detail);
  const times = { ...timesAfter(run, wallMs), lossMs: end.lossMs ?? run.times.lossMs };
  return settle(service, withProofs({ ...register, run: { ...run, times } }, end.proofs ?? {}), wallMs);
}

/** Notes that what a run had left undone when it ended has been found done since. */
export function settleLater(register: Register, names: readonly StepName[], wallMs: number): Register {
  if (register.run === null) return register;
  const run = finishedLater(register.run, names, 'done later, as drift');
  return { ...register, run: { ...run, times: timesAfter(run, wallMs) } };
}

/**
 * Does what the register itself does: with DNS by oracle, the moment that nothing is left before the `dns` step, the
 * serving sites change in the same value. The accepted value is the effect; there is nothing to carry out.
 */
function settle(service: NamedService, register: Register, wallMs: number): Register {
  return withWriter(service, afterFailure(shifted(service, register, wallMs)));
}

function shifted(service: NamedService, register: Register, wallMs: number): Register {
  const { run } = register;
  if (run === null) return register;
  if (service.traffic.dns?.mode !== 'oracle') return withServing(service, register);
  if (!readySteps(run).some((step) => step.name === 'dns')) return withoutRamp(register, run);
  const ended = endStep(run, 'dns', 'done', `oracles vote for ${run.serving.join(', ')}`);
  const moved = { ...servedBy(register, run.serving), run: { ...ended, times: timesAfter(ended, wallMs) } };
  return withoutRamp(moved, ended);
}

/**
 * The new site is the writer once its data was read back as written there; without data, once clients were sent to it.
 */
function withWriter(service: NamedService, register: Register): Register {
  const { run } = register;
  if (service.mode === 'active-active') return { ...register, writer: register.active };
  if (run === null || !movesActive(run)) return register;
  const promote = run.steps.find(({ name }) => name === 'promote');
  // A person who skips the promotion says that it is done.
  const isTakenOnTrust = promote === undefined || promote.state === 'skipped';
  const isWriter = isTakenOnTrust ? register.serving.includes(run.to) : promote.state === 'done';
  if (!isWriter) return register;
  const reached = run.state === 'failed' ? register.setbacks : register.setbacks.filter(({ site }) => site !== run.to);
  return withReleased({ ...register, writer: run.to, setbacks: reached }, [run.to]);
}

/**
 * Without oracles, serving follows the step that moves the traffic once that has ended, however it ended: the register
 * says what shall be, and what could not be moved in time is left to drift repair. A step that was not even begun,
 * because what it waited for failed, moves nothing.
 */
function withServing(service: NamedService, register: Register): Register {
  const { run } = register;
  if (run === null) return register;
  if (isShut(run)) return withoutRamp(register, run);
  const { dns, targets } = service.traffic;
  const decisive: readonly StepName[] = dns ? ['dns'] : targets ? ['targets'] : ['address', 'route'];
  const moving = run.steps.filter(({ name }) => decisive.includes(name));
  const isOver = moving.length > 0 && moving.every(({ state }) => state !== 'pending');
  return isOver ? withoutRamp(servedBy(register, run.serving), run) : register;
}

/** The register with other sites that serve. Each site keeps its part of traffic: an unsaid part would change. */
function servedBy(register: Register, serving: Register['serving']): Register {
  const sites = new Set([...register.serving, ...serving, ...Object.keys(register.ramp)]);
  const ramp = Object.fromEntries([...sites].map((site) => [site, rampPercent(register, site)] as const));
  return { ...register, serving, ramp };
}

/**
 * Once no shift is under way: what had to stay behind is on the ramp, of this run and of earlier ones. What a run could
 * not do in time is left to drift repair, as if it were done; where nothing moved, all is as it was before.
 */
function withoutRamp(register: Register, run: Run): Register {
  const shifts = run.steps.filter(({ name }) => name === 'targets' || name === 'dns');
  if (shifts.some(({ state }) => state === 'pending')) return register;
  const isPartial = shifts.some(({ state }) => state === 'fallback');
  const hasShifted = isPartial || shifts.some(({ state }) => state === 'done');
  if (isShut(run) && !hasShifted) return { ...register, ramp: canonicalRamp({ ...register, ramp: run.rampBefore }) };
  const isOthers = (site: string) => site !== run.from && site !== run.to;
  const kept = Object.entries(register.ramp).filter(
    ([site, percent]) => isPartial || (isOthers(site) && percent === run.rampBefore[site]),
  );
  return { ...register, ramp: canonicalRamp({ ...register, ramp: Object.fromEntries(kept) }) };
}

/**
 * A move that came to nothing blocks and counts for nothing: another site may have to be tried. The one that it could
 * not reach is left out for a while.
 */
function afterFailure(register: Register): Register {
  const { run, moves } = register;
  if (run?.state !== 'failed' || !isShut(run) || !movesActive(run)) return register;
  return {
    ...register,
    moves: moves.filter(({ epoch }) => epoch !== run.epoch),
    setbacks: withSetback(register.setbacks, run),
  };
}

function timesAfter(run: Run, wallMs: number): RunTimes {
  const isOver = (names: readonly StepName[]) =>
    run.steps.every((step) => !names.includes(step.name) || step.state !== 'pending');
  const isDone = (name: StepName) => run.steps.some((step) => step.name === name && step.state === 'done');
  const isFallback = (name: StepName) => run.steps.some((step) => step.name === name && step.state === 'fallback');
  const done = (name: StepName, atMs: number | null) => atMs ?? (isDone(name) ? wallMs : null);
  return {
    ...run.times,
    fencedMs: done('fence', run.times.fencedMs),
    leaseOverMs: run.times.leaseOverMs ?? (isFallback('fence') ? wallMs : null),
    promotedMs: done('promote', run.times.promotedMs),
    startedMs: done('start', run.times.startedMs),
    shiftedMs: run.times.shiftedMs ?? (isOver(trafficSteps) ? wallMs : null),
    verifiedMs: done('verify', run.times.verifiedMs),
  };
}

/**
 * The watchers in the order in which they step forward, to begin a run or to finish one that nobody carries out: the
 * one beside the site that gains first, then by the deployment's order.
 */
export function takeoverOrder(service: NamedService, controlRegions: readonly string[], to: string): readonly string[] {
  const home = service.sites[to]?.region;
  return [...controlRegions].sort((a, b) => Number(b === home) - Number(a === home));
}
