/** What the survey function saw of a site; absent where it could not tell. */
export interface SiteSurvey {
  readonly replicationLagMs?: number;
  /** In the unit of the site's capacity. */
  readonly load?: number;
  /** Targets of the site that the load balancer finds healthy; for corroboration. */
  readonly healthyTargets?: number;
  /** Sizes of what can be scaled, summed; what a standby is raised to. */
  readonly size?: number;
  /** Differences from the site that serves, and what is short: one line each, for people. */
  readonly findings: readonly string[];
}
