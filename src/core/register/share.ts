import { lastResortName, type NamedService } from '../model/service.ts';
import type { Register } from './register.ts';

/** The part of a register that says how much traffic each site gets. */
export type Shares = Pick<Register, 'serving' | 'ramp'>;

/** Largest weight of a target group. Source: Elastic Load Balancing API Reference, "TargetGroupTuple": 0 to 999. */
export const targetWeightMax = 999;

/** Largest weight of a record. Source: Route 53 API Reference, "ResourceRecordSet", Weight: 0 to 255. */
export const recordWeightMax = 255;

/**
 * Percent of its own share that a site gets: what the ramp says while traffic is shifted in steps, else all of it or
 * none.
 */
export function rampPercent({ serving, ramp }: Shares, site: string): number {
  return ramp[site] ?? (serving.includes(site) ? 100 : 0);
}

/**
 * How much traffic a site gets relative to the others, in the unit of capacity. Where traffic has no weights, all sites
 * count the same. 0 for every site when the static endpoint serves.
 */
export function shareOf(service: NamedService, shares: Shares, site: string): number {
  return (fullShareOf(service, site) * rampPercent(shares, site)) / 100;
}

/**
 * The share of a site at 100 percent. In active-passive, where DNS gives several answers at once (`multivalue`), and
 * where a load balancer spreads over zones, all sites have the same share. Where DNS answers by the client's place
 * (`latency`, `geolocation`), the real share is not known, and the capacity of a site is the best estimate.
 */
export function fullShareOf({ mode, sites, traffic }: NamedService, site: string): number {
  const isSpread = traffic.zonal !== undefined || traffic.dns?.policy === 'multivalue';
  const isEven = mode === 'active-passive' || (traffic.targets === undefined && isSpread);
  return isEven ? 100 : (sites[site]?.capacity ?? 0);
}

/**
 * Whole weights for sites, in proportion to their shares; a share above 0 never rounds to 0.
 *
 * @param weightMax - weight of the largest share that a site of the service can have
 */
export function weightsOf(
  service: NamedService,
  shares: Shares,
  sites: readonly string[],
  weightMax: number,
): Readonly<Record<string, number>> {
  const full = sites.map((site) => shareOf(service, { serving: sites, ramp: {} }, site));
  const largest = Math.max(...full, 0);
  return Object.fromEntries(
    sites.map((site) => {
      const share = shareOf(service, shares, site);
      return [site, share === 0 ? 0 : Math.max(1, Math.round((share / largest) * weightMax))];
    }),
  );
}

/**
 * Weights of a service's target groups, by site. One hundred for a full share reads as a percentage where all are
 * equal.
 */
export function targetWeightsOf(service: NamedService, shares: Shares): Readonly<Record<string, number>> {
  const sites = Object.keys(service.traffic.targets?.targetGroups ?? {});
  return weightsOf(service, shares, sites, Math.min(100, targetWeightMax));
}

/**
 * Weights of a service's weighted records, by site; where records are edited, with that of the static endpoint. While
 * the static endpoint serves, it has the only weight.
 */
export function recordWeightsOf(service: NamedService, shares: Shares): Readonly<Record<string, number>> {
  const weightMax = Math.min(100, recordWeightMax);
  const weights = weightsOf(service, shares, Object.keys(service.sites), weightMax);
  const { dns } = service.traffic;
  if (dns?.mode !== 'records' || dns.lastResort === undefined) return weights;
  const isNoSite = Object.values(weights).every((weight) => weight === 0);
  const isLast = (shares.ramp[lastResortName] ?? 0) > 0 || (shares.serving.includes(lastResortName) && isNoSite);
  if (!isLast) return { ...weights, [lastResortName]: 0 };
  return { ...Object.fromEntries(Object.keys(weights).map((site) => [site, 0])), [lastResortName]: weightMax };
}

/**
 * Whether a part of a site's traffic can stay while the rest moves. Weights can do that; votes of oracles cannot.
 * Weights of a load balancer can do it only when all sites are behind it, because they do not split traffic that DNS
 * sends elsewhere.
 */
export function canShiftInParts({
  sites,
  traffic: { targets, dns },
}: Pick<NamedService, 'sites' | 'traffic'>): boolean {
  const areAllBehind = targets !== undefined && Object.keys(sites).every((site) => targets.targetGroups[site]);
  return areAllBehind || (dns?.mode === 'records' && dns.policy === 'weighted');
}

/** The ramp without entries that only repeat what `serving` says. */
export function canonicalRamp({ serving, ramp }: Shares): Register['ramp'] {
  return Object.fromEntries(
    Object.entries(ramp).filter(([site, percent]) => percent !== (serving.includes(site) ? 100 : 0)),
  );
}
