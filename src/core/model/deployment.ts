import type { Traffic } from './traffic.ts';

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
  /** Services that fail over together, by the name of their group; a service is in one at most. */
  readonly groups: Readonly<Record<string, Group>>;
}

/** Services that fail over together, to the site of one name. */
export interface Group {
  /** Each member with the members that must have arrived before it; every member has the same sites. */
  readonly members: Readonly<Record<string, readonly string[]>>;
  /** Time within which all members must have arrived; absent sets no objective. */
  readonly recoveryTimeMs?: number | undefined;
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
  /** `active-passive`: one site serves. `active-active`: all do that are well. */
  readonly mode: 'active-passive' | 'active-active';
  readonly sites: Readonly<Record<string, Site>>;
  readonly detection: Detection;
  readonly failover: FailoverPolicy;
  readonly failback: FailbackPolicy;
  readonly traffic: Traffic;
  readonly capacity: CapacityPolicy;
  /** The data that is promoted before a site serves; absent when the service has none. */
  readonly data?: DataResource | undefined;
  /** What clients inside the account are told; absent when there are none. */
  readonly clients?: Clients | undefined;
}

/** How much the sites that are left must be able to carry. */
export interface CapacityPolicy {
  /** Share of its capacity, in percent, up to which traffic is shifted onto a site. */
  readonly limitPercent: number;
  /** Sites that may be lost at once while the rest still carries the load: 1 is N-1, 2 is N-2. Alarmed when not so. */
  readonly spareSites: number;
  /** What happens when the rest cannot carry it even after scaling: part of the traffic stays, or all of it shifts. */
  readonly shortage: 'shed' | 'shift';
}

/** Data that one site at a time may write. */
export type DataResource =
  | GlobalCluster
  | {
      readonly kind: 'rds-replica';
      /** Instance identifier of each site's database. */
      readonly instances: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'elasticache-global';
      readonly globalId: string;
      /** Replication group of each site. */
      readonly members: Readonly<Record<string, string>>;
    }
  /** Every site writes; nothing is promoted, only the lag is watched. */
  | { readonly kind: 'dynamodb-global'; readonly tableName: string }
  | {
      readonly kind: 's3-mrap';
      readonly accessPointArn: string;
      /** Bucket of each site. */
      readonly buckets: Readonly<Record<string, string>>;
    }
  /** A function of the user's in each site's region, which may refuse. */
  | { readonly kind: 'custom'; readonly functions: Readonly<Record<string, string>> };

/** A cluster with a writer in one region and readers in others; Aurora, DocumentDB and Neptune share its shape. */
export interface GlobalCluster {
  readonly kind: 'aurora-global' | 'documentdb-global' | 'neptune-global';
  readonly globalId: string;
  /** ARN of each site's cluster. */
  readonly clusters: Readonly<Record<string, string>>;
}

/** What clients inside the account are told, through an oracle's path and a parameter in every control region. */
export interface Clients {
  /** Where clients find each site: a URL or `host:port`. */
  readonly endpoints: Readonly<Record<string, string>>;
}

/** A place where a service runs. */
export interface Site {
  readonly region: string;
  /** Availability zone, for display and for fault-domain checks. */
  readonly zone?: string | undefined;
  /** 0 to 1000; higher is preferred, 0 is never chosen. */
  readonly priority: number;
  /** How ready it is while it waits. `warm`: running at a smaller size. `cold`: stopped. */
  readonly standby: 'hot' | 'warm' | 'cold';
  /** What is raised or started before the site gets traffic, and lowered or stopped when it waits again; empty when hot. */
  readonly scale: readonly Scalable[];
  /** Longest time from the order to start to being ready. */
  readonly bootMs: number;
  /** Where its lag and its load come from, besides what its probes report. */
  readonly measures: Measures;
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

/** How a site is cut off from its clients, so that nothing is written there any more. */
export type Fence =
  /** Swaps its instances into a security group that lets nobody in. */
  | { readonly kind: 'groups'; readonly instanceIds: readonly string[]; readonly isolationGroupId: string }
  /** Takes its targets out of their target group. */
  | { readonly kind: 'targets'; readonly targetGroupArn: string; readonly targetIds: readonly string[] }
  /** Takes its Elastic IP away. */
  | { readonly kind: 'address'; readonly allocationId: string; readonly instanceId: string }
  /** Asks a function of the user's in the site's region; `read-only` leaves readers be. */
  | { readonly kind: 'custom' | 'read-only'; readonly functionName: string };

/** Something that has a size while its site serves and a smaller one while it waits. */
export type Scalable =
  | ({ readonly kind: 'auto-scaling-group'; readonly name: string } & Sizes)
  | ({ readonly kind: 'ecs-service'; readonly cluster: string; readonly name: string } & Sizes)
  | ({ readonly kind: 'provisioned-concurrency'; readonly functionName: string; readonly alias: string } & Sizes)
  /** Instances that run while the site serves and are stopped while it waits. */
  | { readonly kind: 'instances'; readonly instanceIds: readonly string[] };

/** The sizes of something that can be scaled. */
export interface Sizes {
  /** While the site serves: at least so much, and at least what the site that is left was last seen to have if `asActive`. */
  readonly size: number;
  readonly asActive: boolean;
  /** While the site waits. */
  readonly standbySize: number;
}

/** Facts of a site that its probes do not tell. */
export interface Measures {
  readonly lag?: LagSource | undefined;
  /** Load, in the unit of `capacity`. */
  readonly load?: MetricSource | undefined;
}

/** Where the replication lag of a site is read. */
export type LagSource =
  | ({ readonly kind: 'metric'; readonly unitMs: number } & MetricSource)
  /** An item that the active site writes the time into, in a table that is replicated to the site's region. */
  | { readonly kind: 'heartbeat'; readonly tableName: string; readonly key: string; readonly attribute: string };

/** A CloudWatch metric of the site's region. */
export interface MetricSource {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: 'Average' | 'Maximum' | 'Sum';
  readonly dimensions: Readonly<Record<string, string>>;
  /** Age beyond which a value counts for nothing. */
  readonly maxAgeMs: number;
}

/** One check of a site from outside. */
export type Probe = HttpProbe | TcpProbe;

interface ProbeBase {
  /** Deadline of the whole probe, from the first byte of name resolution to the last byte read. */
  readonly timeoutMs: number;
  /** A corroborating probe never condemns a site; one that passes turns `down` into `degraded`. */
  readonly corroborating: boolean;
  /** Something behind the site that other sites lean on too; when it fails for several, none of them is to blame. */
  readonly dependency?: string | undefined;
}

/** A request that is good only if status, body, role and certificate are as expected. */
export interface HttpProbe extends ProbeBase {
  readonly type: 'http' | 'https';
  readonly url: string;
  /** `write`: a POST with a fresh number, which the answer must repeat: the write canary. */
  readonly canary: 'none' | 'write';
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
  readonly grey: GreyPolicy;
  /** No automatic move away from a site for this long after it became active; a boot takes its time. */
  readonly bootGraceMs: number;
}

/** When a site that still answers counts as failing, or as one to warn of. Each has a threshold to trip and one to clear. */
export interface GreyPolicy {
  /** Length of the sliding window, in observations; 0 switches window rules off. At most 64. */
  readonly windowTicks: number;
  /** Latency of answers: trips while more than `1 - quantile` of the window is slower than `downMs`. */
  readonly latency?: { readonly quantile: number; readonly downMs: number; readonly upMs: number } | undefined;
  /** Share of failed answers in the window, in percent. */
  readonly errors?: { readonly downPercent: number; readonly upPercent: number } | undefined;
  /** Clock of the site against the watcher's, by its `Date` header; warns only. */
  readonly clockOffsetMs: number;
  /** Certificates that end sooner warn; never moves traffic. */
  readonly certificateDays: number;
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
  /**
   * When every site is down: `keep` leaves traffic where it is (in active-active on all sites), `last-resort` sends it to
   * the static endpoint of `traffic.dns.lastResort`.
   */
  readonly allDown: 'keep' | 'last-resort';
}

/** Whether and when the service returns to the site that it prefers. */
export interface FailbackPolicy {
  readonly mode: 'manual' | 'automatic';
  /** How long the preferred site must have been `up` before an automatic failback. */
  readonly healthyForMs: number;
  /** Site to go back to; absent means the one of highest priority. */
  readonly to?: string | undefined;
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
export function sitesByPriority(service: Pick<Service, 'sites'>): readonly string[] {
  return Object.entries(service.sites)
    .sort(([nameA, a], [nameB, b]) => b.priority - a.priority || (nameA < nameB ? -1 : 1))
    .map(([name]) => name);
}

/** Name that stands in `serving` for the static endpoint; no site can have it. */
export const lastResortName = 'last-resort';

/** The group that a service belongs to; null when it fails over alone. */
export function groupOf(deployment: Deployment, service: string): (Group & { readonly name: string }) | null {
  const found = Object.entries(deployment.groups).find(([, { members }]) => Object.hasOwn(members, service));
  return found ? { name: found[0], ...found[1] } : null;
}

/**
 * Members in an order in which each comes after those that it needs; the first one decides for all.
 *
 * @throws {RangeError} on a cycle, which the configuration rules out
 */
export function groupOrder({ members }: Group): readonly string[] {
  const order: string[] = [];
  const names = Object.keys(members).sort();
  while (order.length < names.length) {
    const next = names.find((name) => !order.includes(name) && members[name]?.every((need) => order.includes(need)));
    if (next === undefined) throw new RangeError('the members of a group wait for each other');
    order.push(next);
  }
  return order;
}

/** The site that a fresh register starts with and that failback returns to. */
export function preferredSite(service: Service): string {
  const preferred = service.failback.to ?? sitesByPriority(service)[0];
  if (preferred === undefined) throw new RangeError('a service has at least two sites');
  return preferred;
}
