import type { NamedService } from '../../../core/model/service.ts';
import { leaseWaitMs } from '../../../core/timing.ts';
import type { SimEvent } from '../../event.ts';
import type { World } from '../../world/world.ts';

/**
 * How long nobody has heard of each region: neither of its watcher, nor by an answer of its functions.
 *
 * Only there may time stand in for proof: nobody in the region is left who could fence, and nobody outside can tell.
 */
export class Silence {
  readonly #world: World;
  /** Since when nobody has heard of a region; absent while somebody does. */
  readonly #silentSinceMs = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Looks once for every question of a client: each second. */
  hear(event: SimEvent): void {
    if (event.type !== 'client') return;
    const service = this.#world.deployment.services[event.service];
    for (const { region } of Object.values(service?.sites ?? {})) {
      if (region === undefined) continue;
      const { contact } = this.#world;
      if (contact.isHeard(region) || contact.areFunctionsHeard(region)) this.#silentSinceMs.delete(region);
      else if (!this.#silentSinceMs.has(region)) this.#silentSinceMs.set(region, event.atMs);
    }
  }

  /** Whether a region has been silent for the lease of a service. */
  outlastsLease({ failover }: NamedService, region: string): boolean {
    const sinceMs = this.#silentSinceMs.get(region);
    return sinceMs !== undefined && this.#world.nowMs - sinceMs >= failover.leaseMs;
  }

  /** Whether the lease of a site has run out while its region was silent, with nobody there to fence it. */
  standsInForProof(service: NamedService, site: string): boolean {
    const place = service.sites[site];
    if (place?.fence === undefined) return true;
    // Nobody counts a lease outside AWS. A person may answer for the fence of a site there.
    if (place.region === undefined) return this.#world.decisions.newest(service.name)?.run?.isProofWaived === true;
    return this.outlastsLease(service, place.region) && !this.#world.contact.canFenceItself(place.region, place);
  }
}

/**
 * Longest that a site may go on serving after it could have been replaced, where somebody in its region can cut it off:
 * its lease, what the run waits for it, and two attempts at a fence that does not answer at once.
 */
export function leaseMsMax(service: NamedService): number {
  return leaseWaitMs(service) + 2 * service.failover.stepTimeoutMs;
}
