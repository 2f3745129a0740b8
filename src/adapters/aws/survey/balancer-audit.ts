/** What is known of a balancer as far as the move of a site hangs on it; absent where it could not be read. */
export interface BalancerFacts {
  /** How long each listener or rule that is declared keeps a client at a target group, in seconds; 0 for not at all. */
  readonly stickySeconds?: readonly number[];
  /** Fewest healthy targets with which the group sends nobody to unhealthy ones. */
  readonly healthyTargetsMin?: number;
  /** Whether a node of the balancer may hand clients to targets of other zones; absent where the balancer decides. */
  readonly isAcrossZones?: boolean;
  readonly healthyTargets?: number;
}

/** What the service declares, and how its sites lie. */
export interface BalancerExpectations {
  /** How long a client stays at a target group, in seconds; absent where nothing is declared. */
  readonly stickinessSeconds?: number | undefined;
  /** Whether the sites behind the balancer are in different zones. */
  readonly areZonesDifferent: boolean;
}

/**
 * What of a balancer would keep clients from a waiting site after a move, or at a dead one: one line each, for people.
 *
 * Only what is known is judged. Slow start is not: it makes a site take its share later, and hides nothing.
 *
 * Sources: Elastic Load Balancing, "Sticky sessions for your Application Load Balancer", "Target group health" and
 * "Cross-zone load balancing"; AWS re:Post, "ALB to automatically redirect traffic": stickiness wins over weights.
 */
export function balancerFindings(facts: BalancerFacts, expected: BalancerExpectations): readonly string[] {
  const { stickySeconds = [], healthyTargetsMin = 1, healthyTargets, isAcrossZones } = facts;
  const longest = Math.max(0, ...stickySeconds);
  return [
    ...(longest > 0 && expected.stickinessSeconds === undefined
      ? [
          `a cookie keeps clients at a target group for ${longest} s: write traffic.targets.stickinessSeconds: ${longest}, or a move switches it off for good`,
        ]
      : []),
    ...(healthyTargets !== undefined && healthyTargets > 0 && healthyTargets < healthyTargetsMin
      ? [
          `its target group sends clients to unhealthy targets, too, while fewer than ${healthyTargetsMin} are healthy, and there are ${healthyTargets}: lower target_group_health.unhealthy_state_routing.minimum_healthy_targets.count`,
        ]
      : []),
    ...(isAcrossZones === false && expected.areZonesDifferent
      ? [
          'its target group keeps clients in their zone (load_balancing.cross_zone.enabled: false), and the sites are in different ones: nodes of the zone that is left find no target there',
        ]
      : []),
  ];
}
