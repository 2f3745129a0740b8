import { type Deployment, majorityOf, type NamedService, sitesByPriority } from './deployment.ts';
import { oraclePath } from './oracle.ts';

/** A Route 53 health check, as it is to be made. */
export type CheckPlan =
  /** Reads one region's oracle; healthy means that this region votes the site off. */
  | { readonly id: string; readonly kind: 'oracle'; readonly region: string; readonly path: string }
  /** Healthy while fewer than `threshold` children vote: a CALCULATED check, inverted. */
  | {
      readonly id: string;
      readonly kind: 'majority';
      readonly children: readonly string[];
      readonly threshold: number;
    };

/** A Route 53 record set, as it is to be made. */
export interface RecordPlan {
  readonly name: string;
  readonly type: 'A' | 'AAAA';
  readonly setIdentifier: string;
  readonly failover: 'PRIMARY' | 'SECONDARY';
  readonly checkId: string | null;
  readonly target:
    | { readonly kind: 'values'; readonly values: readonly string[]; readonly ttlSeconds: number }
    /** An alias to another name of the same zone. */
    | { readonly kind: 'alias'; readonly name: string };
}

/** Everything that Route 53 holds for one service steered by oracles. */
export interface DnsTree {
  readonly checks: readonly CheckPlan[];
  readonly records: readonly RecordPlan[];
}

/**
 * The records and checks of a service, all made at deploy time and never edited.
 *
 * The sites stand in a chain by priority. Each but the last is PRIMARY under a check that fails when a majority of
 * control regions votes it off; its SECONDARY is the rest of the chain. The last is not guarded: when every other site is
 * voted off it is the answer, and when nothing is known the first is. Route 53 itself counts the majority, so a dead
 * oracle is a vote missing. With more than two sites, only a move that skips a site of the chain may name that site for the second or two between two
 * changes; every other move changes one vote. Source: ADR-0003.
 */
export function dnsTree(deployment: Pick<Deployment, 'name' | 'controlRegions'>, service: NamedService): DnsTree {
  const { dns } = service.traffic;
  if (dns?.mode !== 'oracle') return { checks: [], records: [] };
  const chain = sitesByPriority(service);
  const guarded = chain.slice(0, -1);
  return {
    checks: guarded.flatMap((site) => checksOf(deployment, service.name, site)),
    records: guarded.flatMap((site, depth) => recordsAt(deployment, service, chain, site, depth)),
  };
}

function checkIdOf(deployment: Pick<Deployment, 'name'>, service: string, site: string): string {
  return `${deployment.name}-${service}-${site}`;
}

function checksOf(
  deployment: Pick<Deployment, 'name' | 'controlRegions'>,
  service: string,
  site: string,
): readonly CheckPlan[] {
  const id = checkIdOf(deployment, service, site);
  const children = deployment.controlRegions.map(
    (region): CheckPlan => ({ id: `${id}-off-${region}`, kind: 'oracle', region, path: oraclePath(service, site) }),
  );
  const threshold = majorityOf(deployment);
  return [...children, { id: `${id}-on`, kind: 'majority', children: children.map((child) => child.id), threshold }];
}

function recordsAt(
  deployment: Pick<Deployment, 'name'>,
  service: NamedService,
  chain: readonly string[],
  site: string,
  depth: number,
): readonly RecordPlan[] {
  const { dns } = service.traffic;
  if (!dns) return [];
  const name = nameAt(dns.record, depth);
  const next = chain[depth + 1] ?? site;
  const isLast = depth + 1 === chain.length - 1;
  return (['A', 'AAAA'] as const).flatMap((type) => {
    const own = valuesOf(service, site, type);
    const rest = isLast
      ? ({ kind: 'values', values: valuesOf(service, next, type), ttlSeconds: dns.ttlSeconds } as const)
      : ({ kind: 'alias', name: nameAt(dns.record, depth + 1) } as const);
    if (own.length === 0) return [];
    return [
      {
        name,
        type,
        setIdentifier: site,
        failover: 'PRIMARY' as const,
        checkId: `${checkIdOf(deployment, service.name, site)}-on`,
        target: { kind: 'values' as const, values: own, ttlSeconds: dns.ttlSeconds },
      },
      {
        name,
        type,
        setIdentifier: isLast ? next : `after-${site}`,
        failover: 'SECONDARY' as const,
        checkId: null,
        target: rest,
      },
    ];
  });
}

/** The record's own name for the head of the chain, a name beside it for each later link. */
function nameAt(record: string, depth: number): string {
  return depth === 0 ? record : `failover-${depth}.${record}`;
}

function valuesOf(service: NamedService, site: string, type: 'A' | 'AAAA'): readonly string[] {
  const address = service.traffic.dns?.addresses[site];
  const value = type === 'A' ? address?.a : address?.aaaa;
  return value === undefined ? [] : [value];
}
