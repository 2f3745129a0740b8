import type { RecordValues } from './calls.ts';
import {
  type Deployment,
  type DirectCheck,
  type DnsAddress,
  type DnsTraffic,
  majorityOf,
  type NamedService,
  sitesByPriority,
} from './deployment.ts';
import { oraclePath } from './oracle.ts';

/**
 * How often each of Route 53's checkers reads an oracle: the shorter of the two intervals on offer. It runs from an
 * answer to the next request, so a slow oracle is read less often. Source: Route 53 API Reference, "HealthCheckConfig".
 */
export const oracleCheckIntervalSeconds = 10;
/** Answers in a row that change a checker's mind. One: the vote was agreed on before, and the many checkers damp. */
export const oracleFailureThreshold = 1;
/** The same for a site's endpoint, where no vote was taken before. Three. Source: Route 53's own default. */
export const directFailureThreshold = 3;
/**
 * How long resolvers keep what an alias to a load balancer, an API or a distribution answers; it cannot be set. Source:
 * Route 53 FAQ, "Do I need to adjust the TTL for my records in order to use DNS Failover?": 60 s for Elastic Load
 * Balancing. CloudFront and API Gateway answer with the same.
 */
export const aliasTtlSeconds = 60;

/** A Route 53 health check, as it is to be made. */
export type CheckPlan =
  /** Reads one region's oracle; healthy means that this region votes the site off. */
  | { readonly id: string; readonly kind: 'oracle'; readonly region: string; readonly path: string }
  /** Asks a site's own endpoint, every `oracleCheckIntervalSeconds`. */
  | {
      readonly id: string;
      readonly kind: 'endpoint';
      readonly site: string;
      readonly type: DirectCheck['type'];
      /** Null: the addresses of `host`, which Route 53 looks up each time; IPv4 only. */
      readonly ipAddress: string | null;
      /** `Host` header and server name, besides what `ipAddress` says; null for a connection to an address. */
      readonly host: string | null;
      readonly port: number;
      /** Null for a connection. */
      readonly path: string | null;
      readonly failureThreshold: number;
    }
  /** Healthy while `threshold` or more children are, the other way round when inverted. */
  | {
      readonly id: string;
      readonly kind: 'calculated';
      readonly children: readonly string[];
      readonly threshold: number;
      readonly isInverted: boolean;
    };

/** A Route 53 record set, as it is to be made. */
export interface RecordPlan {
  readonly name: string;
  readonly type: AddressType;
  /** Null, like `failover`, for a simple record. */
  readonly setIdentifier: string | null;
  readonly failover: 'PRIMARY' | 'SECONDARY' | null;
  readonly checkId: string | null;
  readonly target:
    | { readonly kind: 'values'; readonly values: readonly string[]; readonly ttlSeconds: number }
    /** An alias to another name of the same zone, as healthy as what it leads to (`EvaluateTargetHealth` true). */
    | { readonly kind: 'alias'; readonly name: string }
    /**
     * An alias to a name of AWS's own. `EvaluateTargetHealth` is false: with it, the balancer's own opinion would move
     * traffic without a quorum, past data gate and fence. CloudFront does not allow it anyway.
     */
    | { readonly kind: 'external-alias'; readonly name: string; readonly zoneId: string };
}

/** Types of record that carry an address. */
export type AddressType = 'A' | 'AAAA';

/** Everything that Route 53 holds for one service steered by oracles. */
export interface DnsTree {
  /** Children before the checks that count them. */
  readonly checks: readonly CheckPlan[];
  /** What aliases lead to before the aliases: Route 53 refuses an alias to a name of the zone that has no record. */
  readonly records: readonly RecordPlan[];
}

/**
 * The records and checks of a service, all made at deploy time and never edited.
 *
 * The sites stand in a chain by priority. Each but the last is PRIMARY under a check that fails when a majority of
 * control regions votes it off; its SECONDARY is the rest of the chain. So the answer is the first site that no majority
 * votes off, and the last site when there is none. Route 53 itself counts the majority, so a minority of dead oracles
 * changes nothing; with a majority dead the answer is the first site, whoever served before. While the votes of a move
 * come in, the answer lies between the old site and the new one in the chain: neighbours follow each other directly, and
 * a site that the move skips may be named for the seconds between two changes. Source: ADR-0003.
 *
 * With a direct check, each guarded site's record stands under a second pair below the first: PRIMARY under the site's
 * own check, SECONDARY again the rest of the chain. So a site is named only while no majority votes it off and its
 * endpoint answers. Two pairs and no calculated check over the guard: that Route 53 lets a calculated check count another
 * calculated one is nowhere promised.
 *
 * Order of deployment: checks, then a wait until their checkers have reported, then records. A new oracle check counts as
 * healthy until its checkers have looked, which for a vote means "voted off": records made together with their checks
 * name a standby for as long. A check that an existing record comes to use must have been waited for just so.
 *
 * A type of address that some site lacks has no records: its answer would name a site that does not serve.
 *
 * @returns nothing for a service that has no DNS or whose records are edited
 */
export function dnsTree(deployment: Pick<Deployment, 'name' | 'controlRegions'>, service: NamedService): DnsTree {
  if (service.traffic.dns?.mode !== 'oracle') return { checks: [], records: [] };
  const chain = sitesByPriority(service);
  const guarded = chain.slice(0, -1);
  const { dns } = service.traffic;
  const types = (['A', 'AAAA'] as const).filter((type) => chain.every((site) => targetOf(dns, site, type) !== null));
  return {
    checks: guarded.flatMap((site) => [
      ...checksOf(deployment, service.name, site),
      ...directCheckOf(deployment, service, dns, site),
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
  if (dns?.mode !== 'records') return [];
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

/** Dots part the names, which cannot contain one; with hyphens, two services could mean one check. */
function checkIdOf(deployment: Pick<Deployment, 'name'>, service: string, site: string, part: string): string {
  return [deployment.name, service, site, part].join('.');
}

function guardIdOf(deployment: Pick<Deployment, 'name'>, service: string, site: string): string {
  return checkIdOf(deployment, service, site, 'on');
}

function directIdOf(deployment: Pick<Deployment, 'name'>, service: string, site: string): string {
  return checkIdOf(deployment, service, site, 'direct');
}

function checksOf(
  deployment: Pick<Deployment, 'name' | 'controlRegions'>,
  service: string,
  site: string,
): readonly CheckPlan[] {
  const votes = deployment.controlRegions.map((region): CheckPlan => {
    const id = checkIdOf(deployment, service, site, `off.${region}`);
    return { id, kind: 'oracle', region, path: oraclePath(service, site) };
  });
  const guard: CheckPlan = {
    id: guardIdOf(deployment, service, site),
    kind: 'calculated',
    children: votes.map((vote) => vote.id),
    threshold: majorityOf(deployment),
    isInverted: true,
  };
  return [...votes, guard];
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
  if (dns.directCheck === undefined) return pairOf(chainName(dns.record, depth), guardId, own);
  const direct = directName(dns.record, depth);
  return [
    ...pairOf(direct, directIdOf(deployment, service.name, site), own),
    ...pairOf(chainName(dns.record, depth), guardId, { kind: 'alias', name: direct }),
  ];
}

/**
 * Every name that the records of a service take up, the record's own among them; only that one when the record is edited.
 */
export function recordNames(service: Pick<NamedService, 'sites' | 'traffic'>): readonly string[] {
  const { dns } = service.traffic;
  if (dns === undefined) return [];
  if (dns.mode === 'records') return [dns.record];
  const depths = [...Object.keys(service.sites).slice(1).keys()];
  const heads = depths.map((depth) => chainName(dns.record, depth));
  return dns.directCheck === undefined ? heads : [...heads, ...depths.map((depth) => directName(dns.record, depth))];
}

/** The record's own name for the head of the chain, a name beside it for each later link. */
function chainName(record: string, depth: number): string {
  return depth === 0 ? record : `failover-${depth}.${record}`;
}

/** Where a site of the chain stands under its direct check. */
function directName(record: string, depth: number): string {
  return `direct-${depth}.${record}`;
}

/** What a record of a type holds for a site; null when the site has no address of the type. */
function targetOf(dns: DnsTraffic, site: string, type: AddressType): RecordPlan['target'] | null {
  const { a, aaaa, alias }: DnsAddress = dns.addresses[site] ?? {};
  if (alias !== undefined) {
    const hasType = type === 'A' || alias.ipv6;
    return hasType ? { kind: 'external-alias', name: alias.dnsName, zoneId: alias.zoneId } : null;
  }
  const value = type === 'A' ? a : aaaa;
  return value === undefined ? null : { kind: 'values', values: [value], ttlSeconds: dns.ttlSeconds };
}

/** Longest that a resolver may keep any answer of a name, in seconds: an alias keeps its own time. */
export function longestTtlSeconds(dns: DnsTraffic): number {
  const times = Object.values(dns.addresses).map(({ alias }) =>
    alias === undefined ? dns.ttlSeconds : aliasTtlSeconds,
  );
  return Math.max(...times, 0);
}
