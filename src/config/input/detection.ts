// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
/** When a site counts as down, and as up again. */
export interface DetectionInput {
  /** Time between two ticks of a watcher. Allowed: 250ms to 1m. Default: 2s. */
  readonly intervalMs?: number | string | undefined;
  /**
   * Failures in a row that make a site down; the default is that of Route 53's health checks. Allowed: a whole number
   * from 1 to 20. Default: 3.
   */
  readonly fallCount?: number | undefined;
  /**
   * Pause from an answer to the next probe of a serving site that has failed, until the site is down or up again; like
   * HAProxy's `fastinter`. Left out: 500 ms, or `intervalMs` where that is less. With the value of `intervalMs` there
   * are no probes between ticks. Allowed: 100ms to 1m.
   */
  readonly suspectIntervalMs?: number | string | undefined;
  /**
   * Time without a good answer that a site needs before it is down, besides `fallCount` failures in a row. A shorter
   * fault never makes a site down. Left out: three quarters of the time between the first and the last of `fallCount`
   * ticks, which is 3 s at the default tick. Allowed: 0 to 1h.
   */
  readonly minDownMs?: number | string | undefined;
  /**
   * Good answers in a row that make a site up again; the default is that of Elastic Load Balancing. Allowed: a whole
   * number from 1 to 50. Default: 5.
   */
  readonly riseCount?: number | undefined;
  /**
   * Watchers, in distinct control regions, that must call a site down. Left out: a majority of the control regions.
   * Whatever the value, a site is not down while a majority calls it up. Allowed: a whole number from 1 to 25.
   */
  readonly quorum?: number | undefined;
  /**
   * How long an opinion counts after its item last changed. Left out: three times `intervalMs`. Allowed: 500ms to 10m.
   */
  readonly opinionTtlMs?: number | string | undefined;
  /** When a site that still answers counts as failing, or causes a warning. */
  readonly grey?: {
    /**
     * Ticks that the sliding window reaches back; 0 switches its rules off. Allowed: a whole number from 0 to 64.
     * Default: 30.
     */
    readonly windowTicks?: number | undefined;
    /** Rule about slow answers in the window. Left out: slow answers never move traffic. */
    readonly latency?: {
      /** Quantile of the latencies that is judged. Allowed: a number from 0.5 to 0.99. Default: 0.9. */
      readonly quantile?: number | undefined;
      /** Latency above which the site counts as down. Allowed: 1ms to 30s. */
      readonly downMs: number | string;
      /** Down to this, it counts as up again; below `downMs`. Allowed: 1ms to 30s. */
      readonly upMs: number | string;
    } | undefined;
    /** Rule about failed answers in the window, lost packets included. Left out: only failures in a row count. */
    readonly errors?: {
      /** Percentage of failures above which the site counts as down. Allowed: a whole number from 1 to 99. */
      readonly downPercent: number;
      /** Down to this, it counts as up again; below `downPercent`. Allowed: a whole number from 0 to 98. */
      readonly upPercent: number;
    } | undefined;
    /**
     * Offset of a site's clock, by its `Date` header, from which a warning is raised. Allowed: 1s to 1h. Default: 30s.
     */
    readonly clockOffsetMs?: number | string | undefined;
    /**
     * A warning is raised when a certificate ends within this number of days. Allowed: a whole number from 0 to 365.
     * Default: 14.
     */
    readonly certificateDays?: number | undefined;
  } | undefined;
  /**
   * For this time after a site became active, no automatic move leaves it, because it may still boot. Allowed: 0 to 1h.
   * Default: 0.
   */
  readonly bootGraceMs?: number | string | undefined;
}
