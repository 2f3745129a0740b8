import { lastResortName, type NamedService, type Service, sitesByPriority } from '../model/service.ts';
import type { DnsTraffic, GeoLocation } from '../model/traffic.ts';
import { recordWeightsOf } from '../register/share.ts';
import { type AddressType, aliasPair, type RecordPlan, targetOf } from './zone-plan.ts';

/** Name of the group that stands in for the sites of a location; no code of a location is so long. */
const restCode = 'rest';

/** A location and the sites that are its own. */
interface Home {
  readonly code: string;
  readonly location: GeoLocation;
  readonly sites: readonly string[];
}

/**
 * The records of a name that answers each client with the sites of its location.
 *
 * The sites of a location share a name beside the record, weighted by capacity, each under its guard. What stands in
 * for them when all are voted off:
 *
 * - Without `failover.allowedRegions`: the next broader location, as Route 53 does for an alias that evaluates what it
 *   leads to; behind the default location, all sites. Source: API Reference, "ResourceRecordSet", HealthCheckId,
 *   Geolocation Routing.
 * - With it: the sites in those regions, and nobody else. The alias of the location does not evaluate what it leads to,
 *   for a broader location may have other sites. When none of the stand-ins is left either, clients stay with their
 *   own.
 *
 * The static endpoint of the last resort stands behind the stand-ins.
 *
 * @param head - name of the records by location
 * @param guardOf - id of the check that is healthy while a site may be named
 * @returns what aliases lead to before the aliases
 */
export function locationRecords(
  service: NamedService,
  dns: DnsTraffic,
  head: string,
  type: AddressType,
  guardOf: (site: string) => string,
): readonly RecordPlan[] {
  const group = (name: string, sites: readonly string[]) => groupAt(name, sites, service, dns, type, guardOf);
  const lastResort = targetOf(dns, lastResortName, type);
  const rest = standInsOf(service);
  const restName = codeName(head, restCode);
  const homes = homesOf(service, dns);
  const restRecords =
    rest.length === 0 || !homes.some(({ location }) => hasStandIns(service, location))
      ? []
      : lastResort === null
        ? group(restName, rest)
        : [...group(ownName(head, restCode), rest), ...aliasPair(restName, type, ownName(head, restCode), lastResort)];
  const behind = rest.length === 0 ? lastResort : ({ kind: 'alias', name: restName } as const);
  return [
    ...restRecords,
    ...homes.flatMap(({ code, location, sites }) =>
      behind === null || !hasStandIns(service, location)
        ? group(codeName(head, code), sites)
        : [...group(ownName(head, code), sites), ...aliasPair(codeName(head, code), type, ownName(head, code), behind)],
    ),
    ...homes.map(
      ({ code, location }): RecordPlan => ({
        name: head,
        type,
        setIdentifier: code,
        failover: null,
        routing: { kind: 'geolocation', location },
        checkId: null,
        target: { kind: 'alias', name: codeName(head, code), ...(isLimited(service) ? { isSteadfast: true } : {}) },
      }),
    ),
  ];
}

/**
 * Sites that some client is answered with while others serve: those that serve, and, where a location may be answered
 * with nobody else, its own.
 *
 * @param serving - the register's; sites or `lastResortName`
 */
export function answeredSites(service: Service, serving: readonly string[]): readonly string[] {
  const { dns } = service.traffic;
  if (dns?.policy !== 'geolocation' || !isLimited(service)) return serving;
  const answered = homesOf(service, dns).flatMap(({ sites }) => {
    const own = sites.filter((site) => serving.includes(site));
    const standIns = standInsOf(service).filter((site) => serving.includes(site));
    if (own.length > 0) return own;
    if (standIns.length > 0) return standIns;
    return dns.lastResort === undefined ? sites : [lastResortName];
  });
  return [...new Set(answered)];
}

function groupAt(
  name: string,
  sites: readonly string[],
  service: NamedService,
  dns: DnsTraffic,
  type: AddressType,
  guardOf: (site: string) => string,
): readonly RecordPlan[] {
  const weights = recordWeightsOf(service, { serving: Object.keys(service.sites), ramp: {} });
  return sites.flatMap((site): readonly RecordPlan[] => {
    const target = targetOf(dns, site, type);
    if (target === null) return [];
    const routing = { kind: 'weighted', weight: weights[site] ?? 0 } as const;
    return [{ name, type, setIdentifier: site, failover: null, routing, checkId: guardOf(site), target }];
  });
}

/** The locations that somebody answers for, each with its sites by priority. */
function homesOf(service: Pick<Service, 'sites'>, dns: DnsTraffic): readonly Home[] {
  const homes = new Map<string, Home>();
  for (const site of sitesByPriority(service)) {
    for (const location of dns.locations?.[site] ?? []) {
      const code = codeOf(location);
      homes.set(code, { code, location, sites: [...(homes.get(code)?.sites ?? []), site] });
    }
  }
  return [...homes.values()];
}

/** Sites that may take clients of other locations. */
function standInsOf(service: Pick<Service, 'sites' | 'failover'>): readonly string[] {
  const { allowedRegions } = service.failover;
  return sitesByPriority(service).filter(
    (site) => allowedRegions === undefined || allowedRegions.includes(service.sites[site]?.region ?? ''),
  );
}

/** Without limits, a broader location stands in for all but the default one. */
function hasStandIns(service: Pick<Service, 'failover'>, location: GeoLocation): boolean {
  return isLimited(service) || location.kind === 'default';
}

function isLimited(service: Pick<Service, 'failover'>): boolean {
  return service.failover.allowedRegions !== undefined;
}

function codeName(head: string, code: string): string {
  return `geo-${code}.${head}`;
}

function ownName(head: string, code: string): string {
  return `own-${code}.${head}`;
}

function codeOf(location: GeoLocation): string {
  return location.kind === 'default' ? 'default' : location.code.toLowerCase();
}
