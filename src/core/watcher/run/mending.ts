import { newEvent } from '../../alerting/event.ts';
import { settleLater } from '../../decision/plan.ts';
import { kindNames } from '../../kinds/kind-name.ts';
import { kindOf } from '../../kinds/kinds.ts';
import { newOrder } from '../../kinds/order.ts';
import type { NamedService } from '../../model/service.ts';
import { changeRegister } from '../../register/proposer.ts';
import { hasOpenRun, type Register } from '../../register/register.ts';
import { isShut, type Run, type Step, type StepName, tokenOf, unfinishedSteps } from '../../register/run.ts';
import { describeRun } from '../../register/run-words.ts';
import { all, call, type Routine, readTime } from '../../routine.ts';
import { isKeeper } from '../../tables/keeper.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import { epochWatch } from '../../tables/stopwatch.ts';
import { proposerFor, type WatcherState } from '../state.ts';
import { orderInTurn } from './hook-turns.ts';
import { whatIsMissing } from './verify-step.ts';

/**
 * Checks whether the steps that the newest run has left undone are done by now, and records that in the register. Until
 * then the service is stuck.
 *
 * Drift repair keeps trying each thing in its own region. Whether a whole step is done must be checked by one watcher,
 * which asks for all of its things: the first living watcher that functions everywhere answer.
 */
export function* mendRun(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
): Routine<void> {
  const { run } = register;
  if (run === null || run.epoch !== register.epoch || isShut(run)) return;
  if (!isKeeper(state.setup.region, serviceView, null)) return;
  const undone = unfinishedSteps(run);
  if (undone.length === 0) return;
  const done = yield* findDone(state, service, register, run, undone);
  if (done.length === 0) return;
  const { wallMs } = yield* readTime();
  const outcome = yield* changeRegister(proposerFor(state, service.name), (current) => {
    const isSame = current?.run?.epoch === run.epoch && current.run.attempt === run.attempt;
    return isSame && !hasOpenRun(current) ? settleLater(service, current, done, wallMs) : null;
  });
  if (outcome.outcome !== 'changed') return;
  const detail = `${describeRun(run)}: ${done.join(', ')} done later`;
  yield* call('log', { event: newEvent('step-ended', service.name, detail, { data: { state: 'done' } }) });
}

/** Which of the steps are done now. The DNS answer is checked only once nothing else is missing. */
function* findDone(
  state: WatcherState,
  service: NamedService,
  register: Register,
  run: Run,
  undone: readonly Step[],
): Routine<readonly StepName[]> {
  const done: StepName[] = [];
  for (const { name } of undone) {
    const kind = kindNames.find((one) => one === name);
    if (kind === undefined || name === 'fence' || name === 'promote') continue;
    const { region: ownRegion, deployment } = state.setup;
    const { controlRegions } = deployment;
    const epochAgeMs = state.stopwatches[epochWatch(service.name, register.epoch)] ?? 0;
    const things = kindOf(kind).atRest({ service, register, ownRegion, controlRegions, epochAgeMs });
    const token = tokenOf(register.epoch, register.run);
    const answers = yield* all(
      things.map(({ region, desired }) =>
        orderInTurn(state, service, region, newOrder(service, token, 'repair', desired)),
      ),
    );
    if (answers.every((answer) => answer.ok && answer.value.outcome === 'as-ordered')) done.push(name);
  }
  const isOnlyVerify = undone.every(({ name }) => name === 'verify' || done.includes(name));
  const isUnverified = undone.some(({ name }) => name === 'verify');
  if (isOnlyVerify && isUnverified && (yield* whatIsMissing(service, run, register)) === null) done.push('verify');
  return done;
}
