import type { Probe } from './probe.ts';

/** A place where a service runs. */
export interface Site {
  readonly region: string;
  /** The name that it had before, which the register may still have. */
  readonly renamedFrom?: string | undefined;
  /** Availability zone, for display and for fault-domain checks. */
  readonly zone?: string | undefined;
  /** 0 to 1000; higher is preferred, 0 is never chosen. */
  readonly priority: number;
  /** How ready it is while it waits. `warm`: running at a smaller size. `cold`: stopped. */
  readonly standby: 'hot' | 'warm' | 'cold';
  /**
   * What is raised or started before the site gets traffic, and lowered or stopped when it waits again; empty when hot.
   */
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
  /**
   * While the site serves: at least so much, and at least what the site that is left was last seen to have if
   * `asActive`.
   */
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
