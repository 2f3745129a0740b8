import type { DataRole } from '../model/data.ts';
import type { BackupFacts } from './backup.ts';

/** What the survey function saw of a site. A field is absent where the function could not tell. */
export interface SiteSurvey extends BackupFacts {
  readonly replicationLagMs?: number;
  /** Present load, in the unit of the site's capacity. */
  readonly load?: number;
  /** Number of the site's targets that the load balancer finds healthy; for corroboration. */
  readonly healthyTargets?: number;
  /**
   * Sum of the sizes that were asked for, of everything that can be scaled but instances. A standby that follows this
   * site is raised to it.
   */
  readonly size?: number;
  /** Sum of what is in service of everything that can be scaled; of instances the share, 0 to 1. */
  readonly inService?: number;
  /** Role of the site's own copy of data that one site at a time may write. Absent for other data and while unknown. */
  readonly dataRole?: DataRole;
  /**
   * Whether the site's own part of data that every site writes takes writes, and shares them with the other sites.
   * Absent for other data, and when it cannot be told.
   */
  readonly isDataUsable?: boolean;
  /**
   * Whether the resources behind the site's fence run well, by the health checks of their API. Probes cannot pass a
   * fence. Absent when it cannot be told, or when it was not asked for.
   */
  readonly isWellInside?: boolean;
  /**
   * Whether the function could take its role in the site's account. Absent for a site in the deployment's own account,
   * and while nobody knows.
   */
  readonly canTakeRole?: boolean;
  /** Differences from the site that serves, and quotas that are too small: one line each, for people. */
  readonly findings: readonly string[];
}
