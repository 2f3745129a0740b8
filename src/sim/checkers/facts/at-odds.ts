import { serviceOf } from '../../../core/model/deployment.ts';
import { digestKey, digestsOf } from '../../../core/model/digest.ts';
import type { World } from '../../world/world.ts';

/**
 * Whether what is at work means different things by services or by some of their sites: then nothing is done that rests
 * on it.
 *
 * @param sites - null is the service as a whole
 */
export function areAtOdds(world: World, services: readonly string[], sites: readonly (string | null)[]): boolean {
  const configurations = world.control.configurationsIn(world.deployment.controlRegions);
  return services.some((name) => {
    const digests = configurations.map((each) => (each.services[name] ? digestsOf(serviceOf(each, name)) : {}));
    return sites.some((site) => new Set(digests.map((each) => each[digestKey(name, site)])).size > 1);
  });
}
