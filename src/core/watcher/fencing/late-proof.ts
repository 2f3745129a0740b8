import { newEvent } from '../../alerting/event.ts';
import { fenceAnyhow } from '../../kinds/fence.ts';
import type { Placed } from '../../kinds/kind.ts';
import type { Desired } from '../../kinds/kinds.ts';
import { newOrder } from '../../kinds/order.ts';
import type { NamedService } from '../../model/service.ts';
import { isHookedFence } from '../../model/site.ts';
import { withProofs } from '../../register/owed-fence.ts';
import { changeRegister } from '../../register/proposer.ts';
import { hasOpenRun, type Register } from '../../register/register.ts';
import { tokenOf } from '../../register/run.ts';
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
 * Orders every fence that is owed without proof anew at each tick, once the run has gone past its fence step, and when
 * it has ended for as long as the site's region is silent. Such a region may come back at any time, long before its own
 * watcher is started, with a site that was never cut off. It has missed what was deployed meanwhile, so its function is
 * to close the fence that it knows.
 *
 * One watcher does so for each region: the one that looks after the things there. The region's own watcher closes what
 * is owed in any case (`guardLeases`).
 */
export function* closeLate(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
): Routine<void> {
  const { owed, active } = register;
  const isOpen = hasOpenRun(register);
  if (isOpen && register.run.steps.some(({ name, state: end }) => name === 'fence' && end === 'pending')) return;
  for (const { site, proof } of owed) {
    if (proof === 'closed' || site === active || (isOpen && site === register.run.to)) continue;
    for (const placed of fenceAnyhow(service, site, true)) {
      const { region } = placed;
      if (region === state.setup.region || !isKeeper(state.setup.region, serviceView, region)) continue;
      // At rest drift repair goes on with a region that is heard.
      if (!isOpen && serviceView.freshWatchers.includes(region)) continue;
      yield* startJob(state, lateJob(state, service, site), () => close(state, service, register, site, placed));
    }
  }
}

/**
 * Name of the job of this tick's order. Orders to a region that is dark hang until their deadline, and one that is
 * given beside them is answered as soon as the region is back. A function of the user's is asked one at a time.
 */
function lateJob({ tickMs, ticks }: WatcherState, { name, sites, failover }: NamedService, site: string): string {
  const ordersMax = isHookedFence(sites[site]?.fence) ? 1 : Math.max(1, Math.ceil(failover.stepTimeoutMs / tickMs));
  return `fence:${name}/${site}:late:${ticks % ordersMax}`;
}

function* close(
  state: WatcherState,
  service: NamedService,
  { epoch, run }: Register,
  site: string,
  placed: Placed<Desired>,
): Routine<void> {
  const order = newOrder(service, tokenOf(epoch, run), 'repair', placed.desired);
  const answer = yield* orderInTurn(state, service, placed.region, order);
  noteReach(state, placed, answer);
  if (endOf(answer).state !== 'done' || !(yield* noteClosed(state, service, site, epoch))) return;
  const whose = run === null ? service.name : describeRun(run);
  const detail = `${whose}: the fence of ${site} is closed now`;
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
