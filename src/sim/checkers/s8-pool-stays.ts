import { lastResortName } from '../../core/deployment.ts';
import { rampPercent } from '../../core/share.ts';
import type { MakeChecker } from './checker.ts';
import { serviceIn } from './checker.ts';

/** How long a site may be asked for more than it can carry: the reports of its load are as old as a few ticks. */
const overloadTicksMax = 5;
/** What rounding to whole weights may add. */
const roundingShare = 1.02;

/**
 * S8: active-active never empties its pool nor overloads a survivor past its declared capacity.
 *
 * A site that carries more than it can, while its own demand is within it and another site of the service gets less than
 * its share, was overloaded by us.
 */
export const poolStays: MakeChecker = (world) => {
  const overSinceMs = new Map<string, number>();
  return {
    property: 'S8',
    hear: (event) => {
      if (event.type === 'decided') {
        const service = serviceIn(world, event.service);
        const { serving } = event.register;
        if (service.mode !== 'active-active') return null;
        const known = serving.filter((site) => Object.hasOwn(service.sites, site));
        const isLastResort = serving.join() === lastResortName && service.traffic.dns?.lastResort !== undefined;
        return known.length > 0 || isLastResort ? null : `the pool of ${service.name} is empty`;
      }
      if (event.type !== 'load') return null;
      const service = serviceIn(world, event.service);
      const register = world.decisions.newest(event.service);
      const key = `${event.service}/${event.site}`;
      const hasLeft = Object.keys(service.sites).some((site) => register && rampPercent(register, site) < 100);
      const isOurs = hasLeft && world.sites.get(event.service, event.site).demand <= event.capacity;
      const isOver = !event.isDead && event.offered > event.capacity * roundingShare;
      if (!isOver || !isOurs || service.capacity.shortage === 'shift') {
        overSinceMs.delete(key);
        return null;
      }
      const sinceMs = overSinceMs.get(key) ?? event.atMs;
      overSinceMs.set(key, sinceMs);
      if (event.atMs - sinceMs < overloadTicksMax * service.detection.intervalMs) return null;
      return `${event.site} of ${service.name} is asked for ${Math.round(event.offered)} and can carry ${event.capacity}`;
    },
  };
};
