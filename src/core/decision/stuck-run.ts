import { trafficKinds } from '../kinds/kind-name.ts';
import { lastResortName, nameNow } from '../model/service.ts';
import type { Register } from '../register/register.ts';
import { hasFailedGate, type Run, type RunKind, unfinishedSteps } from '../register/run.ts';
import { failedWatch } from '../tables/stopwatch.ts';
import { calmReasons, type Decision, type DecisionInput, hold } from './decision-input.ts';
import { chooseForFailover } from './failover-choice.ts';
import { stoppedBecause } from './limits.ts';
import { planSteps } from './plan.ts';

/**
 * Least time for which what leads clients to the new site is tried again, in milliseconds. A throttle is over in a
 * minute as a rule, and the next round of drift repair finds that. Source: our own.
 */
const unreachedMsMin = 90_000;

/**
 * Decides while a run is under way: it goes on. One that has to cut off, or to give clients to, a site that this
 * configuration does not have waits for a deployment or a person, and is said to be stuck. A pool goes on without it.
 */
export function decideUnderWay({ service, register }: DecisionInput, run: Run): Decision {
  const { leftUnfenced = [] } = register;
  const what = `${run.kind} to ${run.to}`;
  const isFencing =
    !leftUnfenced.includes(run.from) && run.steps.some(({ name, state }) => name === 'fence' && state === 'pending');
  const named = [...(isFencing ? [run.from] : []), run.to, ...run.serving];
  const unknown = named.find((site) => site !== lastResortName && nameNow(service, site) === null);
  if (unknown === undefined || service.mode === 'active-active') return hold('run-in-progress', `${what} is under way`);
  return hold('unknown-site', `the ${what} waits for ${unknown}, which this configuration does not have`);
}

/**
 * Decides the move away from a site that has failed for good. Either its data was promoted, but the site could not be
 * started in `runAttemptsMax` attempts, so clients were never sent there. Or what leads clients there could not be
 * moved in as many rounds of drift repair, as when the API of its region is out, and another site does not need it.
 * Null while the site may still be tried, or when no other site is eligible.
 *
 * The site that clients are still sent to is down for a quorum, as it was when the first move began.
 */
export function decideStuckRun(input: DecisionInput): Decision | null {
  return decideUnstarted(input) ?? decideUnreached(input);
}

function decideUnstarted(input: DecisionInput): Decision | null {
  const { service, register } = input;
  const { run, active, writer, serving } = register;
  if (run === null || run.epoch !== register.epoch || run.kind !== 'failover') return null;
  const isUsedUp = run.retries + 1 >= service.failover.runAttemptsMax;
  if (!hasFailedGate(run) || run.to !== writer || !isUsedUp || stoppedBecause(input) !== null) return null;
  const isStillDown = serving.every((site) => input.knowledge.verdicts[site] === 'down');
  const { to } = chooseForFailover(input);
  if (to === null || !isStillDown) return null;
  const detail = `${active} could not be made to serve in ${run.retries + 1} attempts, and nobody is sent there`;
  return onwardFrom(active, to, detail);
}

/** Runs that bring clients to another site: a return, and what follows a group, are ended by others. */
const leadingKinds: readonly RunKind[] = ['failover', 'switchover', 'failback'];

function decideUnreached(input: DecisionInput): Decision | null {
  const { service, register, knowledge, stopwatches } = input;
  const { run, active } = register;
  if (run === null || run.epoch !== register.epoch || run.state !== 'failed') return null;
  if (!leadingKinds.includes(run.kind)) return null;
  const unmoved = run.steps.filter(({ name, state }) => state === 'failed' && trafficKinds.some((one) => one === name));
  if (hasFailedGate(run) || unmoved.length === 0 || knowledge.verdicts[run.from] !== 'down') return null;
  const { runAttemptsMax, reconcileMs } = service.failover;
  const sinceMs = stopwatches[failedWatch(service.name, run)] ?? 0;
  const isTried = sinceMs >= Math.max(unreachedMsMin, runAttemptsMax * reconcileMs);
  if (!isTried || stoppedBecause(input) !== null) return null;
  const { to } = chooseForFailover(input);
  if (to === null) return null;
  const onward = planSteps(service, { kind: 'failover', from: active, to, serving: [to], fences: [] });
  if (unmoved.some(({ name }) => onward.some((step) => step.name === name))) return null;
  const what = unmoved.map(({ name, resource }) => `${name} of ${resource}`).join(', ');
  return onwardFrom(active, to, `${what} could not be moved to ${active}, and ${to} does not need it`);
}

function onwardFrom(from: string, to: string, detail: string): Decision {
  return { kind: 'move', run: 'failover', from, to, serving: [to], reason: 'attempts-used-up', detail };
}

/**
 * What the newest run has left undone, when the decision would otherwise say that all is well; null when there is
 * nothing.
 */
export function whatIsUnfinished(register: Register, { reason }: Decision): Decision | null {
  const undone = whatIsUndone(register);
  return undone === null || !calmReasons.includes(reason) ? null : hold('run-unfinished', undone);
}

/** What the newest run has left undone, in words; null when there is nothing. */
export function whatIsUndone({ run, epoch }: Register): string | null {
  const [step] = run?.epoch === epoch ? unfinishedSteps(run) : [];
  return step === undefined ? null : `${step.name} of ${step.resource} is not done: ${step.detail}`;
}
