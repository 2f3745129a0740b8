import type { Register } from '../register/register.ts';
import { hasFailedGate, unfinishedSteps } from '../register/run.ts';
import { type Decision, type DecisionInput, hold, type Reason } from './decision-input.ts';
import { chooseForFailover } from './failover-choice.ts';
import { stoppedBecause } from './limits.ts';

/**
 * Decides the move away from a site that has failed for good: its data was promoted, but the site could not be started
 * in `runAttemptsMax` attempts, so clients were never sent there. Null while the site may still be tried, or when no
 * other site is eligible.
 *
 * `from` is the site that clients are still sent to. A quorum called that site down when the first move began.
 */
export function decideStuckRun(input: DecisionInput): Decision | null {
  const { service, register } = input;
  const { run, active, writer, serving } = register;
  if (run === null || run.epoch !== register.epoch || run.kind !== 'failover') return null;
  const isUsedUp = run.retries + 1 >= service.failover.runAttemptsMax;
  if (!hasFailedGate(run) || run.to !== writer || !isUsedUp || stoppedBecause(input) !== null) return null;
  const isStillDown = serving.every((site) => input.knowledge.verdicts[site] === 'down');
  const { to } = chooseForFailover(input);
  if (to === null || !isStillDown) return null;
  return {
    kind: 'move',
    run: 'failover',
    from: active,
    to,
    serving: [to],
    reason: 'attempts-used-up',
    detail: `${active} could not be made to serve in ${run.retries + 1} attempts, and nobody is sent there`,
  };
}

/**
 * Reasons that would say that all is well. None of them is reported while the newest run has left something undone.
 */
const calmReasons: readonly Reason[] = [
  'healthy',
  'degraded',
  'no-quorum',
  'warming-up',
  'failback-waits',
  'planned-waits',
];

/**
 * What the newest run has left undone, when the decision would otherwise say that all is well; null when there is
 * nothing.
 */
export function whatIsUnfinished(register: Register, { reason }: Decision): Decision | null {
  const isNewest = register.run?.epoch === register.epoch;
  const [step] = isNewest ? unfinishedSteps(register.run) : [];
  if (step === undefined || !calmReasons.includes(reason)) return null;
  return hold('run-unfinished', `${step.name} of ${step.resource} is not done: ${step.detail}`);
}
