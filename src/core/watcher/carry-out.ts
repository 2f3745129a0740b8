import type { NamedService } from '../deployment.ts';
import { type Happening, happen } from '../happening.ts';
import { settleStep } from '../plan.ts';
import { type ChangeOutcome, changeRegister } from '../register/proposer.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import { all, call, pause, type Routine, random, readTime } from '../routine.ts';
import { type Run, readySteps, type Step } from '../run.ts';
import { epochWatch } from '../stopwatch.ts';
import { proposerFor, type WatcherState } from './state.ts';
import { performStep, type StepEnd } from './steps.ts';
import { announce } from './tell.ts';

/** Attempts at noting how a step ended before the run is left to whoever finds it. */
const noteAttemptsMax = 5;

/**
 * Carries out a run that this watcher holds, until it has ended or somebody else has it.
 *
 * Progress is noted in the register after each step, so that whoever takes over starts where this one stopped.
 */
export function* carryOut(state: WatcherState, service: NamedService, register: Register): Routine<void> {
  let current: Register | null = register;
  while (current?.run && holdsRun(state, current.run)) {
    const run: Run = current.run;
    const ready = readySteps(run);
    if (ready.length === 0) return;
    const results = yield* all(ready.map((step) => carryOutStep(state, service, run, step)));
    current = results.reduce(newer, null);
  }
  if (current?.run && !hasOpenRun(current)) yield* reportEnd(service, current.run);
}

/** Of two register values the one with more of the run behind it; null only when every noting failed. */
function newer(a: Register | null, b: Register | null): Register | null {
  if (a === null || b === null) return a ?? b;
  const progress = (register: Register) => register.run?.steps.filter((step) => step.state !== 'pending').length ?? 0;
  return b.epoch > a.epoch || progress(b) > progress(a) ? b : a;
}

/** Whether a run is open and this process's own. */
export function holdsRun(state: WatcherState, run: Run): boolean {
  const { region, invocation } = run.holder ?? {};
  return run.state === 'running' && region === state.setup.region && invocation === state.invocation;
}

function* carryOutStep(state: WatcherState, service: NamedService, run: Run, step: Step): Routine<Register | null> {
  const data = { step: step.name, epoch: run.epoch, attempt: run.attempt };
  yield* call('log', { happening: happen('step-started', service.name, `${step.name} ${step.resource}`, { data }) });
  const ageMs = () => state.stopwatches[epochWatch(service.name, run.epoch)] ?? 0;
  const tell = (happening: Happening) => announce(state, happening);
  const end = yield* performStep(service, run, step, state.setup.region, ageMs, tell);
  const detail = `${step.name}: ${end.state}, ${end.detail}`;
  yield* announce(state, happen('step-ended', service.name, detail, { data: { ...data, state: end.state } }));
  return end.state === 'stale' ? null : yield* noteEnd(state, service, run, step, end);
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
  const detail = `${run.kind} ${run.from} > ${run.to}: ${run.state}`;
  const data = { epoch: run.epoch, state: run.state, decidedMs: run.times.decidedMs, verifiedMs: run.times.verifiedMs };
  yield* call('log', { happening: happen('run-ended', service.name, detail, { site: run.to, data }) });
}
