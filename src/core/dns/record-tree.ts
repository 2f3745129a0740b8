import type { Deployment } from '../model/deployment.ts';
import { lastResortName, type NamedService, type Service, sitesByPriority } from '../model/service.ts';
import type { DnsTraffic } from '../model/traffic.ts';
import { checkIdOf, checksOf, guardIdOf } from './checks.ts';
import { poolNames, poolTree } from './pool-records.ts';
import type { RecordValues } from './record-values.ts';
import {
  type AddressType,
  addressTypes,
  type CheckPlan,
  type DnsTree,
  directFailureThreshold,
  type RecordPlan,
  targetOf,
} from './zone-plan.ts';

/**
 * The records and checks of a service, all made at deploy time and never edited.
 *
 * The sites stand in a chain by priority. Each but the last is PRIMARY under a check that fails when a majority of
 * control regions votes it off; its SECONDARY is the rest of the chain. So the answer is the first site that no
 * majority votes off, and the last site when there is none. Route 53 itself counts the majority, so a minority of dead
 * oracles changes nothing; with a majority dead the answer is the first site, whoever served before. While the votes of
 * a move come in, the answer lies between the old site and the new one in the chain: neighbours follow each other
 * directly, and a site that the move skips may be named for the seconds between two changes. Source: ADR-0003.
 *
 * With a direct check, each guarded site's record stands under a second pair below the first: PRIMARY under the site's
 * own check, SECONDARY again the rest of the chain. So a site is named only while no majority votes it off and its
 * endpoint answers. Two pairs and no calculated check over the guard: that Route 53 lets a calculated check count
 * another calculated one is nowhere promised.
 *
 * Order of deployment: checks, then a wait until their checkers have reported, then records. A new oracle check counts
 * as healthy until its checkers have looked, which for a vote means "voted off": records made together with their
 * checks name a standby for as long. A check that an existing record comes to use must have been waited for just so.
 *
 * With a static endpoint for the last resort, the last site is guarded too, and the endpoint stands behind it: it is
 * answered when every site is voted off, which oracles do only while the register says that it serves.
 *
 * A type of address that some site lacks has no records: its answer would name a site that does not serve.
 *
 * A name with a policy other than `failover` has several serving sites: `pool-records.ts`.
 *
 * @returns nothing for a service that has no DNS or whose one record is edited
 */
export function dnsTree(deployment: Pick<Deployment, 'name' | 'controlRegions'>, service: NamedService): DnsTree {
  const { dns } = service.traffic;
  if (dns === undefined) return { checks: [], records: [] };
  if (dns.policy !== 'failover') return poolTree(deployment, service, dns);
  if (dns.mode !== 'oracle') return { checks: [], records: [] };
  const chain = [...sitesByPriority(service), ...(dns.lastResort === undefined ? [] : [lastResortName])];
  const guarded = chain.slice(0, -1);
  const types = addressTypes.filter((type) => chain.every((site) => targetOf(dns, site, type) !== null));
  return {
    checks: guarded.flatMap((site) => [
      ...checksOf(deployment, service.name, site),
      ...(isCheckedDirectly(dns, chain, site) ? directCheckOf(deployment, service, dns, site) : []),
    ]),
    records: [...guarded.keys()]
      .reverse()
      .flatMap((depth) => types.flatMap((type) => linkAt(deployment, service, dns, chain, depth, type))),
  };
}

/**
 * The records of a service whose records are edited: one simple record a type.
 *
 * @param values - what the record holds, as `writeRecord` sets it; a type without a value has no record
 */
export function simpleRecords(service: NamedService, values: RecordValues): readonly RecordPlan[] {
  const { dns } = service.traffic;
  if (dns?.mode !== 'records' || dns.policy !== 'failover') return [];
  const held = [
    ['A', values.a],
    ['AAAA', values.aaaa],
  ] as const;
  return held.flatMap(([type, value]) => {
    if (value === null) return [];
    const target = { kind: 'values', values: [value], ttlSeconds: dns.ttlSeconds } as const;
    return [{ name: dns.record, type, setIdentifier: null, failover: null, checkId: null, target }];
  });
}

function directIdOf(deployment: Pick<Deployment, 'name'>, service: string, site: string): string {
  return checkIdOf(deployment, service, site, 'direct');
}

/**
 * Whether Route 53 itself may leave a site: only for another site. The static endpoint is for the register to choose.
 */
function isCheckedDirectly(dns: DnsTraffic, chain: readonly string[], site: string): boolean {
  const next = chain[chain.indexOf(site) + 1];
  return dns.directCheck !== undefined && next !== undefined && next !== lastResortName;
}

/** Route 53's own look at a site's endpoint; none unless the service asks for it. */
function directCheckOf(
  deployment: Pick<Deployment, 'name'>,
  service: NamedService,
  dns: DnsTraffic,
  site: string,
): readonly CheckPlan[] {
  const { directCheck, addresses } = dns;
  if (directCheck === undefined) return [];
  const { type, port, path = '/' } = directCheck;
  const { a, aaaa, alias } = addresses[site] ?? {};
  const isConnection = type === 'tcp';
  const name = isConnection ? null : dns.record;
  return [
    {
      id: directIdOf(deployment, service.name, site),
      kind: 'endpoint',
      site,
      type,
      ipAddress: a ?? aaaa ?? null,
      host: alias?.dnsName ?? name,
      port,
      path: isConnection ? null : path,
      failureThreshold: directFailureThreshold,
    },
  ];
}

/**
 * One link of the chain: a site under its guard, and what stands in for it; with a direct check, the same again below.
 *
 * @returns what aliases lead to before the aliases
 */
function linkAt(
  deployment: Pick<Deployment, 'name'>,
  service: NamedService,
  dns: DnsTraffic,
  chain: readonly string[],
  depth: number,
  type: AddressType,
): readonly RecordPlan[] {
  const [site, next] = chain.slice(depth);
  const own = site === undefined ? null : targetOf(dns, site, type);
  const last = next === undefined ? null : targetOf(dns, next, type);
  if (site === undefined || next === undefined || own === null || last === null) return [];
  const isLast = depth === chain.length - 2;
  const rest: RecordPlan['target'] = isLast ? last : { kind: 'alias', name: chainName(dns.record, depth + 1) };
  const pairOf = (name: string, checkId: string, target: RecordPlan['target']): readonly RecordPlan[] => [
    { name, type, setIdentifier: site, failover: 'PRIMARY', checkId, target },
    {
      name,
      type,
      setIdentifier: isLast ? next : `after-${site}`,
      failover: 'SECONDARY',
      checkId: null,
      target: rest,
    },
  ];
  const guardId = guardIdOf(deployment, service.name, site);
  if (!isCheckedDirectly(dns, chain, site)) return pairOf(chainName(dns.record, depth), guardId, own);
  const direct = directName(dns.record, depth);
  return [
    ...pairOf(direct, directIdOf(deployment, service.name, site), own),
    ...pairOf(chainName(dns.record, depth), guardId, { kind: 'alias', name: direct }),
  ];
}

/**
 * Every name that the records of a service take up, the record's own among them; only that one when the record is
 * edited.
 */
export function recordNames(service: Service): readonly string[] {
  const { dns } = service.traffic;
  if (dns === undefined) return [];
  if (dns.policy !== 'failover') return poolNames(service, dns);
  if (dns.mode === 'records') return [dns.record];
  const links = Object.keys(service.sites).length - (dns.lastResort === undefined ? 1 : 0);
  // A configuration without sites is asked, too, before the rule about them has spoken.
  const heads = [...Array(Math.max(links, 0)).keys()].map((depth) => chainName(dns.record, depth));
  if (dns.directCheck === undefined) return heads;
  const checked = [...Object.keys(service.sites).slice(1).keys()];
  return [...heads, ...checked.map((depth) => directName(dns.record, depth))];
}

/** The record's own name for the head of the chain, a name beside it for each later link. */
function chainName(record: string, depth: number): string {
  return depth === 0 ? record : `failover-${depth}.${record}`;
}

/** Where a site of the chain stands under its direct check. */
function directName(record: string, depth: number): string {
  return `direct-${depth}.${record}`;
}
