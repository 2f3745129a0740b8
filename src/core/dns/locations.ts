import { placeOf } from '../model/place.ts';
import { lastResortName, type NamedService, type Service, sitesByPriority } from '../model/service.ts';
import type { DnsTraffic, GeoLocation } from '../model/traffic.ts';
import { recordWeightsOf } from '../register/share.ts';
import { type GuardIds, guardedRecord } from './guarded-record.ts';
import { aliasPair, type RecordPlan, type RecordType, targetOf } from './zone-plan.ts';

/**
 * Code of the group that stands in for the sites of a location. Every location code is shorter, so it cannot be one.
 */
const restCode = 'rest';

/** A location and the sites that answer for it. */
interface Home {
  readonly code: string;
  readonly location: GeoLocation;
  readonly sites: readonly string[];
}

/**
 * The records of a name that answers each client with the sites of its location.
 *
 * The sites of a location share a helper name, weighted by capacity, each under its guard. When all of them are voted
 * off, others stand in for them:
 *
 * - Without `failover.allowedRegions`: the next broader location, as Route 53 does for an alias that evaluates its
 *   target's health; for the default location, all sites. Source: API Reference, "ResourceRecordSet", HealthCheckId,
 *   Geolocation Routing.
 * - With it: only the sites in those regions. The alias of the location does not evaluate its target's health, because
 *   a broader location may have sites in other regions. When no stand-in is left either, clients stay with their own
 *   sites.
 *
 * The static endpoint of the last resort comes after the stand-ins.
 *
 * @param head - name of the records by location
 * @param guardOf - gives the ids of a site's guard checks
 * @returns the records; the target of an alias comes before the alias
 */
export function locationRecords(
  service: NamedService,
  dns: DnsTraffic,
  head: string,
  type: RecordType,
  guardOf: (site: string) => GuardIds,
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
 * Sites that DNS may answer with: the sites that serve, and the own sites of a location that has no other answer.
 *
 * @param serving - the register's `serving`: sites, or `lastResortName` alone
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
  type: RecordType,
  guardOf: (site: string) => GuardIds,
): readonly RecordPlan[] {
  const weights = recordWeightsOf(service, { serving: Object.keys(service.sites), ramp: {} });
  return sites.flatMap((site): readonly RecordPlan[] => {
    const target = targetOf(dns, site, type);
    if (target === null) return [];
    const routing = { kind: 'weighted', weight: weights[site] ?? 0 } as const;
    const record = { name, type, setIdentifier: site, failover: null, routing, checkId: null, target } as const;
    return guardedRecord(record, guardOf(site));
  });
}

/** The locations that have sites, each with its sites by priority. */
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
  return sitesByPriority(service).filter((site) => {
    const place = service.sites[site];
    return allowedRegions === undefined || (place !== undefined && allowedRegions.includes(placeOf(place)));
  });
}

/**
 * Whether a location has records for stand-ins. Without `allowedRegions` only the default location needs them, because
 * a broader location stands in for every other.
 */
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
