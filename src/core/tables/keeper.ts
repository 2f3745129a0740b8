import { majorityAmong } from '../register/quorum.ts';
import type { ServiceView } from './service-view.ts';

/**
 * Whether a watcher is the one that looks after the things of a region. That is the region's own watcher or, while it
 * is silent, the first living watcher. A watcher that hears less than a majority looks after nothing.
 *
 * @param ownRegion - of the watcher that asks
 * @param region - null for what is in no region
 */
export function isKeeper(
  ownRegion: string,
  { freshWatchers, members }: Pick<ServiceView, 'freshWatchers' | 'members'>,
  region: string | null,
): boolean {
  if (freshWatchers.length < majorityAmong(members.length)) return false;
  const keeper = region !== null && freshWatchers.includes(region) ? region : freshWatchers[0];
  return keeper === ownRegion;
}
