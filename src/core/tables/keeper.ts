import { majorityAmong } from '../register/quorum.ts';
import type { ServiceView } from './service-view.ts';

/**
 * Whether a watcher is the one that looks after the things of a region. That is the region's own watcher or, while it
 * is silent or has no answer from the functions there, the first living watcher that has. When none has, it is the one
 * that it would be if all had. A watcher that hears less than a majority looks after nothing, and says so to whoever
 * hears it.
 *
 * @param ownRegion - of the watcher that asks
 * @param region - null for what is in no region, such as a run: that takes functions anywhere
 */
export function isKeeper(
  ownRegion: string,
  view: Pick<ServiceView, 'freshWatchers' | 'outOfContact' | 'members' | 'unanswered'>,
  region: string | null,
): boolean {
  const { freshWatchers, members, unanswered, outOfContact } = view;
  if (freshWatchers.length < majorityAmong(members.length)) return false;
  const able = freshWatchers.filter((one) => one === ownRegion || !outOfContact.includes(one));
  const inTurn = [...able.filter((one) => one === region), ...able];
  const keeper = inTurn.find((one) => !isHindered(unanswered[one] ?? [], region)) ?? inTurn[0];
  return keeper === ownRegion;
}

function isHindered(unanswered: readonly string[], region: string | null): boolean {
  return region === null ? unanswered.length > 0 : unanswered.includes(region);
}

/**
 * Whether the functions of a region answer no living watcher.
 *
 * @param region - null for what is in no region: then whether no watcher has all of its answers
 */
export function isUnreached(
  { freshWatchers, unanswered }: Pick<ServiceView, 'freshWatchers' | 'unanswered'>,
  region: string | null,
): boolean {
  return freshWatchers.length > 0 && freshWatchers.every((one) => isHindered(unanswered[one] ?? [], region));
}
