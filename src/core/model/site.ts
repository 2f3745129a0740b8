import type { Probe } from './probe.ts';

/** A place where a service runs. */
export type Site = SitePlace & SiteParts;

/**
 * Where a site is: in a region of AWS, or at a location outside AWS, which has a name of the user's own. Nothing of AWS
 * is at a location: no watcher, no function, no resource.
 */
export type SitePlace =
  | { readonly region: string; readonly location?: undefined }
  | { readonly region?: undefined; readonly location: string };

/** What a site has, wherever it is. */
export interface SiteParts {
  /** AWS account that the site's things are in; absent: that of the deployment. */
  readonly account?: string | undefined;
  /** The earlier name of the site, which the register may still use. */
  readonly renamedFrom?: string | undefined;
  /** Availability zone, for display and for fault-domain checks. */
  readonly zone?: string | undefined;
  /** 0 to 1000; higher is preferred, 0 is never chosen. */
  readonly priority: number;
  /** In a pool: it gets traffic only while the other sites cannot carry it. Absent means no. */
  readonly reserve?: boolean | undefined;
  /** How ready it is while it waits. `warm`: running at a smaller size. `cold`: stopped. */
  readonly standby: 'hot' | 'warm' | 'cold';
  /**
   * What is raised or started before the site gets traffic, and lowered or stopped when it is a standby again; empty
   * for a hot site.
   */
  readonly scale: readonly Scalable[];
  /** What may be done at one site only, and is done at the active one. */
  readonly work: readonly Work[];
  /** Longest time from the order to start until the site is ready. */
  readonly bootMs: number;
  /** Sources of its lag and its load, besides the reports in its probes' answers. */
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

/** Elastic IPs, and what they are taken away from: an instance with all its interfaces, interfaces, or both. */
export interface AddressFence {
  readonly kind: 'address';
  readonly allocationId: readonly string[];
  readonly instanceId?: string | undefined;
  readonly networkInterfaceId?: readonly string[] | undefined;
}

/** How a site is cut off from its clients, so that nothing is written there any more. */
export type Fence =
  /** Swaps its instances into a security group that lets nobody in. */
  | { readonly kind: 'groups'; readonly instanceIds: readonly string[]; readonly isolationGroupId: string }
  /** Takes its targets out of their target group. */
  | { readonly kind: 'targets'; readonly targetGroupArn: string; readonly targetIds: readonly string[] }
  /** Takes its Elastic IPs away. */
  | AddressFence
  | HookedFence;

/** Invokes a function of the user. `read-only` stops writes and still serves readers. */
export interface HookedFence {
  readonly kind: 'custom' | 'read-only';
  readonly functionName: string;
  /** Region in which the function runs; absent: that of the site. A site outside AWS has none of its own. */
  readonly region?: string | undefined;
}

/** Whether a function of the user cuts the site off. */
export function isHookedFence(fence: Fence | undefined): fence is HookedFence {
  return fence?.kind === 'custom' || fence?.kind === 'read-only';
}

/** Something that has a size while its site serves and a smaller one while it waits. */
export type Scalable =
  | ({ readonly kind: 'auto-scaling-group'; readonly name: string } & Sizes)
  | ({ readonly kind: 'ecs-service'; readonly cluster: string; readonly name: string } & Sizes)
  /** The nodes of a managed node group of EKS. */
  | ({ readonly kind: 'eks-nodegroup'; readonly cluster: string; readonly name: string } & Sizes)
  /** The pods of a Deployment of Kubernetes in an EKS cluster. */
  | ({
      readonly kind: 'eks-deployment';
      readonly cluster: string;
      readonly namespace: string;
      readonly name: string;
    } & Sizes)
  | ({ readonly kind: 'provisioned-concurrency'; readonly functionName: string; readonly alias: string } & Sizes)
  /** The least that each serverless instance of an Aurora cluster has, in Aurora capacity units, in halves. */
  | ({ readonly kind: 'aurora-serverless'; readonly cluster: string } & Sizes)
  /** How many readers an Aurora cluster has. */
  | ({ readonly kind: 'aurora-readers'; readonly cluster: string } & Sizes)
  /**
   * Units that a table of DynamoDB, or an index of it, can read or write in a second: what is provisioned, the least
   * that its auto scaling keeps, or the warm throughput of a table that is paid by request.
   */
  | ({
      readonly kind: 'dynamodb-capacity';
      readonly table: string;
      /** A global secondary index of it; absent: the table itself. */
      readonly index?: string | undefined;
      readonly units: 'read' | 'write';
    } & Sizes)
  /** Whatever a function of the user in the site's region scales. */
  | ({ readonly kind: 'custom'; readonly functionName: string } & Sizes)
  /** Instances that run while the site serves and are stopped while it waits. */
  | { readonly kind: 'instances'; readonly instanceIds: readonly string[] };

/** Whether data runs on it: then it grows before the data is promoted. */
export function isOfData({ kind }: Scalable): boolean {
  return kind === 'aurora-serverless' || kind === 'aurora-readers';
}

/** Whether data is in it or on it: then some of it is there at a cold site too. */
export function keepsData(scalable: Scalable): boolean {
  return isOfData(scalable) || scalable.kind === 'dynamodb-capacity';
}

/** Something that begins work by itself, and can be turned off and on. */
export type Work =
  /** A rule of EventBridge, with a schedule or a pattern. */
  | {
      readonly kind: 'eventbridge-rule';
      readonly name: string;
      readonly bus: string;
      /** Whether it takes events of management calls that only read, too; left out: it does not. */
      readonly allManagementEvents?: boolean | undefined;
    }
  /** A schedule of EventBridge Scheduler, and the role in which it begins its target. */
  | { readonly kind: 'eventbridge-schedule'; readonly name: string; readonly group: string; readonly role: string }
  /** What has a Lambda function read a queue or a stream. */
  | { readonly kind: 'event-source-mapping'; readonly uuid: string };

/** The sizes of something that can be scaled. */
export interface Sizes {
  /**
   * Smallest size while the site serves. With `asActive`, also at least the last known size of the site that is left.
   */
  readonly size: number;
  readonly asActive: boolean;
  /** While the site waits. */
  readonly standbySize: number;
}

/** Facts of a site that its probes cannot see. */
export interface Measures {
  readonly lag?: LagSource | undefined;
  /** Load, in the unit of `capacity`. */
  readonly load?: MetricSource | undefined;
  readonly backup?: BackupSource | undefined;
}

/** Where the age of the newest backup is read, and how old it may be. */
export type BackupSource = { readonly maxAgeMs: number } & (
  | {
      /** Recovery points in a vault of AWS Backup in the site's region. */
      readonly kind: 'aws-backup';
      readonly vault: string;
      /** What is backed up; in another region where the vault holds copies. */
      readonly resourceArn: string;
      /** How long ago it may have been restored last; absent: nobody asks. */
      readonly maxRestoreAgeMs?: number | undefined;
    }
  /** What RDS itself keeps of a cluster or an instance, up to the latest time that it can restore. */
  | { readonly kind: 'rds'; readonly resourceArn: string }
);

/** Where the replication lag of a site is read. */
export type LagSource =
  | ({ readonly kind: 'metric'; readonly unitMs: number } & MetricSource)
  /** An item that the active site writes the time into, in a table that is replicated to the site's region. */
  | { readonly kind: 'heartbeat'; readonly tableName: string; readonly key: string; readonly attribute: string }
  /** The answer of one of its probes carries it; nobody has to ask for it. */
  | { readonly kind: 'probe' };

/** A CloudWatch metric of the site's region. */
export interface MetricSource {
  readonly namespace: string;
  readonly name: string;
  readonly statistic: 'Average' | 'Maximum' | 'Sum';
  readonly dimensions: Readonly<Record<string, string>>;
  /** Age beyond which a value is ignored. */
  readonly maxAgeMs: number;
}
