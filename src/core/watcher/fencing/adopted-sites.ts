import { actingRegionOf } from '../../model/place.ts';
import type { NamedService } from '../../model/service.ts';
import { isKeeper } from '../../tables/keeper.ts';
import type { WatcherState } from '../state.ts';
import { serviceViewOf } from '../table-reading.ts';

/**
 * Sites of other regions that this watcher looks after because their own region's watcher is silent and their fence is
 * owed. The APIs of that region may still answer. Then this watcher can read what opens the fence, so the fence does
 * not stay closed only because a watcher is missing.
 */
export function sitesAdopted(state: WatcherState, service: NamedService, nowMs: number): readonly string[] {
  const owed = state.memories.get(service.name)?.decided?.register.owed ?? [];
  const elsewhere = owed.filter(({ site, proof }) => {
    const region = actingRegion(service, site);
    return proof === 'closed' && region !== undefined && region !== state.setup.region;
  });
  if (elsewhere.length === 0) return [];
  const serviceView = serviceViewOf(state, service, nowMs);
  return elsewhere.flatMap(({ site }) => {
    const region = actingRegion(service, site) ?? null;
    return isKeeper(state.setup.region, serviceView, region) ? [site] : [];
  });
}

function actingRegion({ sites }: NamedService, site: string): string | undefined {
  const place = sites[site];
  return place && actingRegionOf(place);
}
