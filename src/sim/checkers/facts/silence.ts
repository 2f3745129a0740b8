import { type Deployment, serviceOf } from '../../../core/model/deployment.ts';
import { actingRegionOf } from '../../../core/model/place.ts';
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
  /** Since when nobody has heard of a region, and since when somebody does again; absent while nothing was missed. */
  readonly #silences = new Map<string, { readonly sinceMs: number; readonly untilMs: number | null }>();

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
      const known = this.#silences.get(region);
      const isHeard = contact.isHeard(region) || contact.areFunctionsHeard(region);
      if (isHeard && known?.untilMs === null) this.#silences.set(region, { ...known, untilMs: event.atMs });
      if (!isHeard && known?.untilMs !== null) this.#silences.set(region, { sinceMs: event.atMs, untilMs: null });
    }
  }

  /**
   * Whether a region has been silent for the lease of a service, until now or until so lately that an order which was
   * given meanwhile may not have been answered yet.
   */
  outlastsLease(service: NamedService, region: string): boolean {
    const known = this.#silences.get(region);
    if (known === undefined) return false;
    const untilMs = known.untilMs ?? this.#world.nowMs;
    const isLate = this.#world.nowMs - untilMs > returnMsMax(service);
    return !isLate && untilMs - known.sinceMs >= service.failover.leaseMs;
  }

  /**
   * Whether the lease of a site has run out while its region was silent, with nobody there to fence it. A watcher that
   * lives there without the fence is nobody to count on; then a person may answer for it, as for a site outside AWS.
   */
  standsInForProof(service: NamedService, site: string): boolean {
    const place = service.sites[site];
    if (place?.fence === undefined) return true;
    const isAnsweredFor = this.#world.decisions.newest(service.name)?.run?.isProofWaived === true;
    // Nobody counts a lease outside AWS.
    if (place.region === undefined) return isAnsweredFor;
    if (!this.outlastsLease(service, place.region)) return false;
    if (!this.#world.contact.canFenceItself(place.region, place)) return true;
    return isAnsweredFor && !isFenceDeployed(this.#world, service, site);
  }
}

/** Whether a watcher that lives in a site's region was deployed with the site's fence. */
export function isFenceDeployed(world: World, { name, sites }: NamedService, site: string): boolean {
  const place = sites[site];
  const region = place === undefined ? undefined : actingRegionOf(place);
  if (region === undefined) return false;
  return world.control.watchersIn(region).some((each) => hasFence(world, each, name, site));
}

/** Whether the functions of a site's region were deployed with the site's fence: others refuse to close it. */
export function isFenceObeyed(world: World, { name, sites }: NamedService, site: string): boolean {
  const place = sites[site];
  const region = place === undefined ? undefined : actingRegionOf(place);
  if (region === undefined) return false;
  return hasFence(world, world.control.functionsOf(region, world.deployment), name, site);
}

/** Whether a configuration has a fence of a site, by whatever name. */
function hasFence({ sites: known }: World, { services }: Deployment, name: string, site: string): boolean {
  const sites = services[name]?.sites ?? {};
  return Object.keys(sites).some((own) => known.nameOf(name, own) === site && sites[own]?.fence !== undefined);
}

/**
 * Longest from the return of a region until its fence is closed from outside: an order that got no answer ends, and the
 * one of the next tick does not. A look of this checker may come a second late at either end.
 */
function returnMsMax({ detection, failover }: NamedService): number {
  return 2 * failover.stepTimeoutMs + detection.intervalMs + 2_000;
}

/**
 * Longest that a site may go on serving after it could have been replaced, where somebody in its region can cut it off:
 * its lease, what the run waits for it, and two attempts at a fence that does not answer at once. A region that no
 * deployment has reached counts by the lease that it was deployed with.
 *
 * @param regions - whose lease it is
 */
export function leaseMsMax(world: World, service: NamedService, regions: readonly string[]): number {
  return longestLeaseWaitMs(world, service, regions) + 2 * service.failover.stepTimeoutMs;
}

/** The longest that a run waits for the lease of one of these regions, by what is deployed anywhere in them. */
export function longestLeaseWaitMs(world: World, service: NamedService, regions: readonly string[]): number {
  const { name } = service;
  const waits = world.control
    .configurationsIn(regions)
    .flatMap((each) => (each.services[name] ? [leaseWaitMs(serviceOf(each, name))] : []));
  return Math.max(leaseWaitMs(service), ...waits);
}
