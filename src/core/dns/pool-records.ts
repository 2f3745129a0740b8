import type { Deployment } from '../model/deployment.ts';
import type { NamedService } from '../model/service.ts';
import { lastResortName, regularSites, sitesByPriority } from '../model/service.ts';
import type { DnsTraffic } from '../model/traffic.ts';
import { recordWeightsOf } from '../register/share.ts';
import { checksOf, type Guarded, guardIdOf, memoriesOf, memoryGuardIdOf } from './checks.ts';
import { type GuardIds, guardedRecord } from './guarded-record.ts';
import { locationRecords } from './locations.ts';
import { rememberedIn } from './memory.ts';
import {
  aliasPair,
  type DnsTree,
  type RecordPlan,
  type RecordType,
  type Routing,
  recordTypes,
  targetOf,
} from './zone-plan.ts';

/**
 * The records and checks of a name with several serving sites.
 *
 * Every site has a record under its own guard. A site that a majority of regions votes off is left out, and Route 53's
 * routing policy spreads its share over the others. When Route 53 finds no record healthy, it answers as if all were:
 * DNS fails open by itself. Source: Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking
 * is configured"; API Reference, "ResourceRecordSet", HealthCheckId and MultiValueAnswer.
 *
 * The static endpoint for the last resort stands behind the whole pool, as SECONDARY to an alias that evaluates it; by
 * geolocation, behind each location (`locations.ts`).
 *
 * @param head - name of the first records
 */
export function poolTree(
  deployment: Pick<Deployment, 'name' | 'controlRegions'>,
  service: NamedService,
  dns: DnsTraffic,
  head: string,
): DnsTree {
  const sites = sitesByPriority(service);
  const types = recordTypes.filter((type) => sites.every((site) => targetOf(dns, site, type) !== null));
  const memories = rememberedIn(service);
  const guardOf = (site: string): GuardIds => ({
    votes: dns.mode === 'oracle' ? guardIdOf(deployment, service.name, guardedAlone(site)) : null,
    memory: memories.length === 0 ? null : memoryGuardIdOf(deployment, service.name, guardedAlone(site)),
  });
  return {
    checks: [
      ...(dns.mode === 'oracle' ? sites : []).flatMap((site) =>
        checksOf(deployment, service.name, guardedAlone(site), dns.zone),
      ),
      ...memories.flatMap((memory) => memoriesOf(deployment, service.name, memory)),
    ],
    records: types.flatMap((type) => {
      if (dns.policy === 'geolocation') return locationRecords(service, dns, head, type, guardOf);
      const lastResort = targetOf(dns, lastResortName, type);
      if (lastResort === null) return membersAt(head, service, dns, type, guardOf);
      const pool = `pool.${head}`;
      return [...membersAt(pool, service, dns, type, guardOf), ...aliasPair(head, type, pool, lastResort)];
    }),
  };
}

/**
 * The records of a name whose weights the engine edits, so that the weights say who serves, and there are no guards.
 * Route 53 shares evenly when all weights are 0, so the static endpoint is one more weighted record.
 *
 * @returns nothing where one simple record is edited
 */
export function weightedRecords(service: NamedService, dns: DnsTraffic): readonly RecordPlan[] {
  if (dns.policy === 'failover') return [];
  const sites = sitesByPriority(service);
  return recordTypes
    .filter((type) => sites.every((site) => targetOf(dns, site, type) !== null))
    .flatMap((type) => membersAt(dns.record, service, dns, type, () => null));
}

/** In a pool each site stands for itself. */
function guardedAlone(site: string): Guarded {
  return { site, sites: [site] };
}

/** One record for each site under one name; with edited records, also one for the static endpoint. */
function membersAt(
  name: string,
  service: NamedService,
  dns: DnsTraffic,
  type: RecordType,
  guardOf: (site: string) => GuardIds | null,
): readonly RecordPlan[] {
  const sites = sitesByPriority(service);
  const isEdited = dns.mode === 'records' && dns.lastResort !== undefined;
  return [...sites, ...(isEdited ? [lastResortName] : [])].flatMap((site): readonly RecordPlan[] => {
    const target = targetOf(dns, site, type);
    if (target === null) return [];
    const routing = routingOf(service, dns, site);
    const record = { name, type, setIdentifier: site, failover: null, routing, checkId: null, target } as const;
    return guardedRecord(record, guardOf(site));
  });
}

function routingOf(service: NamedService, dns: DnsTraffic, site: string): Routing {
  switch (dns.policy) {
    case 'latency':
      return { kind: 'latency', region: service.sites[site]?.region ?? '' };
    case 'multivalue':
      return { kind: 'multivalue' };
    default: {
      // Edited weights say themselves who serves; elsewhere the guards do.
      const serving = dns.mode === 'records' ? regularSites(service) : sitesByPriority(service);
      const weights = recordWeightsOf(service, { serving, ramp: {} });
      return { kind: 'weighted', weight: weights[site] ?? 0 };
    }
  }
}
