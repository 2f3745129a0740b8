import type { Deployment } from '../model/deployment.ts';
import { lastResortName, type NamedService, sitesByPriority } from '../model/service.ts';
import { type DnsTraffic, remembers } from '../model/traffic.ts';
import { checkIdOf, checksOf, type Guarded, guardedInChain, guardIdOf, memoriesOf, memoryGuardIdOf } from './checks.ts';
import { nameBehind } from './record-values.ts';
import {
  type CheckPlan,
  type DnsTree,
  directFailureThreshold,
  failoverPair,
  type RecordPlan,
  type RecordType,
  recordTypes,
  targetOf,
} from './zone-plan.ts';

type Owner = Pick<Deployment, 'name' | 'controlRegions'>;

/**
 * The records and checks of a name that one site answers for: a chain of the sites by priority.
 *
 * Each site but the last is PRIMARY under a check that fails when a majority of control regions votes it off; its
 * SECONDARY is the rest of the chain. So the answer is the first site that no majority votes off, and the last site
 * when there is none. Route 53 itself counts the majority, so a minority of dead oracles changes nothing; with a
 * majority dead the answer is the first site, whoever served before. While the votes of a move come in, the answer lies
 * between the old site and the new one in the chain: neighbours follow each other directly, and a site that the move
 * skips may be named for the seconds between two changes. Source: ADR-0003.
 *
 * With a direct check, each guarded site's record stands under a second pair below the first: PRIMARY under the site's
 * own check, SECONDARY again the rest of the chain. So a site is named only while no majority votes it off and its
 * endpoint answers. Two pairs and no calculated check over the guard: that Route 53 lets a calculated check count
 * another calculated one is nowhere promised.
 *
 * With memory, the site's record stands under one more pair: PRIMARY under the check of what is remembered. With mode
 * `memory` that pair is the only one.
 *
 * With a static endpoint for the last resort, the last site is guarded too, and the endpoint stands behind it: it is
 * answered when every site is voted off, which oracles do only while the register says that it serves.
 *
 * A type of address that some site lacks has no records: its answer would name a site that does not serve.
 *
 * @param head - name of the first link
 */
export function chainTree(deployment: Owner, service: NamedService, dns: DnsTraffic, head: string): DnsTree {
  const chain = [...sitesByPriority(service), ...(dns.lastResort === undefined ? [] : [lastResortName])];
  const links = guardedInChain(chain.slice(0, -1));
  const types = recordTypes.filter((type) => chain.every((site) => targetOf(dns, site, type) !== null));
  return {
    checks: links.flatMap((link) => [
      ...(dns.mode === 'oracle' ? checksOf(deployment, service.name, link, dns.zone) : []),
      ...(remembers(dns) ? memoriesOf(deployment, service.name, link) : []),
      ...(isCheckedDirectly(dns, chain, link.site) ? directCheckOf(deployment, service, dns, link.site) : []),
    ]),
    records: [...links.entries()]
      .reverse()
      .flatMap(([depth, link]) =>
        types.flatMap((type) => linkAt(deployment, service, dns, { head, chain, depth, link, type })),
      ),
  };
}

/** Where in a chain a link stands. */
interface Place {
  readonly head: string;
  readonly chain: readonly string[];
  readonly depth: number;
  readonly link: Guarded;
  readonly type: RecordType;
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
  const { a, aaaa } = addresses[site] ?? {};
  const isConnection = type === 'tcp';
  const name = isConnection ? null : dns.record;
  return [
    {
      id: directIdOf(deployment, service.name, site),
      kind: 'endpoint',
      site,
      type,
      ipAddress: a?.[0] ?? aaaa?.[0] ?? null,
      host: nameBehind(addresses[site] ?? {}) ?? name,
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
  deployment: Owner,
  service: NamedService,
  dns: DnsTraffic,
  { head, chain, depth, link, type }: Place,
): readonly RecordPlan[] {
  const { site } = link;
  const next = chain[depth + 1];
  const own = targetOf(dns, site, type);
  const last = next === undefined ? null : targetOf(dns, next, type);
  if (own === null || last === null) return [];
  const isLast = depth === chain.length - 2;
  const rest: RecordPlan['target'] = isLast ? last : { kind: 'alias', name: chainName(head, depth + 1) };
  /** From the outermost check to the innermost: each hands on to the next, and each to the rest of the chain. */
  const layers = [
    ...(remembers(dns) ? [['memory', memoryGuardIdOf(deployment, service.name, link)] as const] : []),
    ...(dns.mode === 'oracle' ? [['votes', guardIdOf(deployment, service.name, link)] as const] : []),
    ...(isCheckedDirectly(dns, chain, site) ? [['direct', directIdOf(deployment, service.name, site)] as const] : []),
  ];
  const names = layers.map(([name], place) => (place === 0 ? chainName(head, depth) : `${name}-${depth}.${head}`));
  const checks = layers.map(([, check]) => check);
  return names
    .flatMap((name, layer) => {
      const next = names[layer + 1];
      const target: RecordPlan['target'] = next === undefined ? own : { kind: 'alias', name: next };
      return [failoverPair(name, type, checks[layer] ?? null, target, rest)];
    })
    .reverse()
    .flat();
}

/** The head itself, and a name beside it for each later link. */
function chainName(head: string, depth: number): string {
  return depth === 0 ? head : `failover-${depth}.${head}`;
}
