import type { MakeChecker } from './checker.ts';
import { serviceIn } from './checker.ts';

/**
 * S9: missing data never counts as down.
 *
 * When a watcher comes to hold a site down, the newest probes of it that this very process made, or the one that it took
 * over from, must each have truly failed, as many as `fallCount`. A good answer in which the site disowns its role counts as a failure.
 */
export const missingIsNotDown: MakeChecker = (world) => {
  const failuresInRow = new Map<string, number>();
  const incumbents = new Map<string, number>();
  return {
    property: 'S9',
    hear: (event) => {
      if (event.type === 'probe') {
        const key = `${event.serial} ${event.service}/${event.site}`;
        const disowns = world.sites.get(event.service, event.site).role !== null;
        const isFailure = event.outcome === 'fail' || (event.outcome === 'pass' && disowns);
        failuresInRow.set(key, isFailure ? (failuresInRow.get(key) ?? 0) + 1 : 0);
      }
      if (event.type === 'said' && event.happening.kind === 'watcher-started') {
        succeed(incumbents.get(event.by.place), event.by.serial);
        incumbents.set(event.by.place, event.by.serial);
      }
      if (event.type !== 'said' || event.happening.kind !== 'opinion-changed') return null;
      const { service, site, data } = event.happening;
      if (data.opinion !== 'down' || service === null || site === null) return null;
      const failures = failuresInRow.get(`${event.by.serial} ${service}/${site}`) ?? 0;
      const { fallCount } = serviceIn(world, service).detection;
      return failures >= fallCount
        ? null
        : `watcher ${event.by.place} calls ${site} down after ${failures} true failures`;
    },
  };

  function succeed(predecessor: number | undefined, heir: number): void {
    for (const [key, failures] of [...failuresInRow]) {
      const [serial, site] = key.split(' ');
      if (serial !== String(predecessor)) continue;
      const own = `${heir} ${site}`;
      failuresInRow.set(own, Math.max(failuresInRow.get(own) ?? 0, failures));
    }
  }
};
