import type { RecordValues } from './calls.ts';
import { type Deployment, majorityOf, type NamedService, sitesByPriority } from './deployment.ts';
import { oraclePath } from './oracle.ts';

/**
 * How often each of Route 53's checkers reads an oracle: the shorter of the two intervals on offer. It runs from an
 * answer to the next request, so a slow oracle is read less often. Source: Route 53 API Reference, "HealthCheckConfig".
 */
export const oracleCheckIntervalSeconds = 10;
/** Answers in a row that change a checker's mind. One: the vote was agreed on before, and the many checkers damp. */
export const oracleFailureThreshold = 1;

/** A Route 53 health check, as it is to be made. */
export type CheckPlan =
  /** Reads one region's oracle; healthy means that this region votes the site off. */
  | { readonly id: string; readonly kind: 'oracle'; readonly region: string; readonly path: string }
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
    /** An alias to another name of the same zone, as healthy as what it leads to. */
    | { readonly kind: 'alias'; readonly name: string };
}

/** Types of record that carry an address. */
export type AddressType = 'A' | 'AAAA';

/** Everything that Route 53 holds for one service steered by oracles. */
export interface DnsTree {
  /** Children before the checks that count them. */
  readonly checks: readonly CheckPlan[];
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
 * A type of address that some site lacks has no records: its answer would name a site that does not serve.
 *
 * @returns nothing for a service that has no DNS or whose records are edited
 */
export function dnsTree(deployment: Pick<Deployment, 'name' | 'controlRegions'>, service: NamedService): DnsTree {
  if (service.traffic.dns?.mode !== 'oracle') return { checks: [], records: [] };
  const chain = sitesByPriority(service);
  const guarded = chain.slice(0, -1);
  const types = (['A', 'AAAA'] as const).filter((type) => chain.every((site) => valuesOf(service, site, type).length));
  return {
    checks: guarded.flatMap((site) => checksOf(deployment, service.name, site)),
    records: guarded.flatMap((_, depth) => types.flatMap((type) => pairAt(deployment, service, chain, depth, type))),
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

/** One link of the chain: a site under its guard, and what stands in for it. */
function pairAt(
  deployment: Pick<Deployment, 'name'>,
  service: NamedService,
  chain: readonly string[],
  depth: number,
  type: AddressType,
): readonly RecordPlan[] {
  const { dns } = service.traffic;
  const [site, next] = chain.slice(depth);
  if (!dns || site === undefined || next === undefined) return [];
  const name = nameAt(dns.record, depth);
  const targetOf = (of: string) =>
    ({ kind: 'values', values: valuesOf(service, of, type), ttlSeconds: dns.ttlSeconds }) as const;
  const isLast = depth === chain.length - 2;
  const checkId = guardIdOf(deployment, service.name, site);
  return [
    { name, type, setIdentifier: site, failover: 'PRIMARY', checkId, target: targetOf(site) },
    {
      name,
      type,
      setIdentifier: isLast ? next : `after-${site}`,
      failover: 'SECONDARY',
      checkId: null,
      target: isLast ? targetOf(next) : { kind: 'alias', name: nameAt(dns.record, depth + 1) },
    },
  ];
}

/** The record's own name for the head of the chain, a name beside it for each later link. */
function nameAt(record: string, depth: number): string {
  return depth === 0 ? record : `failover-${depth}.${record}`;
}

function valuesOf(service: NamedService, site: string, type: AddressType): readonly string[] {
  const address = service.traffic.dns?.addresses[site];
  const value = type === 'A' ? address?.a : address?.aaaa;
  return value === undefined ? [] : [value];
}
