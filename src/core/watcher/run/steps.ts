import { newEvent } from '../../alerting/event.ts';
import { type AnyKind, kindOf } from '../../kinds/kinds.ts';
import { isShut, type Run, type Step } from '../../register/run.ts';
import { describeRun } from '../../register/run-words.ts';
import { all, call, type Routine } from '../../routine.ts';
import { fenceOldSite } from './fence-step.ts';
import { executeOrder, worstOf } from './order-execution.ts';
import { promoteData } from './promote-step.ts';
import { shiftInShares } from './shift-step.ts';
import { startSites } from './start-step.ts';
import type { StepContext, StepEnd } from './step-context.ts';
import { verifyTraffic } from './verify-step.ts';
import { moveWork } from './work-step.ts';

/** Does one step, within its limits. Every step is idempotent, because an earlier holder may have done it already. */
export function* executeStep(context: StepContext, step: Step): Routine<StepEnd> {
  switch (step.name) {
    case 'verify':
      return yield* verifyTraffic(context);
    case 'notify':
      return yield* notifyPeople(context);
    default:
      return yield* executeKind(context, kindOf(step.name));
  }
}

function* executeKind(context: StepContext, kind: AnyKind): Routine<StepEnd> {
  const manner = kind.mannerOf(context.service);
  switch (manner.kind) {
    case 'at-once':
      return yield* orderAtOnce(context, kind);
    case 'under-the-fence':
      return yield* promoteData(context);
    case 'until-lease':
      return yield* fenceOldSite(context);
    case 'until-ready':
      return yield* startSites(context);
    case 'in-turn':
      return yield* moveWork(context);
    case 'in-shares':
      return yield* shiftInShares(context, kind, manner.ramp);
  }
}

/** Gives all orders of a step in parallel. When some fail, the kind says whether there is a fallback. */
function* orderAtOnce(context: StepContext, kind: AnyKind): Routine<StepEnd> {
  const placed = kind.inRun({ ...context, register: context.register() });
  if (placed.length === 0) return { state: 'done', detail: kind.nothingToDo };
  const ends = yield* all(placed.map((one) => executeOrder(context, one, kind.patienceMs)));
  const worst = worstOf(ends);
  if (worst.state !== 'failed') return worst;
  const regions = placed.filter((_, index) => ends[index]?.state === 'failed').map(({ region }) => region);
  const failure = { detail: worst.detail, regions, askedCount: placed.length };
  const fallback = kind.fallbackOf(context.service, failure);
  return fallback === null ? worst : { state: 'fallback', detail: fallback };
}

/** What the run has done by now, for people. */
function stepsSoFar(run: Run): string {
  const ended = run.steps.filter(({ state }) => state !== 'pending');
  return ended.map(({ name, state, detail }) => `${name}: ${state} (${detail})`).join('; ');
}

function* notifyPeople({ service, run }: StepContext): Routine<StepEnd> {
  // Nothing has moved in that case, and people were notified of the failed step.
  if (isShut(run)) return { state: 'done', detail: 'people were notified of the failed step' };
  const what = describeRun(run).replace(/ (\S+) > (\S+)$/, ' from $1 to $2');
  const detail = `${service.name}: ${what}, epoch ${run.epoch} (${run.reason}, by ${run.by})`;
  const { epoch, kind, from, to, reason } = run;
  const { dataAtRiskMs } = run.times;
  const data = { epoch, kind, from, to, reason, serving: run.serving.join(' '), dataAtRiskMs, steps: stepsSoFar(run) };
  const event = newEvent('failover', service.name, detail, { site: to, data });
  yield* call('log', { event });
  const answer = yield* call('notify', { event });
  // A message that cannot be sent does not make the move a failure. The register and the log hold the same.
  return answer.ok
    ? { state: 'done', detail: 'sent' }
    : { state: 'fallback', detail: `not sent (${answer.fault.kind}); see the log` };
}
