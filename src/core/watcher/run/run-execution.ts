import { type FailoverEvent, newEvent } from '../../alerting/event.ts';
import { describeRun, settleStep } from '../../decision/plan.ts';
import { lastResortName, type NamedService, nameNow } from '../../model/service.ts';
import { type ChangeOutcome, changeRegister } from '../../register/proposer.ts';
import { hasOpenRun, type Register } from '../../register/register.ts';
import { type Run, readySteps, type Step, type StepName } from '../../register/run.ts';
import { all, call, pause, type Routine, random, readTime } from '../../routine.ts';
import { disputesAbout } from '../../tables/dispute.ts';
import { runWatch, shiftWatch, silentWatch, stepWatch } from '../../tables/stopwatch.ts';
import { isSilent, isVoting } from '../contact.ts';
import { announce } from '../notifying.ts';
import { proposerFor, type WatcherState } from '../state.ts';
import { serviceViewOf } from '../table-reading.ts';
import type { StepContext, StepEnd } from './step-context.ts';
import { executeStep } from './steps.ts';

/** Attempts at noting how a step ended before the run is left to whoever finds it. */
const noteAttemptsMax = 5;

/**
 * Carries out a run that this watcher holds, until it has ended or somebody else has it.
 *
 * Progress is noted in the register after each step, so that whoever takes over starts where this one stopped.
 */
export function* executeRun(state: WatcherState, service: NamedService, register: Register): Routine<void> {
  const begun = new Set<StepName>();
  let newest = register;
  yield* advance(register);
  if (newest.run && !hasOpenRun(newest)) yield* reportEnd(service, newest.run);

  /**
   * Begins every step that waits for nothing any more, and goes on from each one's end without waiting for the others.
   */
  function* advance(current: Register): Routine<void> {
    newest = newer(current, newest);
    const { run } = current;
    // A region that leaves the list in the middle of a run has it taken over by one that votes.
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

/** Of two register values the one with more of the run behind it. */
function newer(a: Register, b: Register): Register {
  const progress = (register: Register) => register.run?.steps.filter((step) => step.state !== 'pending').length ?? 0;
  return b.epoch > a.epoch || progress(b) > progress(a) ? b : a;
}

/** Whether a run is open and this process's own. */
export function holdsRun(state: WatcherState, run: Run): boolean {
  const { region, invocation } = run.holder ?? {};
  return run.state === 'running' && region === state.setup.region && invocation === state.invocation;
}

/** What a step of a run has to go by, from this watcher's memory. */
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
    tell: (event: FailoverEvent) => announce(state, event),
    look: function* () {
      return serviceViewOf(state, service, (yield* readTime()).monotonicMs).knowledge;
    },
    register: () => newest,
    seen: () => state.memories.get(service.name)?.decided?.register ?? null,
    isSilent: function* (region) {
      return isSilent(state, region, (yield* readTime()).monotonicMs);
    },
    silentMs: (region) => state.stopwatches[silentWatch(region)] ?? 0,
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
  yield* awaitAgreement(state, service, run, step);
  const end = yield* executeStep(contextOf(state, service, run, step, register), step);
  const detail = `${step.name}: ${end.state}, ${end.detail}`;
  yield* announce(state, newEvent('step-ended', service.name, detail, { data: { ...data, state: end.state } }));
  return end.state === 'stale' ? null : yield* noteEnd(state, service, run, step, end);
}

/**
 * Waits while living watchers were configured differently for the sites of a run, or while one of them is not
 * configured here at all: what the step would do would be right for one of them only. Telling people needs no
 * agreement.
 */
function* awaitAgreement(state: WatcherState, service: NamedService, run: Run, { name }: Step): Routine<void> {
  if (name === 'verify' || name === 'notify') return;
  const sites = [run.from, run.to, ...run.serving];
  // A person may have forced a move away from a site that nobody knows any more; cutting it off takes knowing it.
  const touched = name === 'fence' ? sites : [run.to, ...run.serving];
  for (;;) {
    const { disputes } = serviceViewOf(state, service, (yield* readTime()).monotonicMs);
    const isKnown = touched.every((site) => site === lastResortName || nameNow(service, site) === site);
    if (isKnown && disputesAbout(disputes, sites).length === 0) return;
    yield* pause(state.tickMs);
  }
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

function* reportEnd(service: NamedService, run: Run): Routine<void> {
  const detail = `${describeRun(run)}: ${run.state}`;
  const data = { epoch: run.epoch, state: run.state, decidedMs: run.times.decidedMs, verifiedMs: run.times.verifiedMs };
  yield* call('log', { event: newEvent('run-ended', service.name, detail, { site: run.to, data }) });
}
