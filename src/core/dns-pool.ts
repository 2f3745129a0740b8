import type { Deployment, DnsTraffic, GeoLocation, NamedService } from './deployment.ts';
import { lastResortName, sitesByPriority } from './deployment.ts';
import { checksOf, guardIdOf } from './dns-checks.ts';
import { addressTypes, type DnsTree, type RecordPlan, type Routing, targetOf } from './dns-plan.ts';
import { recordWeightsOf } from './share.ts';

/** A record of the pool: which site, and how the name comes to choose it. */
interface Member {
  readonly name: string;
  readonly site: string;
  readonly routing: Routing;
}

/**
 * The records and checks of a name that several sites answer for.
 *
 * Every site has a record under a guard of its own, so that a site that a majority of regions votes off is left out and
 * Route 53's own policy spreads its share over the others. When it finds no record healthy, it answers as if all were:
 * DNS fails open by itself. Source: Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking
 * is configured".
 *
 * By geolocation, the sites of one location share a name beside the record, weighted by capacity, to which the location's
 * record is an alias. Without limits on regions it evaluates their health, and clients of a location without a healthy
 * site are answered for the next broader one. With `failover.allowedRegions` it does not: they are answered with their
 * own sites, healthy or not, and never with others.
 *
 * With records edited, the weights say who serves, and there are no guards.
 *
 * A static endpoint for the last resort stands behind the whole pool, as SECONDARY to an alias that evaluates it.
 */
export function poolTree(
  deployment: Pick<Deployment, 'name' | 'controlRegions'>,
  service: NamedService,
  dns: DnsTraffic,
): DnsTree {
  const sites = sitesByPriority(service);
  const isGuarded = dns.mode === 'oracle';
  const types = addressTypes.filter((type) => sites.every((site) => targetOf(dns, site, type) !== null));
  const head = dns.lastResort === undefined || !isGuarded ? dns.record : poolName(dns);
  const members = membersOf(service, dns, head);
  const records = types.flatMap((type) => [
    ...members.flatMap(({ name, site, routing }): readonly RecordPlan[] => {
      const target = targetOf(dns, site, type);
      if (target === null) return [];
      const checkId = isGuarded ? guardIdOf(deployment, service.name, site) : null;
      return [{ name, type, setIdentifier: site, failover: null, routing, checkId, target }];
    }),
    ...locationsOf(service, dns, head, type),
    ...(head === dns.record ? [] : lastResortPair(dns, head, type)),
  ]);
  return { checks: isGuarded ? sites.flatMap((site) => checksOf(deployment, service.name, site)) : [], records };
}

/** Every name that the records of a pool take up. */
export function poolNames(dns: DnsTraffic): readonly string[] {
  const codes = new Set(Object.values(dns.locations ?? {}).flatMap((locations) => locations.map(codeOf)));
  const hasPair = dns.lastResort !== undefined && dns.mode === 'oracle';
  return [dns.record, ...(hasPair ? [poolName(dns)] : []), ...[...codes].map((code) => locationName(dns, code))];
}

function membersOf(service: NamedService, dns: DnsTraffic, head: string): readonly Member[] {
  const sites = sitesByPriority(service);
  const weights = recordWeightsOf(service, { serving: sites, ramp: {} });
  const weighted = (site: string): Routing => ({ kind: 'weighted', weight: weights[site] ?? 0 });
  switch (dns.policy) {
    case 'geolocation':
      return sites.flatMap((site) =>
        (dns.locations?.[site] ?? []).map((location) => ({
          name: locationName(dns, codeOf(location)),
          site,
          routing: weighted(site),
        })),
      );
    case 'latency':
      return sites.map((site) => ({
        name: head,
        site,
        routing: { kind: 'latency', region: service.sites[site]?.region ?? '' },
      }));
    case 'multivalue':
      return sites.map((site) => ({ name: head, site, routing: { kind: 'multivalue' } }));
    default:
      return sites.map((site) => ({ name: head, site, routing: weighted(site) }));
  }
}

/** One alias for each location that some site answers for; after the names that they lead to. */
function locationsOf(
  service: NamedService,
  dns: DnsTraffic,
  head: string,
  type: RecordPlan['type'],
): readonly RecordPlan[] {
  const locations = new Map(
    Object.values(dns.locations ?? {})
      .flat()
      .map((location) => [codeOf(location), location] as const),
  );
  const isSteadfast = service.failover.allowedRegions !== undefined;
  return [...locations].map(([code, location]) => ({
    name: head,
    type,
    setIdentifier: code,
    failover: null,
    routing: { kind: 'geolocation', location },
    checkId: null,
    target: { kind: 'alias', name: locationName(dns, code), ...(isSteadfast ? { isSteadfast } : {}) },
  }));
}

function lastResortPair(dns: DnsTraffic, head: string, type: RecordPlan['type']): readonly RecordPlan[] {
  const target = targetOf(dns, lastResortName, type);
  const primary: RecordPlan = {
    name: dns.record,
    type,
    setIdentifier: 'pool',
    failover: 'PRIMARY',
    checkId: null,
    target: { kind: 'alias', name: head },
  };
  const secondary = { ...primary, setIdentifier: lastResortName, failover: 'SECONDARY' } as const;
  return target === null ? [primary] : [primary, { ...secondary, target }];
}

function poolName(dns: DnsTraffic): string {
  return `pool.${dns.record}`;
}

function locationName(dns: DnsTraffic, code: string): string {
  return `geo-${code}.${dns.record}`;
}

function codeOf(location: GeoLocation): string {
  return location.kind === 'default' ? 'default' : location.code.toLowerCase();
}
