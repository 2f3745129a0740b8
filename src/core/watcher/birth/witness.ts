import type { NamedService } from '../../model/service.ts';
import type { Routine } from '../../routine.ts';
import { isKeeper } from '../../tables/keeper.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import { orderInTurn } from '../run/hook-turns.ts';
import type { WatcherState } from '../state.ts';
import { evidenceOf } from './evidence.ts';

/**
 * Asks the functions of a service who writes and serves, while its register is lost, and keeps what they say for the
 * watcher's item: a person is to say which site is active, and may be wrong. One watcher asks, once a round of drift
 * repair.
 *
 * @returns the work to do; null when nothing is due
 */
export function askWhoServes(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  nowMs: number,
): Routine<void> | null {
  const { region, deployment } = state.setup;
  const before = state.witnesses.get(service.name);
  if (nowMs < (before?.nextMs ?? 0) || !isKeeper(region, serviceView, null)) return null;
  const nextMs = nowMs + service.failover.reconcileMs;
  state.witnesses.set(service.name, { evidence: before?.evidence ?? null, nextMs });
  const facts = { ownRegion: region, controlRegions: deployment.controlRegions };
  return (function* () {
    const evidence = yield* evidenceOf(service, facts, (asked, order) => orderInTurn(state, service, asked, order));
    if (state.witnesses.has(service.name)) state.witnesses.set(service.name, { evidence, nextMs });
  })();
}
