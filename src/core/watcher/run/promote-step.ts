import { lossAtPromotion } from '../../decision/data-loss.ts';
import { isLosslessRun, promote } from '../../kinds/promote.ts';
import type { Routine } from '../../routine.ts';
import { executeOrder } from './order-execution.ts';
import type { StepContext, StepEnd } from './step-context.ts';

/**
 * Promotes the new site's data, and waits until the site is the writer. First the possible loss is computed again, with
 * the old site cut off. When the site writes already, the order changes nothing.
 */
export function* promoteData(context: StepContext): Routine<StepEnd> {
  const { service, run } = context;
  const [placed] = promote.inRun({ ...context, register: context.register() });
  if (placed === undefined) return { state: 'done', detail: promote.nothingToDo };
  if (context.register().writer === run.to) return yield* executeOrder(context, placed, promote.patienceMs);
  const isLossless = isLosslessRun(service, run);
  const { lossMs, refusal } = lossAtPromotion(service, run, yield* context.look(), context.ageMs(), isLossless);
  if (refusal !== null) return { state: 'failed', detail: refusal };
  const end = yield* executeOrder(context, placed, promote.patienceMs);
  return end.state === 'done' ? { ...end, lossMs } : end;
}
