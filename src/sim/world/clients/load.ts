import { serviceOf } from '../../../core/model/deployment.ts';
import type { NamedService } from '../../../core/model/service.ts';
import { type AddressTraffic, placeText, type TargetsTraffic } from '../../../core/model/traffic.ts';
import type { SimCloud } from '../cloud.ts';
import { addressesOfSite } from '../dns/alias-addresses.ts';
import type { SimNames } from '../dns/names.ts';
import type { AnswerShare } from '../dns/route53.ts';
import type { Ground } from '../ground.ts';
import type { SimShifts } from '../resources/shifts.ts';
import type { SimSite } from '../sites.ts';

/** What decides where requests go. */
export interface LoadGround extends Ground {
  readonly cloud: SimCloud;
  readonly names: SimNames;
  readonly shifts: SimShifts;
}

/** How often demand is spread over the sites. */
const spreadMs = 1_000;
/** Above this share of its capacity a site goes under, unless it passes soon. */
const overloadShare = 1.2;
const overloadMsMax = 5_000;
/**
 * A site that went under works at this share of its capacity, until it is asked for less than `restShare` for a while.
 */
const collapsedShare = 0.2;
const restShare = 0.7;
const restMs = 10_000;
/** Up to this share of its capacity a site is full and not crowded: shares are floating-point numbers. */
const fullShare = 1.001;
/** Time that answers take at a site that is asked for more than it can. */
const crowdedLatencyMs = 1_000;
const easyLatencyMs = 10;

interface Strain {
  overMs: number;
  restedMs: number;
}

/**
 * Demand, spread over the sites as clients are truly routed.
 *
 * A service has demand once a scenario gives its sites some; nothing here costs anything before. Up to its capacity a
 * site serves all that it is asked; a little above, it serves its capacity, slowly; far above for long, it goes under.
 */
export class SimLoad {
  readonly #world: LoadGround;
  readonly #strains = new Map<SimSite, Strain>();
  #isSpreading = false;

  constructor(world: LoadGround) {
    this.#world = world;
  }

  /** The demand that comes up at a site in normal operation; the service's is the sum over its sites. */
  setDemand(site: SimSite, demand: number): void {
    site.demand = demand;
    if (this.#isSpreading) return;
    this.#isSpreading = true;
    this.#spread();
  }

  #spread(): void {
    this.#world.scheduler.after(spreadMs, () => this.#spread());
    for (const name of Object.keys(this.#world.deployment.services)) {
      const service = serviceOf(this.#world.deployment, name);
      const sites = Object.keys(service.sites).map((site) => this.#world.sites.get(name, site));
      const demand = sites.reduce((sum, site) => sum + site.demand, 0);
      // What nobody ever asked for costs nothing; once there was demand, none of it is rest for a site that went under.
      if (demand === 0 && !sites.some((site) => this.#strains.has(site))) continue;
      const shares = routedShares(this.#world, service);
      for (const site of sites) this.#press(service, site, demand * (shares[site.name] ?? 0));
    }
  }

  #press(service: NamedService, site: SimSite, offered: number): void {
    const capacity = site.capacity * site.power;
    const isDead = site.state !== 'running' || site.isIsolated || this.#world.links.isRegionDead(site.place);
    const strain = this.#strains.get(site) ?? { overMs: 0, restedMs: 0 };
    this.#strains.set(site, strain);
    if (!isDead) this.#strain(site, strain, offered, capacity);
    site.load = offered;
    if (!isDead && !site.isCollapsed)
      site.latencyMs = offered > capacity * fullShare ? crowdedLatencyMs : easyLatencyMs;
    const able = site.isCollapsed ? collapsedShare * capacity : capacity;
    const good = isDead ? 0 : Math.min(offered, able);
    this.#world.occur({ type: 'load', service: service.name, site: site.name, offered, capacity, good, isDead });
  }

  #strain(site: SimSite, strain: Strain, offered: number, capacity: number): void {
    strain.overMs = offered > overloadShare * capacity ? strain.overMs + spreadMs : 0;
    strain.restedMs = offered < restShare * capacity ? strain.restedMs + spreadMs : 0;
    if (strain.overMs > overloadMsMax) site.isCollapsed = true;
    if (strain.restedMs > restMs) site.isCollapsed = false;
  }
}

/** Share of all requests that truly lands at each site: what DNS answers, then what the balancer and the address do. */
export function routedShares(
  world: LoadGround,
  service: NamedService,
  answers: readonly AnswerShare[] = answersFor(world, service),
): Readonly<Record<string, number>> {
  const { dns } = service.traffic;
  const shares: Record<string, number> = {};
  const add = (site: string, share: number) => {
    shares[site] = (shares[site] ?? 0) + share;
  };
  if (!dns) {
    for (const [site, share] of Object.entries(behind(world, service, Object.keys(service.sites)))) add(site, share);
    return shares;
  }
  const total = answers.reduce((sum, { share }) => sum + share, 0);
  for (const { values, share } of answers) {
    const named = Object.keys(service.sites).filter((site) =>
      addressesOfSite(dns.addresses[site] ?? {}).some((address) => values.includes(address)),
    );
    for (const [site, part] of Object.entries(behind(world, service, named))) add(site, (part * share) / total);
  }
  return shares;
}

/** What resolvers that ask now are told; nothing without DNS. */
export function answersFor(world: LoadGround, { traffic }: NamedService): readonly AnswerShare[] {
  return traffic.dns ? world.names.sharesOf(traffic.dns.record) : [];
}

/** How what arrives at an answer spreads over the sites that share it. */
function behind(world: LoadGround, service: NamedService, sites: readonly string[]): Readonly<Record<string, number>> {
  const { targets, address, zonal } = service.traffic;
  if (zonal) {
    const reached = world.shifts.sitesOf(zonal);
    return Object.fromEntries(reached.map((site) => [site, 1 / reached.length]));
  }
  if (targets && sites.some((site) => targets.targetGroups[site] !== undefined)) {
    // As many requests come to each listener.
    const parts = targets.listenerArn.map((arn) => behindListener(world, arn, targets, sites));
    const meanOf = (site: string) => parts.reduce((sum, part) => sum + (part[site] ?? 0), 0) / parts.length;
    return Object.fromEntries(sites.map((site) => [site, meanOf(site)]));
  }
  if (address && sites.length > 1) {
    // As many requests come to each Elastic IP.
    const holders = holdersOf(world.cloud, address);
    const partOf = (site: string) => holders.filter((holder) => holder === site).length / holders.length;
    return Object.fromEntries(sites.filter((site) => partOf(site) > 0).map((site) => [site, partOf(site)]));
  }
  return Object.fromEntries(sites.map((site) => [site, 1 / sites.length]));
}

/** Site that each Elastic IP of a service leads to; null for one that leads to none. */
export function holdersOf(cloud: SimCloud, address: AddressTraffic): readonly (string | null)[] {
  return address.allocationId.map((id) => {
    const at = cloud.locate(address.region, id);
    const holder = Object.entries(address.instances).find(([, places]) =>
      places.some((place) => placeText(place) === at),
    );
    return holder?.[0] ?? null;
  });
}

/** Share of a listener's requests that each site gets; nothing while all weights are 0. */
function behindListener(
  { cloud }: LoadGround,
  listenerArn: string,
  { targetGroups }: TargetsTraffic,
  sites: readonly string[],
): Readonly<Record<string, number>> {
  const weights = cloud.leadingWeights(listenerArn) ?? {};
  const own = sites.map((site) => [site, weights[targetGroups[site] ?? ''] ?? 0] as const);
  const total = own.reduce((sum, [, weight]) => sum + weight, 0);
  return total === 0 ? {} : Object.fromEntries(own.map(([site, weight]) => [site, weight / total]));
}
