import { isFresh } from '../tables/freshness.ts';
import type { WatcherState } from './state.ts';

/**
 * How long no majority of state tables was in reach, in milliseconds, counted over the watchers of this region.
 *
 * A process that has had contact goes by its own clock, freezes included. One that has not goes on from what its
 * predecessor had counted, which may be too little but never too much.
 */
export function outOfContactMs(state: WatcherState, nowMs: number): number {
  if (state.lastContactMs !== null) return nowMs - state.lastContactMs;
  const { countedMs, atMs } = state.inheritedOut ?? { countedMs: 0, atMs: nowMs };
  return Math.max(nowMs - state.startedAtMs, countedMs + nowMs - atMs);
}

/** Whether a region is silent: its watcher has not spoken lately, and its table does not answer. */
export function isSilent(state: WatcherState, region: string, nowMs: number): boolean {
  if (region === state.setup.region) return false;
  const ttlMs = Math.max(...state.services.map(({ detection }) => detection.opinionTtlMs));
  return !state.reads.has(region) && !isFresh(state.sightings, region, ttlMs, nowMs);
}
