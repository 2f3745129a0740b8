import { majorityAmong } from '../register/quorum.ts';
import type { ServiceView } from '../tables/service-view.ts';
import type { WatcherState } from './state.ts';

/**
 * Whether this watcher is the one to look after a region's things: the one that is there or, while that is silent, the
 * first living one. One that hears too few looks after nothing.
 *
 * @param region - null for what is in no region
 */
export function isKeeper(
  { setup }: Pick<WatcherState, 'setup'>,
  { freshWatchers, members }: ServiceView,
  region: string | null,
): boolean {
  if (freshWatchers.length < majorityAmong(members.length)) return false;
  const keeper = region !== null && freshWatchers.includes(region) ? region : freshWatchers[0];
  return keeper === setup.region;
}
