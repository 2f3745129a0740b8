import { type LossAtPromotion, lossAtPromotion } from '../../decision/data-loss.ts';
import type { Placed } from '../../kinds/kind.ts';
import type { Desired } from '../../kinds/kinds.ts';
import { newOrder, type StepReport } from '../../kinds/order.ts';
import { isLosslessRun, promote } from '../../kinds/promote.ts';
import { sizesOfData } from '../../kinds/start.ts';
import { tokenOf } from '../../register/run.ts';
import { all, call, pause, type Routine, readTime } from '../../routine.ts';
import { startWaitMs } from '../../timing.ts';
import { surveyIntervalMs } from '../surveys/survey.ts';
import { executeOrder } from './order-execution.ts';
import type { StepContext, StepEnd } from './step-context.ts';

/** Pause between two looks at what the data runs on, or at what is known of its lag, in milliseconds. */
const lookPauseMs = 1_000;

/** Looks at a promotion that somebody else may have ordered, at most. */
const looksMax = 3;

/**
 * Promotes the new site's data, and waits until the site is the writer. First it waits for what the data runs on, and
 * then the possible loss is computed again, with the old site cut off.
 *
 * When a move is taken back, the site usually still writes, so the order changes nothing and no loss is asked about.
 * But the promotion that is taken back may have come through meanwhile. So where the loss is not within the limit, the
 * order allows none. The same holds for a site whose promotion was ordered before, by a person too: it may be the
 * writer already, and a writer has no lag to read. Whether whoever carried this run out before has ordered it, the data
 * says.
 */
export function* promoteData(context: StepContext): Routine<StepEnd> {
  const { run } = context;
  const [placed] = promote.inRun({ ...context, register: context.register() });
  if (placed === undefined) return { state: 'done', detail: promote.nothingToDo };
  const { writer, promoting } = context.register();
  const isWriter = writer === run.to;
  const growthMs = isWriter ? 0 : yield* awaitGrowth(context);
  const mayWrite = isWriter || promoting.includes(run.to) || (yield* isSoleWriter(context));
  const { loss, isHeld } = yield* lossToTake(context, placed, mayWrite);
  const { lossMs, refusal } = loss;
  if (isHeld) return { state: 'failed', detail: refusal ?? '' };
  const isReturn = isWriter && (yield* isLeftAlone(context));
  const wish = refusal === null ? placed.desired : { ...placed.desired, isDataLossAllowed: false };
  const desired = isReturn ? { ...wish, isReturn } : wish;
  const ordered = { ...placed, desired };
  const asked = yield* executeOrder(context, ordered, promote.patienceMs + growthMs);
  const isAnswering = asked.state === 'failed' && asked.isHeard === true;
  const end = isAnswering ? yield* lookAgain(context, ordered, asked) : asked;
  const mayLose = !isWriter || run.kind === 'failover';
  return end.state === 'done' && mayLose ? { ...end, lossMs } : end;
}

/** Whether the API that knows every copy calls the new site the only writer: a person has promoted it before. */
function* isSoleWriter({ run, look }: StepContext): Routine<boolean> {
  return (yield* look()).reports[run.to]?.dataRole === 'sole-writer';
}

/**
 * Whether a move is taken back to a site that is well, while nobody can ask the site that it was to: that one's fence
 * is closed by its lease alone. Else the move goes forward, where the promotion has come through (`turn-back.ts`).
 */
function* isLeftAlone({ register, run, look }: StepContext): Routine<boolean> {
  const isSilent = register().owed.some(({ site, proof }) => site === run.from && proof === 'lease');
  return isSilent && (yield* look()).verdicts[run.to] === 'up';
}

/**
 * What the promotion would lose, and whether it is held for that: not where the site may write already, or is being
 * promoted.
 */
function* lossToTake(
  context: StepContext,
  placed: Placed<Desired>,
  mayWrite: boolean,
): Routine<{ readonly loss: LossAtPromotion; readonly isHeld: boolean }> {
  const { service, run } = context;
  const isLossless = isLosslessRun(service, run);
  const lossNow = function* () {
    return lossAtPromotion(service, run, yield* context.look(), context.ageMs(), isLossless);
  };
  const loss = yield* lossNow();
  if (loss.refusal === null || mayWrite) return { loss, isHeld: false };
  if (run.attempt > 1 && (yield* isUnderWay(context, placed))) return { loss, isHeld: false };
  const later = yield* awaitLag(context, placed, lossNow);
  return { loss: later, isHeld: later.refusal !== null };
}

/**
 * Waits for somebody to say how far the site is behind, where that decides and nobody knows it. When the site's own
 * watcher falls silent in a run, the others survey the site from their next tick on. A silent region is not waited for:
 * nobody can tell.
 */
function* awaitLag(
  context: StepContext,
  { region }: Placed<Desired>,
  lossNow: () => Routine<LossAtPromotion>,
): Routine<LossAtPromotion> {
  const { monotonicMs: begunMs } = yield* readTime();
  const patienceMs = surveyIntervalMs + 2 * context.service.detection.intervalMs;
  for (;;) {
    const loss = yield* lossNow();
    const isWaitedFor = loss.refusal !== null && loss.lossMs === null && (yield* context.silentMs(region)) === null;
    const { monotonicMs } = yield* readTime();
    if (!isWaitedFor || monotonicMs - begunMs >= patienceMs) return loss;
    yield* pause(lookPauseMs);
  }
}

/**
 * Looks once more, without a claim, whether the site writes: orders may have been carried out, and what failed was the
 * claim. A move that is taken back then would promote the old site again, and lose what the new one has taken. Nothing
 * is asked of a region whose functions do not answer: the step has to end within the life of a process.
 */
function* lookAgain(context: StepContext, placed: Placed<Desired>, failed: StepEnd): Routine<StepEnd> {
  const report = yield* lookAt(context, placed);
  const isWriter = report?.outcome === 'as-ordered';
  return isWriter ? { state: 'done', detail: `it writes, although ${failed.detail}` } : failed;
}

/**
 * Whether the site writes, or is being promoted; no, where nobody can tell. A silent region is not asked. A function of
 * another configuration says nothing of it: it is waited for with the order, which allows no loss.
 */
function* isUnderWay(context: StepContext, placed: Placed<Desired>): Routine<boolean> {
  for (let looks = 0; looks < looksMax && (yield* context.silentMs(placed.region)) === null; looks += 1) {
    if (looks > 0) yield* pause(lookPauseMs);
    const report = yield* lookAt(context, placed);
    if (report === null || report.outcome === 'failed') continue;
    const isOrdered = report.outcome === 'pending' && report.isUnderWay === true;
    return isOrdered || report.outcome === 'as-ordered' || report.outcome === 'disagreed';
  }
  return false;
}

/** What the data says without being changed; null when no function answers. */
function* lookAt({ service, run, give }: StepContext, placed: Placed<Desired>): Routine<StepReport | null> {
  const order = newOrder(service, tokenOf(run.epoch, run), 'rehearse', placed.desired);
  const answer = yield* give(placed.region, order);
  return answer.ok ? answer.value : null;
}

/**
 * Waits until what the data runs on at the new site has its size. The step `start` asks for it; here it is only looked
 * at. The wait ends with that step, whichever way, and with its patience: data at a small size is better than none, and
 * whether clients may follow is for that step to say.
 *
 * @returns the longest that this may take, in milliseconds; 0 where there is nothing to wait for
 */
function* awaitGrowth(context: StepContext): Routine<number> {
  const { service, run } = context;
  const { reports } = yield* context.look();
  const sizes = sizesOfData(service, run.to, reports[run.from]?.size ?? null);
  if (sizes.length === 0 || run.isShortAllowed) return 0;
  const patienceMs = startWaitMs(service, service.sites[run.to]?.bootMs ?? 0);
  const token = tokenOf(run.epoch, run);
  while (isStarting(context) && context.stepAgeMs() < patienceMs) {
    const answers = yield* all(
      sizes.map(({ region, desired }) =>
        call('invoke', { region, order: newOrder(service, token, 'rehearse', desired) }),
      ),
    );
    if (answers.every((answer) => answer.ok && answer.value.outcome === 'as-ordered')) break;
    yield* pause(lookPauseMs);
  }
  return patienceMs;
}

/** Whether the step `start` of the run still goes on, as far as this watcher knows. */
function isStarting({ run, seen }: StepContext): boolean {
  const newest = seen()?.run;
  const { steps } = newest?.epoch === run.epoch && newest.attempt === run.attempt ? newest : run;
  return steps.some(({ name, state }) => name === 'start' && state === 'pending');
}
