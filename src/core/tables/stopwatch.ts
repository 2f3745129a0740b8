import type { Register } from '../register/register.ts';

/**
 * Elapsed times that a watcher has counted itself, by name, in milliseconds.
 *
 * Waiting times ("an hour since the last failover") are counted by every watcher on its own monotonic clock and kept in
 * its region's table, so no two machines' clocks are ever compared. A watcher that slept or was replaced has counted too
 * little, never too much: it waits longer, which is the safe side. Source: ADR-0004.
 */
export type Stopwatches = Readonly<Record<string, number>>;

/**
 * Advances the watches that run and forgets the ones that do not.
 *
 * @param running - names that run now; a name that was not there before starts at 0
 * @param elapsedMs - own monotonic time since the last call
 * @param elapsedMaxMs - most that one call may add; time in which this watcher was frozen does not count
 */
export function advanceStopwatches(
  watches: Stopwatches,
  running: readonly string[],
  elapsedMs: number,
  elapsedMaxMs: number,
): Stopwatches {
  const step = Math.max(0, Math.min(elapsedMs, elapsedMaxMs));
  const advanced: Record<string, number> = {};
  for (const name of running) {
    const before = watches[name];
    advanced[name] = before === undefined ? 0 : before + step;
  }
  return advanced;
}

/** Name of the watch that counts since an epoch of a service was first seen. */
export const epochWatch = (service: string, epoch: number): string => `epoch:${service}:${epoch}`;

/** Name of the watch that counts since a run was opened, or opened again. */
export const runWatch = (service: string, run: { readonly epoch: number; readonly retries: number }): string =>
  `run:${service}:${run.epoch}.${run.retries}`;

/**
 * Name of the watch that counts since traffic is split as it is now. The same split later is another one: a report of
 * load may be from before what was in between.
 */
export const sharesWatch = (
  service: string,
  { epoch, run, serving, ramp }: Pick<Register, 'epoch' | 'run' | 'serving' | 'ramp'>,
): string => {
  const parts = Object.entries(ramp).map(([site, percent]) => `${site}=${percent}`);
  return `shares:${service}:${epoch}.${run?.state ?? 'none'}:${serving.join(',')}:${parts.sort().join(',')}`;
};

/** Name of the watch that counts since a site's verdict became `up`. */
export const upWatch = (service: string, site: string): string => `up:${service}:${site}`;

/** Whether a watch counts since an epoch, a run or a split of traffic began, which stays true whoever counts. */
export const isEpochWatch = (name: string): boolean => /^(epoch|run|shares):/.test(name);
