import { claimAgeMsMax } from '../../kinds/actuator.ts';
import type { Placed } from '../../kinds/kind.ts';
import { newOrder } from '../../kinds/order.ts';
import { type WorkDesired, work, workElsewhere, workFor } from '../../kinds/work.ts';
import { tokenOf } from '../../register/run.ts';
import { all, call, pause, type Routine, readTime } from '../../routine.ts';
import { executeOrder, worstOf } from './order-execution.ts';
import type { StepContext, StepEnd } from './step-context.ts';

/** Pause between two rounds of attempts to turn work off in a silent region, in milliseconds. */
const pollMs = 500;

/**
 * Turns the work off at every other site, with proof, and then on at the new one.
 *
 * The end of the lease stands in for proof only while a region is silent, its functions included, as every holder of
 * the run has counted it. Then that region's own watcher, if it lives, must have turned the work off. A region that
 * goes on to answer and does not turn it off fails the step: nothing is turned on then, and drift repair goes on
 * with it. Where only the claim fails, because the region's table is dark, the region turns its work off itself; a
 * look that finds it off counts once no claim from before can lead to a write.
 */
export function* moveWork(context: StepContext): Routine<StepEnd> {
  const { service, run } = context;
  const off = worstOf(yield* all(workElsewhere(service, run.to).map((placed) => turnOff(context, placed))));
  if (off.state === 'stale' || off.state === 'failed') return off;
  const on = worstOf(
    yield* all(workFor(service, run.to, true).map((placed) => executeOrder(context, placed, work.patienceMs))),
  );
  if (on.state !== 'done') return on;
  return off.state === 'done' ? { state: 'done', detail: `off elsewhere, on at ${run.to}` } : off;
}

function* turnOff(context: StepContext, placed: Placed<WorkDesired>): Routine<StepEnd> {
  const { service, run } = context;
  const { region, desired } = placed;
  const waitMs = context.leaseWaitMs(region);
  const startedMs = (yield* readTime()).monotonicMs;
  let seenOffMs: number | null = null;
  for (;;) {
    const end = yield* executeOrder(context, placed, work.patienceMs);
    if (end.state !== 'failed') return end;
    const nowMs = (yield* readTime()).monotonicMs;
    seenOffMs = end.isHeard && (yield* isSeenOff(context, placed)) ? (seenOffMs ?? nowMs) : null;
    if (seenOffMs !== null && nowMs - seenOffMs > claimAgeMsMax)
      return { state: 'done', detail: `seen off at ${desired.site}, where nothing can be claimed: ${end.detail}` };
    const detail = `not off at ${desired.site}: ${end.detail}`;
    const countedMs = yield* context.silentMs(region);
    // Where another watcher hears the region that does not answer this one, it takes the run over.
    if (countedMs === null && end.isHeard) return { state: 'failed', detail };
    const isLate = nowMs - startedMs >= waitMs && seenOffMs === null;
    if (isLate && (countedMs === null || end.isHeard)) return { state: 'failed', detail };
    const silentMs = Math.min(countedMs ?? 0, context.stepAgeMs());
    if (silentMs >= waitMs) {
      const said = `${region} has been silent for ${Math.round(silentMs / 1_000)} s`;
      if (context.isUnclosed(desired.site, 'work') && !run.isProofWaived)
        return {
          state: 'failed',
          detail: `${said}; its watcher, or its function, was deployed without this work, and turns none off`,
        };
      return service.failover.requireFenceProof && !run.isProofWaived
        ? { state: 'failed', detail: `${said}, and proof is demanded` }
        : { state: 'fallback', detail: `off at ${desired.site} by lease, unproven: ${said}` };
    }
    yield* pause(pollMs);
  }
}

/** Whether a look finds the work off: its own region turns it off without a claim while its table is dark. */
function* isSeenOff({ service, run }: StepContext, { region, desired }: Placed<WorkDesired>): Routine<boolean> {
  const order = newOrder(service, tokenOf(run.epoch, run), 'rehearse', desired);
  const answer = yield* call('invoke', { region, order });
  return answer.ok && answer.value.outcome === 'as-ordered';
}
