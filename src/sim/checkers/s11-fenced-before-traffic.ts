import type { Register } from '../../core/register/register.ts';
import type { World } from '../world/world.ts';
import { type MakeChecker, serviceIn } from './checker.ts';

/**
 * S11: nothing is promoted before the old active is fenced or its lease has run out.
 *
 * No data is promoted and no address, weight, record or oracle vote goes to the new site before the old one, if it has a fence, is truly cut off or `leaseMs` have passed since the decision.
 */
export const fencedBeforeTraffic: MakeChecker = (world) => {
  const decidedAtMs = new Map<string, number>();
  const judge = (serviceName: string, register: Register, atMs: number) => {
    const { run } = register;
    if (run === null || run.epoch !== register.epoch) return null;
    const service = serviceIn(world, serviceName);
    if (!service.sites[run.from]?.fence || run.from === run.to) return null;
    const sinceMs = atMs - (decidedAtMs.get(`${serviceName} ${run.epoch}`) ?? atMs);
    if (isCutOff(world, serviceName, run.from) || sinceMs >= service.failover.leaseMs) return null;
    return `${serviceName}: traffic went to ${run.to} while ${run.from} was neither fenced nor out of its lease (${sinceMs} ms)`;
  };
  return {
    property: 'S11',
    hear: (event) => {
      if (event.type === 'decided') {
        const { service, register, previous, atMs } = event;
        const key = `${service} ${register.epoch}`;
        if (!decidedAtMs.has(key)) decidedAtMs.set(key, atMs);
        const hasShifted = previous !== null && previous.serving.join() !== register.serving.join();
        return hasShifted ? judge(service, register, atMs) : null;
      }
      // What is started in advance serves nobody yet.
      const isHarmless = event.type === 'write' && (event.thing === 'fence' || event.thing === 'start');
      if (event.type !== 'write' || isHarmless || event.order.manner === 'repair') return null;
      const register = world.decisions.newest(event.order.service);
      return register ? judge(event.order.service, register, event.atMs) : null;
    },
  };
};

/** A site that has stopped, or whose region is dark, serves nobody either; but that is no proof, so it does not count. */
function isCutOff(world: World, service: string, site: string): boolean {
  const place = world.deployment.services[service]?.sites[site];
  return (
    place?.fence !== undefined && world.cloud.isIsolated({ region: place.region, service, site, fence: place.fence })
  );
}
