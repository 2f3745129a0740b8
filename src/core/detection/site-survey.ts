/** What the survey function saw of a site; absent where it could not tell. */
export interface SiteSurvey {
  readonly replicationLagMs?: number;
  /** In the unit of the site's capacity. */
  readonly load?: number;
  /** Targets of the site that the load balancer finds healthy; for corroboration. */
  readonly healthyTargets?: number;
  /** Sizes of what can be scaled, summed; what a standby is raised to. */
  readonly size?: number;
  /**
   * Whether the site's own part of the data is a replica of another site's, which takes no writes of its own. Absent
   * without data, when it cannot be told, or when nobody asked: only an owed fence needs it.
   */
  readonly isReplica?: boolean;
  /**
   * Whether what its fence cuts off runs well as seen from inside, by the checks of the API; no probe passes a fence.
   * Absent when it cannot be told, or when nobody asked.
   */
  readonly isWellInside?: boolean;
  /** Differences from the site that serves, and what is short: one line each, for people. */
  readonly findings: readonly string[];
}
