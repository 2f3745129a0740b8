// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
/** When and how far a service moves by itself. */
export interface FailoverInput {
  /** Whether the service moves by itself. Default: true. */
  readonly automatic?: boolean | undefined;
  /**
   * No automatic move back to a site for this long after a failover left it, unless acknowledged; the default is that
   * of orchestrator. Allowed: 0 to 168h. Default: 1h.
   */
  readonly blockMs?: number | string | undefined;
  /**
   * Automatic failovers between the same two sites in 24 hours; one more means that moving does not help. Failbacks,
   * and returns to a pool, are counted apart. Allowed: a whole number from 1 to 24. Default: 3.
   */
  readonly maxMovesPerDay?: number | undefined;
  /**
   * Most lag a standby may report; an unknown lag is over it. Left out: the service has no data that lags. Allowed: 0
   * to 24h.
   */
  readonly maxReplicationLagMs?: number | string | undefined;
  /** Without a majority for this long, the active site is fenced by its own region. Allowed: 1s to 1h. Default: 15s. */
  readonly leaseMs?: number | string | undefined;
  /** Whether a move waits for proof that the old site is cut off, however long its region is silent. Default: false. */
  readonly requireFenceProof?: boolean | undefined;
  /** Regions that a move may go to; all when left out. Allowed: a list of 1 to 30 regions. */
  readonly allowedRegions?: readonly string[] | undefined;
  /**
   * How often what is observed is compared with the register, and repaired; five default ticks. Allowed: 1s to 1h.
   * Default: 10s.
   */
  readonly reconcileMs?: number | string | undefined;
  /**
   * Deadline of one attempt at one step; several times what EC2 takes for an association. Allowed: 1s to 5m. Default:
   * 10s.
   */
  readonly stepTimeoutMs?: number | string | undefined;
  /**
   * Attempts at a step before its fallback; the default is that of the AWS SDK. Allowed: a whole number from 1 to 10.
   * Default: 3.
   */
  readonly stepAttemptsMax?: number | undefined;
  /**
   * Attempts in a row at getting a site to serve before it has failed for good: any other eligible site is tried before
   * it. Until its data has moved, others are tried after the first attempt. A site rests after each one: half a minute
   * by default, then twice as long, ten minutes at most. Allowed: a whole number from 1 to 10. Default: 3.
   */
  readonly runAttemptsMax?: number | undefined;
  /**
   * When a failover cannot bring its site to its full size and no other site is eligible. `serve-as-is`: it serves with
   * what there is once its probes pass, which is better than nobody. `wait`: clients stay where they are until it has
   * its size. Default: "serve-as-is".
   */
  readonly onStartFailure?: 'wait' | 'serve-as-is' | undefined;
  /**
   * When every site is down. `keep`: traffic stays. `last-resort`: it goes to `traffic.dns.lastResort`. Default:
   * "keep".
   */
  readonly allDown?: 'keep' | 'last-resort' | undefined;
}
