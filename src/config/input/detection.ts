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
   * Once a probe of a serving site has failed, the site is probed again so long after each answer, until it is down or
   * well: HAProxy's `fastinter`. Left out: 500 ms, or `intervalMs` where that is less; at `intervalMs` there are no
   * probes between ticks. Allowed: 100ms to 1m.
   */
  readonly suspectIntervalMs?: number | string | undefined;
  /**
   * A site is down only after `fallCount` failures in a row and so long without a good answer: a shorter blip never
   * counts. Left out: three quarters of the time between the first and the last of `fallCount` ticks, which is 3 s at
   * the default tick. Allowed: 0 to 1h.
   */
  readonly minDownMs?: number | string | undefined;
  /**
   * Good answers in a row that make it up again; the default is that of Elastic Load Balancing. Allowed: a whole number
   * from 1 to 50. Default: 5.
   */
  readonly riseCount?: number | undefined;
  /**
   * Watchers, in distinct control regions, that must call a site down. Left out: a majority of the control regions.
   * Whatever it says, a majority that finds the site up stands against it. Allowed: a whole number from 1 to 25.
   */
  readonly quorum?: number | undefined;
  /** How long an opinion counts after it last changed; three intervals when left out. Allowed: 500ms to 10m. */
  readonly opinionTtlMs?: number | string | undefined;
  /** When a site that still answers counts as failing, or is warned of. */
  readonly grey?: {
    /**
     * Observations in the sliding window; 0 switches its rules off. Allowed: a whole number from 0 to 64. Default: 30.
     */
    readonly windowTicks?: number | undefined;
    /** Slow answers over the window; left out, slowness never moves traffic. */
    readonly latency?: {
      /** Quantile that is looked at. Allowed: a number from 0.5 to 0.99. Default: 0.9. */
      readonly quantile?: number | undefined;
      /** Above this, the site counts as down. Allowed: 1ms to 30s. */
      readonly downMs: number | string;
      /** Down to this, it counts as up again; below `downMs`. Allowed: 1ms to 30s. */
      readonly upMs: number | string;
    } | undefined;
    /** Failed answers over the window, lost packets among them; left out, only rows count. */
    readonly errors?: {
      /** Above this share of failures, in percent, the site counts as down. Allowed: a whole number from 1 to 99. */
      readonly downPercent: number;
      /** Down to this, it counts as up again; below `downPercent`. Allowed: a whole number from 0 to 98. */
      readonly upPercent: number;
    } | undefined;
    /** Offset of the clock of a site, by its `Date` header, that is warned of. Allowed: 1s to 1h. Default: 30s. */
    readonly clockOffsetMs?: number | string | undefined;
    /** A certificate that ends within so many days is warned of. Allowed: a whole number from 0 to 365. Default: 14. */
    readonly certificateDays?: number | undefined;
  } | undefined;
  /**
   * No automatic move away from a site for this long after it became active: a boot takes its time. Allowed: 0 to 1h.
   * Default: 0.
   */
  readonly bootGraceMs?: number | string | undefined;
}
