import { type FailoverEvent, newEvent } from '../../alerting/event.ts';
import { groupViewOf, isUpForOthers } from '../../decision/group-view.ts';
import { settleStep } from '../../decision/plan.ts';
import { lastResortName, type NamedService, nameNow } from '../../model/service.ts';
import { type ChangeOutcome, changeRegister } from '../../register/proposer.ts';
import { hasOpenRun, type Register } from '../../register/register.ts';
import { type Run, readySteps, type Step, type StepName } from '../../register/run.ts';
import { describeRun } from '../../register/run-words.ts';
import { all, call, pause, type Routine, random, readTime } from '../../routine.ts';
import { disputesAbout } from '../../tables/dispute.ts';
import { runWatch, shiftWatch, stepWatch } from '../../tables/stopwatch.ts';
import { isVoting, silentForAllMs } from '../contact.ts';
import { isUnclosed } from '../fencing/closing-terms.ts';
import { leaseWaitIn } from '../fencing/lease-terms.ts';
import { announce } from '../notifying.ts';
import { noteAnswer } from '../reach.ts';
import { proposerFor, type WatcherState } from '../state.ts';
import { serviceViewOf } from '../table-reading.ts';
import { exportRun } from '../telemetry/export.ts';
import { orderInTurn } from './hook-turns.ts';
import type { StepContext, StepEnd } from './step-context.ts';
import { executeStep } from './steps.ts';

/** Attempts to record the end of a step. After the last one, the run is left for another watcher to take over. */
const noteAttemptsMax = 5;

/**
 * Carries out a run that this watcher holds, until the run has ended or another watcher holds it.
 *
 * Progress is recorded in the register after each step, so that another watcher can continue where this one stopped.
 */
export function* executeRun(state: WatcherState, service: NamedService, register: Register): Routine<void> {
  const begun = new Set<StepName>();
  let newest = register;
  yield* advance(register);
  if (newest.run && !hasOpenRun(newest)) yield* reportEnd(state, service, newest.run);

  /**
   * Begins every step that no longer waits for another, and continues after each step's end without waiting for the
   * others.
   */
  function* advance(current: Register): Routine<void> {
    newest = newer(current, newest);
    const { run } = current;
    // When a region leaves the list during its run, a region that votes takes the run over.
    if (!run || !holdsRun(state, run) || !isVoting(state, service)) return;
    const ready = readySteps(run).filter(({ name }) => !begun.has(name));
    for (const { name } of ready) begun.add(name);
    yield* all(
      ready.map(function* (step): Routine<void> {
        const next = yield* executeRunStep(state, service, run, step, current);
        if (next !== null) yield* advance(next);
      }),
    );
  }
}

/** The one of two register values in which more of the run is done. */
function newer(a: Register, b: Register): Register {
  const progress = (register: Register) => register.run?.steps.filter((step) => step.state !== 'pending').length ?? 0;
  return b.epoch > a.epoch || progress(b) > progress(a) ? b : a;
}

/** Whether a run is open and held by this process. */
export function holdsRun(state: WatcherState, run: Run): boolean {
  const { region, invocation } = run.holder ?? {};
  return run.state === 'running' && region === state.setup.region && invocation === state.invocation;
}

/** The context of a step, from this watcher's memory. */
function contextOf(state: WatcherState, service: NamedService, run: Run, step: Step, begun: Register): StepContext {
  let newest = begun;
  const countedMs = (watch: string) => state.stopwatches[watch] ?? 0;
  return {
    service,
    run,
    ownRegion: state.setup.region,
    controlRegions: state.setup.deployment.controlRegions,
    ageMs: () => countedMs(runWatch(service.name, run)),
    stepAgeMs: () => countedMs(stepWatch(service.name, run, step.name)),
    shiftAgeMs: () => countedMs(shiftWatch(service.name, run, newest.ramp)),
    give: (region, order) => orderInTurn(state, service, region, order),
    tell: (event: FailoverEvent) => announce(state, event),
    look: function* () {
      return serviceViewOf(state, service, (yield* readTime()).monotonicMs).knowledge;
    },
    isUpInGroup: function* (site) {
      const { monotonicMs } = yield* readTime();
      const group = groupViewOf(state.setup.deployment, service.name, (other) =>
        serviceViewOf(state, other, monotonicMs),
      );
      return isUpForOthers(group, site);
    },
    register: () => newest,
    seen: () => state.memories.get(service.name)?.decided?.register ?? null,
    silentMs: function* (region, ownMs) {
      return silentForAllMs(state, region, (yield* readTime()).monotonicMs, ownMs);
    },
    leaseWaitMs: (region) => leaseWaitIn(state, service, region),
    isUnclosed: (site, what) => isUnclosed(state, service, site, what),
    noteAnswer: (placed, answer) => noteAnswer(state, placed, answer),
    setRamp: function* (ramp) {
      const outcome = yield* changeRegister(proposerFor(state, service.name), (current) =>
        current !== null && isSameRun(current, run) ? { ...current, ramp } : null,
      );
      if (outcome.outcome !== 'changed') return null;
      newest = outcome.register;
      return newest;
    },
  };
}

function* executeRunStep(
  state: WatcherState,
  service: NamedService,
  run: Run,
  step: Step,
  register: Register,
): Routine<Register | null> {
  const data = { step: step.name, epoch: run.epoch, attempt: run.attempt };
  yield* call('log', { event: newEvent('step-started', service.name, `${step.name} ${step.resource}`, { data }) });
  const gone = yield* awaitAgreement(state, service, run, step, register);
  const end: StepEnd =
    gone === null
      ? yield* executeStep(contextOf(state, service, run, step, register), step)
      : { state: 'turned-back', detail: `${gone} is configured no more` };
  const detail = `${step.name}: ${end.state}, ${end.detail}`;
  yield* announce(state, newEvent('step-ended', service.name, detail, { data: { ...data, state: end.state } }));
  return end.state === 'stale' ? null : yield* noteEnd(state, service, run, step, end);
}

/**
 * Waits while living watchers have different configurations of the sites of a run, or while this configuration lacks
 * one of them, because the step would be right for one of the configurations only. Notifying people needs no agreement.
 *
 * A promotion waits, too, for a configuration that has data: the run was begun to promote some. Nobody can say here
 * whether the new site is the writer yet, and clients would be sent to a replica.
 *
 * A pool goes on without a site that all of them have left out. What the run keeps in the pool needs nothing of it.
 *
 * @returns a site that a pool was to give traffic to, and that nobody has any more; else null
 */
function* awaitAgreement(
  state: WatcherState,
  service: NamedService,
  run: Run,
  { name }: Step,
  { owed, leftUnfenced = [] }: Pick<Register, 'owed' | 'leftUnfenced'>,
): Routine<string | null> {
  if (name === 'verify' || name === 'notify') return null;
  const sites = [run.from, run.to, ...run.serving];
  // A person may have forced a move away from a site that is no longer configured. Only the fence step needs the
  // configuration of that site, and only where whoever began the move had it.
  const fenced = owed.flatMap(({ site }) => (nameNow(service, site) === null ? [] : [site]));
  const begunWith = sites.filter((site) => !leftUnfenced.includes(site));
  const touched = name === 'fence' ? [...begunWith, ...fenced] : [run.to, ...run.serving];
  if (name === 'promote' && service.data === undefined) yield* tellOfLostData(state, service, run);
  for (;;) {
    const { disputes } = serviceViewOf(state, service, (yield* readTime()).monotonicMs);
    const unknown = touched.filter((site) => site !== lastResortName && nameNow(service, site) !== site);
    const isMeant = name !== 'promote' || service.data !== undefined;
    const isAgreed = isMeant && disputesAbout(disputes, [...sites, ...leftUnfenced]).length === 0;
    if (isAgreed && unknown.length === 0) return null;
    if (isAgreed && service.mode === 'active-active' && unknown.every((site) => nameNow(service, site) === null))
      return unknown.find((site) => site === run.to || run.joining?.includes(site)) ?? null;
    yield* pause(state.tickMs);
  }
}

/** Tells people why a promotion waits for a deployment, or for them. */
function* tellOfLostData(state: WatcherState, service: NamedService, run: Run): Routine<void> {
  const detail = `promote of ${run.to} waits: this configuration has no data, and the move was begun to promote some; deploy it again, or say "cdk-failover skip ${service.name} promote" once ${run.to} is the writer`;
  const data = { step: 'promote', epoch: run.epoch, attempt: run.attempt };
  yield* announce(state, newEvent('attempt-failed', service.name, detail, { data }));
}

function* noteEnd(
  state: WatcherState,
  service: NamedService,
  run: Run,
  step: Step,
  end: Exclude<StepEnd, { state: 'stale' }>,
): Routine<Register | null> {
  const { wallMs } = yield* readTime();
  for (let attempt = 0; attempt < noteAttemptsMax; attempt += 1) {
    if (attempt > 0) yield* pause((yield* random()) * state.tickMs);
    const outcome: ChangeOutcome = yield* changeRegister(proposerFor(state, service.name), (current) =>
      current !== null && isSameRun(current, run) ? settleStep(service, current, step.name, end, wallMs) : null,
    );
    if (outcome.outcome === 'changed') return outcome.register;
    if (outcome.outcome === 'unchanged') return null;
  }
  return null;
}

function isSameRun(register: Register, run: Run): boolean {
  return hasOpenRun(register) && register.run.epoch === run.epoch && register.run.attempt === run.attempt;
}

function* reportEnd(state: WatcherState, service: NamedService, run: Run): Routine<void> {
  const detail = `${describeRun(run)}: ${run.state}`;
  const data = { epoch: run.epoch, state: run.state, decidedMs: run.times.decidedMs, verifiedMs: run.times.verifiedMs };
  yield* call('log', { event: newEvent('run-ended', service.name, detail, { site: run.to, data }) });
  yield* exportRun(state, service, run);
}
