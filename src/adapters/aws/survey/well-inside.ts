import { actingRegionOf } from '../../../core/model/place.ts';
import type { NamedService } from '../../../core/model/service.ts';
import type { Scalable } from '../../../core/model/site.ts';
import type { AwsClients } from '../clients.ts';
import type { Hook } from '../promote/custom-data.ts';
import { areInstancesWell } from '../start/instances.ts';
import type { AwsCompute } from '../start.ts';

/** The parts that read the state of a site behind its fence. */
export interface InsideParts {
  readonly compute: Pick<AwsCompute, 'readScale'>;
  readonly hook: Hook;
}

/** What EC2 calls an instance begins so; a target may also be an address or a function. */
const instancePrefix = 'i-';

/**
 * Whether the resources behind a site's fence run well, by the APIs of the site's own region. Probes cannot pass the
 * fence, and a load balancer does not check targets that were taken out of its group (Elastic Load Balancing User
 * Guide, "Health checks for your target groups", state `unused`).
 *
 * When the fence names instances, they must run and pass EC2's checks. When it names none, everything that is scaled
 * for the site must have its desired size and be in service. A function of the user reports it by `isWell` in its
 * answer to `read`. When it does not, the scaled sizes are used instead. They are not used for a fence of kind
 * `read-only`: probes pass that fence, and a right size does not disprove a failing probe.
 *
 * @returns undefined when there is nothing to look at, or it cannot be told
 * @throws {PortError} when an API does not answer
 */
export async function isWellInside(
  clients: AwsClients,
  { compute, hook }: InsideParts,
  service: NamedService,
  site: string,
): Promise<boolean | undefined> {
  const place = service.sites[site];
  const region = place && actingRegionOf(place);
  if (place?.fence === undefined || region === undefined) return undefined;
  const { fence } = place;
  switch (fence.kind) {
    case 'groups':
      return await areInstancesWell(clients, region, fence.instanceIds);
    case 'address':
      return fence.instanceId === undefined
        ? await isAtSize(compute, service.name, site, place.scale, region)
        : await areInstancesWell(clients, region, [fence.instanceId]);
    case 'targets':
      return fence.targetIds.every((id) => id.startsWith(instancePrefix))
        ? await areInstancesWell(clients, region, fence.targetIds)
        : await isAtSize(compute, service.name, site, place.scale, region);
    case 'custom':
    case 'read-only': {
      const request = { action: 'read', service: service.name, site, mode: fence.kind };
      const answer = await hook.ask(region, fence.functionName, request);
      const said = (answer as { readonly isWell?: unknown } | null)?.isWell;
      if (typeof said === 'boolean') return said;
      return fence.kind === 'custom' ? await isAtSize(compute, service.name, site, place.scale, region) : undefined;
    }
  }
}

/** Whether all that is scaled for a site is in service; unknown where nothing is, or nothing shall be. */
async function isAtSize(
  compute: InsideParts['compute'],
  service: string,
  site: string,
  scale: readonly Scalable[],
  region: string,
): Promise<boolean | undefined> {
  const read = (scalable: Scalable) => compute.readScale({ region, service, site }, scalable);
  const sizes = await Promise.all(scale.map(read));
  if (!sizes.some(({ wanted }) => wanted > 0)) return undefined;
  return sizes.every(({ wanted, ready }) => ready >= wanted);
}
