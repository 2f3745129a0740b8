/**
 * What a user declares, after validation: every default filled in, every duration in milliseconds.
 *
 * The schema in `config/` produces exactly this shape; the core never sees an unvalidated value.
 */

/** One installation of the product. */
export interface Deployment {
  /** Lower-case name, unique in the account; every deployed name starts with it. */
  readonly name: string;
  /** Regions that hold a watcher, an oracle and a state table. Odd, three or more; the order fixes ballot indexes. */
  readonly controlRegions: readonly string[];
  readonly services: Readonly<Record<string, Service>>;
  readonly notify: { readonly emails: readonly string[] };
  /** AWS account that it belongs to; absent takes whichever the credentials are for. */
  readonly account?: string | undefined;
  readonly watcher: WatcherPlacement;
  /** Findings of the fault-domain lint that are accepted, by name, each with the reason. */
  readonly accept: Readonly<Record<string, string>>;
}

/** How the watchers run. */
export interface WatcherPlacement {
  /** Memory of the function in MiB, which fixes its share of a processor; absent follows the number of probes. */
  readonly memoryMb?: number | undefined;
  /** Whether the functions send traces to X-Ray. */
  readonly tracing: boolean;
  /** Networks to run in, by control region, for sites without a public address. */
  readonly vpc?: Readonly<Record<string, WatcherNetwork>> | undefined;
}

/** A place in a VPC, by ids. */
export interface WatcherNetwork {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** What fails over as one. */
export interface Service {
  readonly mode: 'active-passive';
  readonly sites: Readonly<Record<string, Site>>;
  readonly detection: Detection;
  readonly failover: FailoverPolicy;
  readonly failback: FailbackPolicy;
  readonly traffic: Traffic;
}

/** A place where a service runs. */
export interface Site {
  readonly region: string;
  /** Availability zone, for display and for fault-domain checks. */
  readonly zone?: string | undefined;
  /** 0 to 1000; higher is preferred, 0 is never chosen. */
  readonly priority: number;
  readonly standby: 'hot';
  /** Relative amount of traffic the site can carry, above 0. */
  readonly capacity: number;
  readonly probes: readonly Probe[];
  /** How the plain (not corroborating) probes combine. */
  readonly require: Requirement;
  /** How the site can be cut off from clients; absent when nothing needs it. */
  readonly fence?: Fence | undefined;
}

/** How many of a site's plain probes must pass for the site to be good. */
export type Requirement = 'all' | 'any' | { readonly atLeast: number };

/** Swaps the site's instances into a security group that lets nobody in. */
export interface Fence {
  readonly instanceIds: readonly string[];
  readonly isolationGroupId: string;
}

/** One check of a site from outside. */
export type Probe = HttpProbe | TcpProbe;

interface ProbeBase {
  /** Deadline of the whole probe, from the first byte of name resolution to the last byte read. */
  readonly timeoutMs: number;
  /** A corroborating probe never condemns a site; one that passes turns `down` into `degraded`. */
  readonly corroborating: boolean;
}

/** A request that is good only if status, body, role and certificate are as expected. */
export interface HttpProbe extends ProbeBase {
  readonly type: 'http' | 'https';
  readonly url: string;
  readonly expect: {
    readonly status: number;
    /** Text that the body must contain; absent accepts any body. */
    readonly body?: string | undefined;
    /** `active`: when the site that serves says `x-failover-role: standby`, the probe fails. `any`: the header is not judged. */
    readonly role: 'active' | 'any';
  };
  /** PEM of the authority that signed the site's certificate; absent uses the public authorities. */
  readonly authorityPem?: string | undefined;
}

/** A connection that is good once it stands, or once the server has said what is expected. */
export interface TcpProbe extends ProbeBase {
  readonly type: 'tcp';
  readonly host: string;
  readonly port: number;
  /** Text that the first bytes from the server must contain; absent accepts an established connection. */
  readonly expectBanner?: string | undefined;
}

/** When a site counts as down, and when as up again. */
export interface Detection {
  readonly intervalMs: number;
  readonly fallCount: number;
  readonly riseCount: number;
  /** Watchers that must say `down`, from distinct control regions. */
  readonly quorum: number;
  /** How long an opinion counts after its sequence number last changed, on the reader's monotonic clock. */
  readonly opinionTtlMs: number;
}

/** When and how far the service may move by itself. */
export interface FailoverPolicy {
  readonly automatic: boolean;
  /** No second automatic failover this long after one, unless acknowledged. */
  readonly blockMs: number;
  readonly maxMovesPerDay: number;
  /** Most replication lag a candidate may have; absent when the service has no data to lag. */
  readonly maxReplicationLagMs?: number | undefined;
  /** Without a majority for this long, a site's own region fences it. */
  readonly leaseMs: number;
  /** Regions a move may go to; absent allows all. */
  readonly allowedRegions?: readonly string[] | undefined;
  /** False refuses every move that leaves the active site's region. */
  readonly allowCrossRegion: boolean;
  /** How often what is observed is compared with what the register says. */
  readonly reconcileMs: number;
  /** Deadline of one attempt at one step. */
  readonly stepTimeoutMs: number;
  /** Attempts at one step before its fallback is taken. */
  readonly stepAttemptsMax: number;
}

/** Whether and when the service returns to the site that it prefers. */
export interface FailbackPolicy {
  readonly mode: 'manual' | 'automatic';
  /** How long the preferred site must have been `up` before an automatic failback. */
  readonly healthyForMs: number;
  /** Site to go back to; absent means the one of highest priority. */
  readonly to?: string | undefined;
}

/** What steers clients; at least one of the two is present. */
export interface Traffic {
  readonly dns?: DnsTraffic | undefined;
  readonly address?: AddressTraffic | undefined;
}

/** A name whose answer follows the active site. */
export interface DnsTraffic {
  readonly zone: { readonly id: string; readonly name: string };
  readonly record: string;
  readonly ttlSeconds: number;
  /** How long clients keep connections to a site that was left; for the lint. Absent when nobody knows. */
  readonly clientKeepAliveSeconds?: number | undefined;
  /** `oracle`: health checks follow the register and no record is edited. `records`: the record is edited. */
  readonly mode: 'oracle' | 'records';
  readonly addresses: Readonly<Record<string, DnsAddress>>;
  /** Route 53's own check of each site's endpoint, for services without data; only with `mode: 'oracle'`. */
  readonly directCheck?: DirectCheck | undefined;
}

/** What the name answers while a site serves: addresses, or whatever an alias leads to. */
export interface DnsAddress {
  readonly a?: string | undefined;
  readonly aaaa?: string | undefined;
  /** Excludes the other two. */
  readonly alias?: AliasTarget | undefined;
}

/** A name of AWS with changing addresses: that of a load balancer, an API or a CloudFront distribution. */
export interface AliasTarget {
  readonly dnsName: string;
  /** Hosted zone of the name, which belongs to AWS and not to the user. */
  readonly zoneId: string;
  /** Whether it has IPv6 addresses too, so that an AAAA record is made. */
  readonly ipv6: boolean;
}

/** What Route 53's checkers ask of each site besides the oracles. */
export interface DirectCheck {
  readonly type: 'https' | 'http' | 'tcp';
  readonly port: number;
  /** What is asked for; `/` when absent. A connection has none. */
  readonly path?: string | undefined;
}

/** An Elastic IP that follows the active site, inside one region. */
export interface AddressTraffic {
  readonly allocationId: string;
  readonly region: string;
  readonly instances: Readonly<Record<string, string>>;
  /** What happens when the address will not move. */
  readonly fallback: 'dns' | 'none';
}

/** A service of a deployment by name; the name is part of every message about it. */
export interface NamedService extends Service {
  readonly name: string;
}

/** @throws {RangeError} when the deployment has no such service; callers check user input before. */
export function serviceOf(deployment: Deployment, name: string): NamedService {
  const service = deployment.services[name];
  if (!service) throw new RangeError(`no service "${name}" in deployment "${deployment.name}"`);
  return { name, ...service };
}

/** Fewest control regions that are more than half of all. */
export function majorityOf(deployment: Pick<Deployment, 'controlRegions'>): number {
  return Math.floor(deployment.controlRegions.length / 2) + 1;
}

/** Site names, highest priority first; equal priorities by name, so that every watcher sees one order. */
export function sitesByPriority(service: Service): readonly string[] {
  return Object.entries(service.sites)
    .sort(([nameA, a], [nameB, b]) => b.priority - a.priority || (nameA < nameB ? -1 : 1))
    .map(([name]) => name);
}

/** The site that a fresh register starts with and that failback returns to. */
export function preferredSite(service: Service): string {
  const preferred = service.failback.to ?? sitesByPriority(service)[0];
  if (preferred === undefined) throw new RangeError('a service has at least two sites');
  return preferred;
}
