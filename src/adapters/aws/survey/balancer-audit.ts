import type { TargetCounts } from './healthy-targets.ts';

/** What is known of a balancer as far as the move of a site hangs on it; absent where it could not be read. */
export interface BalancerFacts {
  /** How long each listener or rule that is declared keeps a client at a target group, in seconds; 0 for not at all. */
  readonly stickySeconds?: readonly number[];
  /** Fewest healthy targets with which the group sends nobody to unhealthy ones. */
  readonly healthyTargetsMin?: number;
  /** The same as a part of the registered ones, in percent; absent where the group has no such limit. */
  readonly healthyPercentMin?: number;
  /** Whether a node of the balancer may hand clients to targets of other zones. */
  readonly isAcrossZones?: boolean;
  readonly targets?: TargetCounts;
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
  const { stickySeconds = [], targets, isAcrossZones } = facts;
  const longest = Math.max(0, ...stickySeconds);
  const least = leastOf(facts);
  return [
    ...(longest > 0 && expected.stickinessSeconds === undefined
      ? [
          `a cookie keeps clients at a target group for ${longest} s: write traffic.targets.stickinessSeconds: ${longest}, or a move switches it off for good`,
        ]
      : []),
    ...(targets !== undefined && targets.healthy > 0 && targets.healthy < least
      ? [
          `its target group sends clients to unhealthy targets, too, while fewer than ${least} are healthy, and there are ${targets.healthy}: lower target_group_health.unhealthy_state_routing.minimum_healthy_targets, its count or its percentage`,
        ]
      : []),
    ...(isAcrossZones === false && expected.areZonesDifferent
      ? [
          'its target group or the balancer keeps clients in their zone (load_balancing.cross_zone.enabled: false), and the sites are in different ones: nodes of the zone that is left find no target there',
        ]
      : []),
  ];
}

/** Healthy targets that satisfy both limits: the balancer acts once either is not. Source: "Target group health". */
function leastOf({ healthyTargetsMin = 1, healthyPercentMin = 0, targets }: BalancerFacts): number {
  return Math.max(healthyTargetsMin, Math.ceil(((targets?.registered ?? 0) * healthyPercentMin) / 100));
}
