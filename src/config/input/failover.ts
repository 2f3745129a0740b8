// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
/** When and how far a service moves by itself. */
export interface FailoverInput {
  /** Whether the service moves by itself. Default: true. */
  readonly automatic?: boolean | undefined;
  /** A failover waits until a person says `cdk-failover approve`. Left out: it waits for nobody. A pool has none. */
  readonly approval?: {
    /** For how long a person is waited for. Left out: for as long as it takes. Allowed: 10s to 24h. */
    readonly waitMs?: number | string | undefined;
    /**
     * What comes when `waitMs` is over: the failover goes by itself; it is held until somebody approves it; or it is
     * dropped, and only a person moves by hand. Left out: go.
     */
    readonly atEnd?: 'go' | 'hold' | 'drop' | undefined;
    /**
     * Names or ARNs of the IAM roles and users whose approval the command line takes; in the lab, names of operators.
     * Left out: that of anybody. It guards against a mistake and is no permission (docs/calendar.md). Allowed: a list
     * of 1 to 20 names or ARNs of IAM roles and users.
     */
    readonly by?: readonly string[] | undefined;
  } | undefined;
  /**
   * For this time after a failover left a site, no automatic move goes back to it, unless a person acknowledges the
   * failover. The default is that of orchestrator. Allowed: 0 to 168h. Default: 1h.
   */
  readonly blockMs?: number | string | undefined;
  /**
   * Most automatic failovers between the same two sites in 24 hours; one more would show that moves do not help.
   * Failbacks, and returns to a pool, are counted separately. Allowed: a whole number from 1 to 24. Default: 3.
   */
  readonly maxMovesPerDay?: number | undefined;
  /**
   * Most lag that a standby may have; an unknown lag counts as more. Left out: the service has no data that lags.
   * Allowed: 0 to 24h.
   */
  readonly maxReplicationLagMs?: number | string | undefined;
  /**
   * After this time without contact to a majority, a region fences its own active site. Left out: 15 s, or one and a
   * half times the shortest that the rules allow where that is longer. Allowed: 1s to 1h.
   */
  readonly leaseMs?: number | string | undefined;
  /** Whether a move waits for proof that the old site is cut off, however long its region is silent. Default: false. */
  readonly requireFenceProof?: boolean | undefined;
  /**
   * Regions, and locations outside AWS, that a move may go to; all when left out. Allowed: a list of 1 to 30 regions
   * and locations.
   */
  readonly allowedRegions?: readonly string[] | undefined;
  /**
   * How often the real state is compared with the register, and repaired. The default is five default ticks. Allowed:
   * 1s to 1h. Default: 10s.
   */
  readonly reconcileMs?: number | string | undefined;
  /**
   * Deadline of one attempt at one step; several times what EC2 takes for an association. Allowed: 1s to 5m. Default:
   * 10s.
   */
  readonly stepTimeoutMs?: number | string | undefined;
  /**
   * Attempts at a step before its fallback is used; the default is that of the AWS SDK. Allowed: a whole number from 1
   * to 10. Default: 3.
   */
  readonly stepAttemptsMax?: number | undefined;
  /**
   * Attempts in a row to make a site serve, after which it has failed for good: then any other eligible site is tried
   * before it. Until the data has moved, another site is tried after the first failed attempt. After each failed
   * attempt the site is left alone: for half a minute by default, then twice as long each time, ten minutes at most.
   * Allowed: a whole number from 1 to 10. Default: 3.
   */
  readonly runAttemptsMax?: number | undefined;
  /**
   * What happens when a failover cannot bring its site to its full size and no other site is eligible. `serve-as-is`:
   * the site serves at its present size once its probes pass, which is better than no service. `wait`: clients stay
   * where they are until it has its full size. Default: "serve-as-is".
   */
  readonly onStartFailure?: 'wait' | 'serve-as-is' | undefined;
  /**
   * When every site is down. `keep`: traffic stays. `last-resort`: it goes to `traffic.dns.lastResort`. Default:
   * "keep".
   */
  readonly allDown?: 'keep' | 'last-resort' | undefined;
}
