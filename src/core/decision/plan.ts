import { arrivalSteps } from '../kinds/kind.ts';
import { kindNames } from '../kinds/kind-name.ts';
import { kindOf } from '../kinds/kinds.ts';
import { type NamedService, sitesByPriority } from '../model/service.ts';
import type { RunTimes } from '../register/ledger.ts';
import {
  type FenceProof,
  fencesOwed,
  possibleWriters,
  withOwed,
  withProofs,
  withStrangersLeft,
} from '../register/owed-fence.ts';
import { withoutPlan } from '../register/planned-switchover.ts';
import { type Register, withHistory } from '../register/register.ts';
import {
  endStep,
  finishedLater,
  type Grounds,
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
  withEnds,
} from '../register/run.ts';
import { allowedIn, describeRun } from '../register/run-words.ts';
import { canonicalRamp, rampPercent } from '../register/share.ts';
import type { DecisionInput, Reason } from './decision-input.ts';
import { arrivingSites } from './demand.ts';
import { countedMoves } from './limits.ts';
import { withSetback } from './setback.ts';
import { type Running, withWriter } from './writer/settled-writer.ts';

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
  /** Steps that a person has skipped, each with the risk that was stated. */
  readonly skipped?: Readonly<Partial<Record<StepName, string>>>;
  /** Demand of all clients, in the unit of capacity; null when it is not known. */
  readonly demand: number | null;
  readonly times: RunTimes;
  /** What it is decided by; absent where nothing was read of the sites. */
  readonly grounds?: Grounds | undefined;
}

/** Sites whose fence a move would owe. */
export function fencesFor(
  service: NamedService,
  register: Register,
  move: Pick<Move, 'kind' | 'from' | 'to'>,
): readonly string[] {
  if (!movesActive(move)) return [];
  const owed = fencesOwed(service, register, move.to, register.epoch + 1);
  return owed.flatMap(({ site }) => (site === move.to ? [] : [site]));
}

/**
 * The steps of a run, in order.
 *
 * The old site is fenced before data is promoted and before any traffic moves. The new site's capacity is started at
 * once, in parallel with the fence and the promotion. Traffic waits for all three. The traffic steps do not wait for
 * each other. `publish` and `notify` run while the result is still being verified. Where nothing steers clients, these
 * follow what makes the site ready.
 */
export function planSteps(service: NamedService, outline: RunOutline): readonly Step[] {
  const planned = kindNames.flatMap((name) => {
    const step = kindOf(name).plan(service, outline);
    return step === null ? [] : [{ name, ...step }];
  });
  const steps = [
    ...planned,
    { name: 'verify', resource: outline.to, region: null, after: arrivalSteps(service) },
    { name: 'notify', resource: service.name, region: null, after: arrivalSteps(service) },
  ] as const;
  return steps.map((step) => ({ ...step, state: 'pending', detail: '' }));
}

/**
 * Opens a run. One register value holds the next epoch, the new active site and the journal of every step. A majority
 * therefore accepts the intent before anything is changed.
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
    ...(move.grounds === undefined ? {} : { grounds: move.grounds }),
    isDataLossAllowed: move.isDataLossAllowed,
    isProofWaived: move.isProofWaived,
    isShortAllowed: move.isShortAllowed,
    demand: move.demand,
    ...joiningBy(service, register, move, automatic),
    rampBefore: register.ramp,
    steps: (isServedAlready(register, move) ? steps.filter(({ name }) => name !== 'start') : steps).map((step) =>
      withoutSkipped(step, move.skipped),
    ),
    state: 'running',
    times: move.times,
  };
  // Once only: the value that begins a planned switchover no longer holds the plan.
  const kept: Register = move.reason === 'planned' ? withoutPlan(register) : register;
  const opened: Running = {
    ...withOwed(movesActive(move) ? withStrangersLeft(service, kept) : kept, owedAfter(service, register, move, epoch)),
    epoch,
    active: activeAfter(service, register, move),
    promoting: possibleWriters(register).filter((site) => site !== register.writer),
    // The new site is not lost. A site that was left because it failed is lost until it has been seen well.
    lost: [
      ...register.lost.filter((site) => site !== to && site !== from),
      ...(kind === 'failover' && from !== to ? [from] : []),
    ],
    moves: movesAfter(register, move, automatic),
    run,
  };
  const skipped = Object.keys(move.skipped ?? {}).map((name) => `, ${name} skipped`);
  const what = `${describeRun(move)} (${move.reason}${allowedIn(move)}${skipped.join('')})`;
  const { decidedMs } = move.times;
  const entry = { epoch, atMs: decidedMs, by: move.by, what };
  return settle(service, null, withHistory(opened, entry), decidedMs);
}

/** The sites that a change of a pool gives traffic to, and those to which clients are still on their way. */
function joiningBy(
  service: NamedService,
  register: Register,
  { serving }: Move,
  automatic: DecisionInput | null,
): Pick<Run, 'joining'> {
  if (service.mode !== 'active-active') return {};
  const joining = serving.filter((site) => rampPercent(register, site) < 100);
  const arriving = automatic === null ? [] : arrivingSites(automatic).filter((site) => serving.includes(site));
  const all = [...new Set([...arriving, ...joining])];
  return all.length > 0 ? { joining: all } : {};
}

/**
 * The moves that limits are computed from, after one more move. Automatic failovers, failbacks and readmissions count.
 * A withdrawal from a pool never counts, and a group counts once.
 */
function movesAfter(register: Register, { kind, from, to }: Move, automatic: DecisionInput | null): Register['moves'] {
  if (automatic === null || (kind !== 'failover' && kind !== 'failback' && kind !== 'readmit')) return register.moves;
  return [...countedMoves(automatic), { epoch: register.epoch + 1, kind, from, to, isAcknowledged: false }];
}

/** Marks a step that a person has skipped, so that no other step waits for it. */
function withoutSkipped(step: Step, skipped: Move['skipped'] = {}): Step {
  const why = skipped[step.name];
  return why === undefined ? step : { ...step, state: 'skipped', detail: why };
}

/**
 * Whether the sites of a move serve already, as when it takes back a move that changed no traffic. Then no site gains
 * traffic, and none has to be started first.
 */
function isServedAlready(register: Register, { kind, serving }: Move): boolean {
  return kind === 'recover' && serving.every((site) => register.serving.includes(site));
}

/** The owed fences after a move. A site that serves again and was never replaced owes no fence. */
function owedAfter(service: NamedService, register: Register, move: Move, epoch: number): Register['owed'] {
  if (movesActive(move)) return fencesOwed(service, register, move.to, epoch);
  return move.kind === 'recover' ? register.owed.filter(({ site }) => site !== move.to) : register.owed;
}

/**
 * The register's `active` after a move. Active-active: the first site of the pool. Active-passive: the site that is
 * moved to.
 */
function activeAfter(service: NamedService, register: Register, { to, serving }: Move): string {
  if (service.mode === 'active-passive') return to;
  return sitesByPriority(service).find((site) => serving.includes(site)) ?? register.active;
}

/** How a step ended, and what was learned from it. */
export interface SettledEnd {
  readonly state: Exclude<StepState, 'pending'>;
  readonly detail: string;
  /** Proofs of the fences that the step closed or waited for, by site. */
  readonly proofs?: Readonly<Record<string, FenceProof>>;
  /** The most that the new writer had not received when it was promoted, in milliseconds of writes. */
  readonly lossMs?: number | null;
}

/** Records the end of a step in the register, with every change that follows from it. */
export function settleStep(
  service: NamedService,
  register: Register,
  name: StepName,
  end: SettledEnd,
  wallMs: number,
): Register {
  if (register.run === null) return register;
  const run = endStep(register.run, name, end.state, end.detail);
  const times = { ...timesAfter(service, run, wallMs), lossMs: end.lossMs ?? run.times.lossMs };
  const proven = withProofs({ ...register, run: { ...run, times } }, end.proofs ?? {});
  return settle(service, register.run, proven, wallMs);
}

/**
 * Records that a run could not end and so was not begun. The site that it was to leave serves as before: its fence,
 * which was owed to this run and which nobody has closed, is owed no more.
 */
export function notBegun(service: NamedService, register: Register, why: string, wallMs: number): Register {
  const ended = settleStep(service, register, 'fence', { state: 'failed', detail: why }, wallMs);
  return { ...ended, owed: ended.owed.filter(({ site }) => !ended.serving.includes(site)) };
}

/** Records that steps which a run left undone have been found done since. */
export function settleLater(
  service: NamedService,
  register: Register,
  names: readonly StepName[],
  wallMs: number,
): Register {
  if (register.run === null) return register;
  const run = finishedLater(register.run, names, 'done later, as drift');
  return { ...register, run: { ...run, times: timesAfter(service, run, wallMs) } };
}

/**
 * Carries out the steps that are changes of the register itself. With DNS by oracle, `serving` changes as soon as the
 * `dns` step no longer waits for another step, in the same register value. The accepted value is the effect: no
 * actuator has to act.
 *
 * @param before - the run as it was; null when it has just been opened
 */
function settle(service: NamedService, before: Run | null, register: Running, wallMs: number): Register {
  const settled = withWriter(service, afterFailure(shifted(service, register, wallMs)));
  return { ...settled, run: withEnds(before, settled.run, wallMs) };
}

function shifted(service: NamedService, register: Running, wallMs: number): Running {
  const { run } = register;
  if (service.traffic.dns === undefined || service.traffic.dns.mode === 'records')
    return withServing(service, register);
  if (!readySteps(run).some((step) => step.name === 'dns')) return withoutRamp(service, register, run);
  const ended = endStep(run, 'dns', 'done', `oracles vote for ${run.serving.join(', ')}`);
  const moved = {
    ...servedBy(service, register, run.serving),
    run: { ...ended, times: timesAfter(service, ended, wallMs) },
  };
  return withoutRamp(service, moved, ended);
}

/**
 * The register with the new serving sites, for services without oracles. `serving` changes once the step that moves the
 * traffic, or else the data, has ended, even if that step failed: the register says what is desired, and drift repair
 * moves what could not be moved in time. A step that never began, because a step before it failed, changes nothing.
 */
function withServing(service: NamedService, register: Running): Running {
  const { run } = register;
  if (isShut(run)) return withoutRamp(service, register, run);
  const { dns, targets } = service.traffic;
  const decisive: readonly StepName[] = dns ? ['dns'] : targets ? ['targets'] : arrivalSteps(service);
  const moving = run.steps.filter(({ name }) => decisive.includes(name));
  const isEnded = (name: StepName) => run.steps.every((step) => step.name !== name || step.state !== 'pending');
  // A step that was left out from the start says nothing before what it would have waited for is there.
  const isOver = moving.length > 0 && moving.every(({ name, after }) => [name, ...after].every(isEnded));
  return isOver ? withoutRamp(service, servedBy(service, register, run.serving), run) : register;
}

/**
 * The register with other serving sites. The percentage of each site is kept, because a percentage that is left out
 * means 100. A site that is configured no more and serves no more keeps none, which it would have when it comes back.
 */
function servedBy({ sites }: NamedService, register: Running, serving: Register['serving']): Running {
  const named = new Set([...register.serving, ...serving, ...Object.keys(register.ramp)]);
  const isLed = (site: string) => serving.includes(site) || Object.hasOwn(sites, site);
  const ramp = [...named].map((site) => [site, isLed(site) ? rampPercent(register, site) : 0] as const);
  return { ...register, serving, ramp: Object.fromEntries(ramp) };
}

type Shift = Step & { readonly name: 'targets' | 'dns' };

const isShift = (step: Step): step is Shift => step.name === 'targets' || step.name === 'dns';

/**
 * The register once no shift is under way. The ramp keeps the percentages that had to stay behind, of this run and of
 * earlier ones. What a run could not do in time counts as done here, and drift repair carries it out; in a pool no more
 * than the run itself would have done, for the sites may not be able to carry it. When nothing moved, the ramp is as it
 * was before the run; that of a return which was turned back is what it was turned back to.
 */
function withoutRamp(service: NamedService, register: Running, run: Run): Running {
  const shifts = run.steps.filter(isShift);
  if (shifts.some(({ state }) => state === 'pending')) return register;
  const isLimited = ({ name }: Shift) =>
    service.mode === 'active-active' && kindOf(name).mannerOf(service).kind === 'in-shares';
  const isPartial = shifts.some(
    (shift) => shift.state === 'fallback' || (shift.state === 'failed' && isLimited(shift)),
  );
  const hasShifted = isPartial || shifts.some(({ state }) => state === 'done');
  // A pool that turned a return back keeps what the others cannot carry.
  const isPoolTurnedBack = run.kind === 'readmit' && shifts.some(({ state }) => state === 'turned-back');
  if (isPoolTurnedBack) return { ...register, ramp: canonicalRamp(register) };
  if (isShut(run) && !hasShifted) return { ...register, ramp: canonicalRamp({ ...register, ramp: run.rampBefore }) };
  const isOthers = (site: string) => site !== run.from && site !== run.to;
  const kept = Object.entries(register.ramp).filter(
    ([site, percent]) => isPartial || (isOthers(site) && percent === run.rampBefore[site]),
  );
  return { ...register, ramp: canonicalRamp({ ...register, ramp: Object.fromEntries(kept) }) };
}

/**
 * The register after a move that failed before it changed traffic. Such a move starts no block period and does not
 * count against the daily limit, because another site may have to be tried. The site that it could not reach is left
 * out for a while.
 */
function afterFailure(register: Running): Running {
  const { run, moves } = register;
  if (run.state !== 'failed' || !isShut(run) || !movesActive(run)) return register;
  return {
    ...register,
    moves: moves.filter(({ epoch }) => epoch !== run.epoch),
    setbacks: withSetback(register.setbacks, run),
  };
}

function timesAfter(service: NamedService, run: Run, wallMs: number): RunTimes {
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
    shiftedMs: run.times.shiftedMs ?? (isOver(arrivalSteps(service)) ? wallMs : null),
    verifiedMs: done('verify', run.times.verifiedMs),
  };
}

/**
 * The takeover order: the order in which watchers begin a run, or finish one whose holder is gone. The watcher in the
 * region of the gaining site comes first, then the others in the deployment's order. One that functions somewhere do
 * not answer comes after all that have their answers: its run might fail where another's would not.
 *
 * @param unanswered - by watcher, regions whose functions do not answer it
 */
export function takeoverOrder(
  service: NamedService,
  controlRegions: readonly string[],
  to: string,
  unanswered: Readonly<Record<string, readonly string[]>> = {},
): readonly string[] {
  const home = service.sites[to]?.region;
  const rankOf = (region: string) => (unanswered[region]?.length ? 2 : 0) + (region === home ? 0 : 1);
  return [...controlRegions].sort((a, b) => rankOf(a) - rankOf(b));
}
