import { lastResortName } from '../model/service.ts';
import type { DirectCheck, DnsAddress, DnsTraffic, GeoLocation } from '../model/traffic.ts';

/**
 * How often each of Route 53's checkers reads an oracle: the shorter of the two intervals that Route 53 offers. The
 * interval runs from one answer to the next request, so a slow oracle is read less often. Source: Route 53 API
 * Reference, "HealthCheckConfig".
 */
export const oracleCheckIntervalSeconds = 10;
/**
 * Answers in a row that change the state of a checker. One is enough: the register was agreed on before, and the many
 * checkers damp single errors.
 */
export const oracleFailureThreshold = 1;
/**
 * The same for the direct check of a site's endpoint, which no watcher has agreed on before. Source: Route 53's own
 * default.
 */
export const directFailureThreshold = 3;
/**
 * TTL of the answer of an alias to a load balancer, an API or a distribution; it cannot be set. Source: Route 53 FAQ,
 * "Do I need to adjust the TTL for my records in order to use DNS Failover?": 60 s for Elastic Load Balancing.
 * CloudFront and API Gateway answer with the same TTL.
 */
export const aliasTtlSeconds = 60;

/** The plan of a Route 53 health check. */
export type CheckPlan =
  /** Asks one region's oracle whether nobody of some sites serves; healthy means yes, a vote against `site`. */
  | {
      readonly id: string;
      readonly kind: 'oracle';
      readonly region: string;
      /** Whose record the vote is about. */
      readonly site: string;
      /** The sites that are asked about. */
      readonly sites: readonly string[];
      readonly path: string;
    }
  /** Checks a site's own endpoint, every `oracleCheckIntervalSeconds`. */
  | {
      readonly id: string;
      readonly kind: 'endpoint';
      readonly site: string;
      readonly type: DirectCheck['type'];
      /**
       * Address to check, the first of several. Null: the addresses of `host`, which Route 53 resolves each time; IPv4
       * only.
       */
      readonly ipAddress: string | null;
      /** `Host` header and TLS server name; null for a TCP connection to an address. */
      readonly host: string | null;
      readonly port: number;
      /** Path of the request; null for a TCP connection. */
      readonly path: string | null;
      readonly failureThreshold: number;
    }
  /** Follows an alarm of one region; healthy means that this region does not remember the site as left. */
  | {
      readonly id: string;
      readonly kind: 'memory';
      readonly region: string;
      readonly site: string;
      readonly sites: readonly string[];
      /** Name of the alarm. */
      readonly alarm: string;
    }
  /** Healthy while `threshold` or more children are healthy; when inverted, unhealthy while they are. */
  | {
      readonly id: string;
      readonly kind: 'calculated';
      readonly children: readonly string[];
      readonly threshold: number;
      readonly isInverted: boolean;
    };

/** The plan of a Route 53 record set. */
export interface RecordPlan {
  readonly name: string;
  readonly type: RecordType;
  /** Name of the record among the records of its name; null for a simple record, as is `failover`. */
  readonly setIdentifier: string | null;
  readonly failover: 'PRIMARY' | 'SECONDARY' | null;
  /** The routing policy of the record; absent for simple and failover records. */
  readonly routing?: Routing;
  readonly checkId: string | null;
  readonly target:
    | { readonly kind: 'values'; readonly values: readonly string[]; readonly ttlSeconds: number }
    /**
     * An alias to another name of the same zone. It is as healthy as its target (`EvaluateTargetHealth` true), unless
     * `isSteadfast` is true: then it answers whatever the target's health is.
     */
    | { readonly kind: 'alias'; readonly name: string; readonly isSteadfast?: boolean }
    /**
     * An alias to a name that belongs to AWS. `EvaluateTargetHealth` is false: otherwise the load balancer's own health
     * checks would move traffic without a quorum, a check of the data or a fence. CloudFront does not allow it anyway.
     */
    | { readonly kind: 'external-alias'; readonly name: string; readonly zoneId: string };
}

/** The rule by which Route 53 chooses one of several records of a name. */
export type Routing =
  | { readonly kind: 'weighted'; readonly weight: number }
  | { readonly kind: 'latency'; readonly region: string }
  | { readonly kind: 'geolocation'; readonly location: GeoLocation }
  | { readonly kind: 'multivalue' };

/** Types of record that carry an address. */
export type AddressType = 'A' | 'AAAA';

/**
 * Types of record that a site may answer with. A name with a CNAME record has no other record, and an alias that leads
 * to a CNAME record is itself of this type. Sources: RFC 1034, section 3.6.2; AWS re:Post, "How do I create alias
 * records for services hosted in AWS?", CNAME support.
 */
export type RecordType = AddressType | 'CNAME';

/** Everything that Route 53 holds for one service that is steered by oracles. */
export interface DnsTree {
  /** The checks; children come before the checks that count them. */
  readonly checks: readonly CheckPlan[];
  /**
   * The records. The target of an alias comes before the alias, because Route 53 refuses an alias to a name of the zone
   * that has no record.
   */
  readonly records: readonly RecordPlan[];
}

/** Every type of address, in the order in which records are made. */
export const addressTypes: readonly AddressType[] = ['A', 'AAAA'];

/** Every type of record, in the order in which records are made. */
export const recordTypes: readonly RecordType[] = [...addressTypes, 'CNAME'];

/** What a record of a type holds for a site; null when the site has nothing of the type. */
export function targetOf(dns: DnsTraffic, site: string, type: RecordType): RecordPlan['target'] | null {
  const { a, aaaa, alias, cname }: DnsAddress = (site === lastResortName ? dns.lastResort : dns.addresses[site]) ?? {};
  if (alias !== undefined) {
    const hasType = type === 'A' || (type === 'AAAA' && alias.ipv6);
    return hasType ? { kind: 'external-alias', name: alias.dnsName, zoneId: alias.zoneId } : null;
  }
  const values = { A: a, AAAA: aaaa, CNAME: cname === undefined ? undefined : [cname] }[type];
  return values === undefined ? null : { kind: 'values', values, ttlSeconds: dns.ttlSeconds };
}

/**
 * Two failover records: the PRIMARY is an alias to a name of the zone, as healthy as that name; the SECONDARY answers
 * when the PRIMARY is unhealthy.
 */
export function aliasPair(
  name: string,
  type: RecordType,
  firstName: string,
  second: RecordPlan['target'],
): readonly RecordPlan[] {
  return failoverPair(name, type, null, { kind: 'alias', name: firstName }, second);
}

/**
 * Two failover records of a name. They are identified by their place, never by the site that stands there.
 *
 * @param checkId - of the first; null for none
 */
export function failoverPair(
  name: string,
  type: RecordType,
  checkId: string | null,
  first: RecordPlan['target'],
  second: RecordPlan['target'],
): readonly RecordPlan[] {
  return [
    { name, type, setIdentifier: 'primary', failover: 'PRIMARY', checkId, target: first },
    { name, type, setIdentifier: 'secondary', failover: 'SECONDARY', checkId: null, target: second },
  ];
}

/** The longest time that a resolver may keep an answer of a name, in seconds. An alias has a TTL of its own. */
export function longestTtlSeconds(dns: DnsTraffic): number {
  const times = [...Object.values(dns.addresses), ...(dns.lastResort ? [dns.lastResort] : [])].map(({ alias }) =>
    alias === undefined ? dns.ttlSeconds : aliasTtlSeconds,
  );
  return Math.max(...times, 0);
}
