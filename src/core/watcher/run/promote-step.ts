import { lossAtPromotion } from '../../decision/data-loss.ts';
import { isLosslessRun, promote } from '../../kinds/promote.ts';
import type { Routine } from '../../routine.ts';
import { executeOrder } from './order-execution.ts';
import type { StepContext, StepEnd } from './step-context.ts';

/**
 * Promotes the new site's data, and waits until the site is the writer. First the possible loss is computed again, with
 * the old site cut off.
 *
 * When a move is taken back, the site usually still writes, so the order changes nothing and no loss is asked about.
 * But the promotion that is taken back may have come through meanwhile. So where the loss is not within the limit, the
 * order allows none.
 */
export function* promoteData(context: StepContext): Routine<StepEnd> {
  const { service, run } = context;
  const [placed] = promote.inRun({ ...context, register: context.register() });
  if (placed === undefined) return { state: 'done', detail: promote.nothingToDo };
  const isWriter = context.register().writer === run.to;
  const isLossless = isLosslessRun(service, run);
  const { lossMs, refusal } = lossAtPromotion(service, run, yield* context.look(), context.ageMs(), isLossless);
  if (refusal !== null && !isWriter) return { state: 'failed', detail: refusal };
  const desired = refusal === null ? placed.desired : { ...placed.desired, isDataLossAllowed: false };
  const end = yield* executeOrder(context, { ...placed, desired }, promote.patienceMs);
  const mayLose = !isWriter || run.kind === 'failover';
  return end.state === 'done' && mayLose ? { ...end, lossMs } : end;
}
