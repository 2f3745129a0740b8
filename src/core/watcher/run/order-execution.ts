import { type FailoverEvent, newEvent } from '../../alerting/event.ts';
import type { Answer } from '../../fault.ts';
import type { Placed } from '../../kinds/kind.ts';
import type { Desired } from '../../kinds/kinds.ts';
import { newOrder, type Order, type StepReport } from '../../kinds/order.ts';
import { tokenOf } from '../../register/run.ts';
import { pause, type Routine, random } from '../../routine.ts';
import { hasAnswered } from '../reach.ts';
import type { StepContext, StepEnd } from './step-context.ts';

/** Upper end of the first random pause between attempts at a step. */
const attemptPauseMs = 200;
const attemptPauseMsMax = 5_000;
/** Pause between two checks of a thing that is on its way, such as a boot or a promotion, in milliseconds. */
const pendingPauseMs = 2_000;

/** The order of a thing under the run's token. */
export function orderOf({ service, run }: Pick<StepContext, 'service' | 'run'>, placed: Placed<Desired>): Order {
  return newOrder(service, tokenOf(run.epoch, run), 'enforce', placed.desired);
}

/** An attempt at a step that failed. */
export function attemptFailed(
  { service, run }: Pick<StepContext, 'service' | 'run'>,
  { region, desired }: Placed<Desired>,
  why: string,
): FailoverEvent {
  const step = desired.kind;
  return newEvent('attempt-failed', service.name, `${step} in ${region}: ${why}`, {
    data: { step, region, epoch: run.epoch, attempt: run.attempt },
  });
}

/** Gives an order once, and notes whether its region has answered. */
export function* giveOrder(context: StepContext, placed: Placed<Desired>): Routine<Answer<StepReport>> {
  const answer = yield* context.give(placed.region, orderOf(context, placed));
  context.noteAnswer(placed, answer);
  return answer;
}

/** The end of an order, and whether anything in its region answered meanwhile: then the region is not silent. */
export type OrderEnd = StepEnd & { readonly isHeard?: boolean };

/**
 * Gives an order until it is done, stale, or out of attempts.
 *
 * @param patienceMs - how long the step may wait while a thing is on its way; a check costs no attempt. The time is
 *   counted over all holders of the run, so that a new holder does not start the wait again.
 *
 * A function that was configured differently costs no attempt either: it is asked until it agrees, as the watchers are
 * waited for. Failing would turn a move back in the middle of a deployment.
 */
export function* executeOrder(context: StepContext, placed: Placed<Desired>, patienceMs = 0): Routine<OrderEnd> {
  const { stepAttemptsMax } = context.service.failover;
  let last = 'not tried';
  let why: string | null = null;
  let isTold = false;
  let isHeard = false;
  for (let failures = 0; failures < stepAttemptsMax; ) {
    const answer = yield* giveOrder(context, placed);
    isHeard ||= hasAnswered(answer);
    if (answer.ok && answer.value.outcome === 'pending') {
      why = answer.value.why ?? why;
      if (context.stepAgeMs() >= patienceMs) {
        const detail = `not there after ${Math.round(patienceMs / 1_000)} s${why === null ? '' : `: ${why}`}`;
        return { state: 'failed', detail, isHeard };
      }
      yield* pause(pendingPauseMs);
      continue;
    }
    const end = endOf(answer);
    if (end.state !== 'failed') return end;
    if (answer.ok && answer.value.outcome === 'disagreed') {
      if (!isTold) yield* context.tell(attemptFailed(context, placed, end.detail));
      isTold = true;
      yield* pause(pendingPauseMs);
      continue;
    }
    failures += 1;
    last = end.detail;
    yield* context.tell(attemptFailed(context, placed, end.detail));
    if (failures < stepAttemptsMax) {
      yield* pause((yield* random()) * Math.min(attemptPauseMsMax, attemptPauseMs * 2 ** failures));
    }
  }
  return { state: 'failed', detail: `${last} (${stepAttemptsMax} attempts)`, isHeard };
}

/** What an actuator's answer means for the step. */
export function endOf(answer: Answer<StepReport>): StepEnd {
  if (!answer.ok) return { state: 'failed', detail: `actuator: ${answer.fault.kind}, ${answer.fault.detail}` };
  const report = answer.value;
  switch (report.outcome) {
    case 'as-ordered':
      return { state: 'done', detail: report.hasWritten ? 'written and read back' : 'was so already' };
    case 'pending':
      return { state: 'failed', detail: report.detail };
    case 'stale':
      return {
        state: 'stale',
        detail: `epoch ${report.claimed.epoch}, attempt ${report.claimed.attempt} is in charge`,
      };
    case 'disagreed':
      return { state: 'failed', detail: report.detail };
    case 'failed':
      return { state: 'failed', detail: `${report.fault.kind}: ${report.fault.detail}` };
  }
}

/** The worst of several ends, in this order: stale, failed, fallback, done. */
export function worstOf(ends: readonly StepEnd[]): StepEnd {
  const order = ['stale', 'failed', 'turned-back', 'fallback', 'done'];
  const [worst] = [...ends].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return worst ?? { state: 'done', detail: 'nothing to do' };
}
