import type { NamedService } from '../../model/service.ts';
import type { ProtectionLevel } from '../../operator/protection.ts';
import { judgeState, protectionFor } from '../../operator/status.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import type { WatcherState } from '../state.ts';

/**
 * The protection of a service, as this watcher sees it.
 *
 * @param serviceViews - of every service, by name
 */
export function protectionSeen(
  state: WatcherState,
  service: NamedService,
  serviceViews: Readonly<Record<string, ServiceView>>,
  wallMs: number,
): ProtectionLevel {
  const { setup, reads, stopwatches } = state;
  const view = serviceViews[service.name];
  if (view === undefined) throw new RangeError(`nothing is known of ${service.name}`);
  const heard = view.freshWatchers.flatMap((region) => {
    const item = region === setup.region ? state : reads.get(region)?.view.opinions;
    return item ? [[region, item] as const] : [];
  });
  const known = {
    serviceViews,
    stopwatches,
    silent: {},
    wallMs,
    answered: setup.deployment.controlRegions.filter((region) => reads.has(region)),
    items: Object.fromEntries(heard),
  };
  return protectionFor(setup.deployment, service, known, judgeState(setup.deployment, service, view, known)).level;
}
