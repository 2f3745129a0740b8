import { newEvent } from '../../alerting/event.ts';
import { fenceFor } from '../../kinds/fence.ts';
import type { Placed } from '../../kinds/kind.ts';
import type { Desired } from '../../kinds/kinds.ts';
import { newOrder } from '../../kinds/order.ts';
import type { NamedService } from '../../model/service.ts';
import { withProofs } from '../../register/owed-fence.ts';
import { changeRegister } from '../../register/proposer.ts';
import type { Register } from '../../register/register.ts';
import { type Run, tokenOf } from '../../register/run.ts';
import { describeRun } from '../../register/run-words.ts';
import { call, type Routine } from '../../routine.ts';
import { isKeeper } from '../../tables/keeper.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import { startJob } from '../job.ts';
import { noteReach } from '../reach.ts';
import { orderInTurn } from '../run/hook-turns.ts';
import { endOf } from '../run/order-execution.ts';
import { proposerFor, type WatcherState } from '../state.ts';

/**
 * While a run is open that has gone past its fence step, orders every fence that is owed without proof anew at each
 * tick. A silent region may come back before the promotion is through, and long before its own watcher is started.
 *
 * One watcher does so for each region: the one that looks after the things there. The region's own watcher closes what
 * is owed in any case (`guardLeases`).
 */
export function* closeLate(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  { owed, run }: Register & { readonly run: Run },
): Routine<void> {
  if (run.steps.some(({ name, state: end }) => name === 'fence' && end === 'pending')) return;
  for (const { site, proof } of owed) {
    if (proof === 'closed' || site === run.to) continue;
    for (const placed of fenceFor(service, site, true))
      if (placed.region !== state.setup.region && isKeeper(state.setup.region, serviceView, placed.region))
        yield* startJob(state, `fence:${service.name}/${site}:late`, () => close(state, service, run, site, placed));
  }
}

function* close(
  state: WatcherState,
  service: NamedService,
  run: Run,
  site: string,
  placed: Placed<Desired>,
): Routine<void> {
  const order = newOrder(service, tokenOf(run.epoch, run), 'repair', placed.desired);
  const answer = yield* orderInTurn(state, service, placed.region, order);
  noteReach(state, placed, answer);
  if (endOf(answer).state !== 'done' || !(yield* noteClosed(state, service, site, run.epoch))) return;
  const detail = `${describeRun(run)}: the fence of ${site} is closed now`;
  yield* call('log', { event: newEvent('step-ended', service.name, detail, { site, data: { state: 'done' } }) });
}

/**
 * Records in the register that an owed fence was read back as closed.
 *
 * @param epoch - in which it was ordered: a fence that a later move owes has to be read again
 * @returns whether the register knew no proof of it
 */
export function* noteClosed(state: WatcherState, service: NamedService, site: string, epoch: number): Routine<boolean> {
  const outcome = yield* changeRegister(proposerFor(state, service.name), (current) =>
    current !== null && isUnproven(current, site, epoch) ? withProofs(current, { [site]: 'closed' }) : null,
  );
  return outcome.outcome === 'changed';
}

/** Whether a fence is still owed to the same move without a proof. */
export function isUnproven({ owed }: Pick<Register, 'owed'>, site: string, epoch: number): boolean {
  return owed.some((fence) => fence.site === site && fence.proof !== 'closed' && fence.epoch <= epoch);
}
