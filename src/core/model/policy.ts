/** When a site counts as down, and when as up again. */
export interface Detection {
  readonly intervalMs: number;
  readonly fallCount: number;
  readonly riseCount: number;
  /** Time from an answer to the next probe of a serving site that has failed and is not yet down. */
  readonly suspectIntervalMs: number;
  /** Time without a good answer that a site needs before it is down, on the watcher's monotonic clock. */
  readonly minDownMs: number;
  /** Watchers that must say `down`, from distinct control regions. */
  readonly quorum: number;
  /** How long an opinion counts after its sequence number last changed, on the reader's monotonic clock. */
  readonly opinionTtlMs: number;
  readonly grey: GreyPolicy;
  /** For this time after a site became active, no automatic move leaves it, because it may still boot. */
  readonly bootGraceMs: number;
}

/**
 * When a site that still answers counts as failing, or causes a warning. Each rule has a threshold to trip and one to
 * clear.
 */
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

/**
 * What becomes of a failover that nobody has approved in its time: it goes by itself, it is held for as long as nobody
 * does, or it is dropped.
 */
export type ApprovalEnd = 'go' | 'hold' | 'drop';

/** Who approves a failover, until when, and what then. */
export interface ApprovalPolicy {
  /** How long a person is waited for; absent: for as long as it takes. */
  readonly waitMs?: number | undefined;
  /** What comes after that; absent: it goes. */
  readonly atEnd?: ApprovalEnd | undefined;
  /** Names or ARNs of those whose word counts; absent: anybody's. */
  readonly by?: readonly string[] | undefined;
}

/** Whether a failover goes by itself in the end, when nobody approves it. */
export function goesUnapproved(policy: ApprovalPolicy | undefined): boolean {
  return policy === undefined || (policy.waitMs !== undefined && (policy.atEnd ?? 'go') === 'go');
}

/** When and how far the service may move by itself. */
export interface FailoverPolicy {
  readonly automatic: boolean;
  /** A failover of an active-passive service waits for a person. Absent: it waits for nobody. */
  readonly approval?: ApprovalPolicy | undefined;
  /** No second automatic failover this long after one, unless acknowledged. */
  readonly blockMs: number;
  readonly maxMovesPerDay: number;
  /** Most replication lag a candidate may have; absent when the service has no data to lag. */
  readonly maxReplicationLagMs?: number | undefined;
  /** Without a majority for this long, a site's own region fences it. */
  readonly leaseMs: number;
  /**
   * True: no data is promoted and no client moved before the old site is proven to be cut off, however long its region
   * is silent; a person may state that it is off. False: while its region is silent, the end of the site's lease stands
   * in for proof.
   */
  readonly requireFenceProof: boolean;
  /** Regions a move may go to; absent allows all. */
  readonly allowedRegions?: readonly string[] | undefined;
  /** How often what is observed is compared with what the register says. */
  readonly reconcileMs: number;
  /** Deadline of one attempt at one step. */
  readonly stepTimeoutMs: number;
  /** Attempts at one step before its fallback is taken. */
  readonly stepAttemptsMax: number;
  /**
   * Attempts to make one site serve, in one run after another. After the last attempt the site has failed for good: the
   * next eligible site is tried, and this one is left out for a while.
   */
  readonly runAttemptsMax: number;
  /**
   * What a failover does when its site cannot be brought to its full size and no other site is eligible. `wait`: no
   * client is sent there before it has its full size. `serve-as-is`: it serves at its present size, once its probes
   * pass.
   */
  readonly onStartFailure: 'wait' | 'serve-as-is';
  /**
   * When every site is down: `keep` leaves traffic where it is (in active-active on all sites), `last-resort` sends it
   * to the static endpoint of `traffic.dns.lastResort`.
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

/** How much the sites that are left must be able to carry. */
export interface CapacityPolicy {
  /** Percentage of its capacity up to which traffic is shifted to a site. */
  readonly limitPercent: number;
  /**
   * Number of sites that may be lost at once while the others can still carry the load: 1 is N-1, 2 is N-2. When they
   * could not, an alarm is raised.
   */
  readonly spareSites: number;
  /**
   * What happens when the other sites cannot carry the load even after scaling. `shed`: a part of the traffic stays.
   * `shift`: all of it moves.
   */
  readonly shortage: 'shed' | 'shift';
}
