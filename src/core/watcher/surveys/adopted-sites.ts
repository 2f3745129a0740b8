import { actingRegionOf } from '../../model/place.ts';
import type { NamedService } from '../../model/service.ts';
import { majorityAmong } from '../../register/quorum.ts';
import { isKeeper } from '../../tables/keeper.ts';
import type { WatcherState } from '../state.ts';
import { serviceViewOf } from '../table-reading.ts';
import { isSurveyed } from './survey.ts';

/**
 * Sites of other regions that this watcher surveys, because their own region's watcher does not: it is silent, or the
 * functions there do not answer it. The functions and APIs of that region may still answer. A region may lose its
 * watcher, and people must not lose the sight of its data for that: a standby whose lag nobody reads takes over nothing
 * that has a limit, and a fence that nobody asks about stays closed.
 *
 * All watchers that hear a majority survey for a silent one, so that it does not matter which of them can reach it.
 */
export function sitesAdopted(state: WatcherState, service: NamedService, nowMs: number): readonly string[] {
  const own = state.setup.region;
  const elsewhere = Object.entries(service.sites).filter(([name, site]) => {
    const region = actingRegionOf(site);
    return region !== undefined && region !== own && isSurveyed(service, name);
  });
  if (elsewhere.length === 0) return [];
  const serviceView = serviceViewOf(state, service, nowMs);
  const { freshWatchers, members } = serviceView;
  if (freshWatchers.length < majorityAmong(members.length)) return [];
  const adopted = elsewhere.filter(([, site]) => {
    const region = actingRegionOf(site) ?? null;
    return !freshWatchers.some((one) => one === region) || isKeeper(own, serviceView, region);
  });
  return adopted.map(([name]) => name);
}
