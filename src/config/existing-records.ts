import { aliasTargetOf } from './kinds/dns/alias-target.ts';
import type { StarterPolicy } from './starter-policy.ts';

/** How a record that exists is chosen among those of its name. Source: Route 53 Developer Guide, "Routing policy". */
export type ExistingPolicy =
  | 'simple'
  | 'failover'
  | 'weighted'
  | 'latency'
  | 'multivalue'
  | 'geolocation'
  /** By geoproximity or by addresses. */
  | 'other';

/** A record set of a name that leads clients, as Route 53 has it. */
export interface ExistingRecord {
  readonly type: 'A' | 'AAAA' | 'CNAME';
  readonly policy: ExistingPolicy;
  /** Null of a simple record. */
  readonly setIdentifier: string | null;
  readonly isSecondary: boolean;
  readonly weight: number | null;
  /** Region of a latency record. */
  readonly region: string | null;
  /** Name of an alias target, canonical; null of a record with values. */
  readonly alias: string | null;
  readonly values: readonly string[];
  /** Null of an alias, which has none of its own. */
  readonly ttlSeconds: number | null;
}

/** A site as records that exist show it. */
export interface SeenSite {
  readonly name: string;
  /** Null where neither the record nor its target says it. */
  readonly region: string | null;
  /** Addresses, or one name; empty where the target is another record. */
  readonly addresses: readonly string[];
  /** Whether its load balancer has an AAAA record too. */
  readonly ipv6: boolean;
  /** Its weight in a weighted pool; else null. */
  readonly weight: number | null;
}

/** What a first configuration can take from records that exist. */
export interface RecordProposal {
  /** The one that serves first; fewer than two where the records show no more. */
  readonly sites: readonly SeenSite[];
  readonly policy: StarterPolicy;
  /** Null where there is none, or one that would hold clients longer than a move. */
  readonly ttlSeconds: number | null;
}

/** Most seconds of a TTL that are taken over; a longer time is a finding of the lint (`ttl-long`). */
export const ttlSecondsMax = 60;
/** Most characters of a site's name. Source: docs/config.md, `sites`. */
const nameLengthMax = 31;

/**
 * What the records of a name say about sites, policy and time to live.
 *
 * Weighted records of which one alone has weight are an active site and its standbys. In a pool a record of weight 0
 * serves nobody, and so is no site of it.
 */
export function proposalFrom(records: readonly ExistingRecord[]): RecordProposal {
  const groups = new Map<string, ExistingRecord[]>();
  for (const record of [...records].sort(byRank)) {
    const key = groupOf(record);
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  const policy = policyFor([...groups.values()]);
  const serving = [...groups.values()].filter(([record]) => policy !== 'weighted' || record?.weight !== 0);
  const sites: SeenSite[] = [];
  for (const group of serving) sites.push(siteOf(group, sites, policy));
  const ttls = records.flatMap(({ ttlSeconds }) => (ttlSeconds === null ? [] : [ttlSeconds]));
  const ttlSeconds = ttls.length === 0 ? null : Math.min(...ttls);
  return {
    sites,
    policy,
    ttlSeconds: ttlSeconds === null || ttlSeconds > ttlSecondsMax ? null : ttlSeconds,
  };
}

/** The primary first, and the heavier before the lighter; else as they were. */
function byRank(one: ExistingRecord, other: ExistingRecord): number {
  return Number(one.isSecondary) - Number(other.isSecondary) || (other.weight ?? 0) - (one.weight ?? 0);
}

/** Which records are of one site: those that Route 53 answers together, whatever their type. */
function groupOf({ policy, setIdentifier, isSecondary, region }: ExistingRecord): string {
  if (policy === 'simple') return 'simple';
  if (policy === 'failover') return isSecondary ? 'secondary' : 'primary';
  return policy === 'latency' ? `region ${region}` : `set ${setIdentifier}`;
}

function policyFor(groups: readonly (readonly ExistingRecord[])[]): StarterPolicy {
  const policies = new Set(groups.map(([record]) => record?.policy));
  const [policy] = policies;
  if (policies.size !== 1 || groups.length < 2) return 'failover';
  if (policy === 'latency' || policy === 'multivalue') return policy;
  const weighty = groups.filter(([record]) => (record?.weight ?? 0) > 0);
  return policy === 'weighted' && weighty.length > 1 ? 'weighted' : 'failover';
}

function siteOf(group: readonly ExistingRecord[], before: readonly SeenSite[], policy: StarterPolicy): SeenSite {
  const targets = group.flatMap((record) => record.alias ?? (record.type === 'CNAME' ? record.values : []));
  const [target] = targets;
  const kind = target === undefined ? null : aliasTargetOf(target);
  const isAlias = group.some(({ alias }) => alias !== null);
  const values = group.flatMap(({ alias, values: own }) => (alias === null ? own : []));
  // An alias of another record of the zone is no place: what is there is behind that record.
  const aliasTargets = kind?.kind === 'none' ? [] : [...new Set(targets)];
  return {
    name: nameOf(group[0]?.setIdentifier ?? '', before),
    region: group[0]?.region ?? (kind?.kind === 'target' ? kind.region : null),
    addresses: isAlias ? aliasTargets.slice(0, 1) : values,
    ipv6: group.some(({ type, alias }) => type === 'AAAA' && alias !== null),
    weight: policy === 'weighted' ? (group[0]?.weight ?? null) : null,
  };
}

/** The record's own name for it as far as it can be one, else a number. */
function nameOf(written: string, before: readonly SeenSite[]): string {
  const plain = written
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, nameLengthMax);
  const isFree = plain !== '' && plain !== 'constructor' && before.every(({ name }) => name !== plain);
  return isFree ? plain : `site-${before.length + 1}`;
}
