import { fence, fenceFor } from '../../kinds/fence.ts';
import { call, inParallel, pause, type Routine, unfinished } from '../../routine.ts';
import { leaseWaitMs } from '../../timing.ts';
import { attemptFailed, endOf, orderOf } from './order-execution.ts';
import type { StepContext, StepEnd } from './step-context.ts';

/** Pause between two looks at a fence that cannot be reached. */
const pollMs = 500;

/**
 * Cuts the old site off, with proof, or waits until its own region must have done so.
 *
 * The wait counts from when the step was first seen ready, over all holders of the run: later than the decision, so never
 * too short, and a run that is handed on does not start it anew. An order that hangs does not lengthen it.
 */
export function* fenceOldSite(context: StepContext): Routine<StepEnd> {
  const { service, run } = context;
  const [placed] = fenceFor(service, run.from, true);
  if (placed === undefined) return { state: 'done', detail: fence.nothingToDo };
  let isOver = false;
  const [proof] = yield* inParallel<StepEnd | null>([orderFence(), runOutLease()], (results) =>
    results.some((result) => result !== unfinished),
  );
  return proof === unfinished || proof === undefined || proof === null
    ? { state: 'fallback', detail: 'no proof of the fence, but the lease has run out' }
    : proof;

  function* orderFence(): Routine<StepEnd | null> {
    if (placed === undefined) return null;
    for (let made = 0; !isOver; made += 1) {
      const end = endOf(yield* call('invoke', { region: placed.region, order: orderOf(context, placed) }));
      if (end.state !== 'failed') return end;
      // Asked again at once for as long as the lease runs: the first failure says it for all.
      if (made === 0) yield* context.tell(attemptFailed(context, placed, end.detail));
      yield* pause(pollMs);
    }
    return null;
  }

  function* runOutLease(): Routine<null> {
    while (context.stepAgeMs() < leaseWaitMs(service)) yield* pause(pollMs);
    isOver = true;
    return null;
  }
}
