import type { NamedService } from '../model/service.ts';
import { canShiftInParts, type Shares, targetWeightMax, targetWeightsOf } from '../register/share.ts';
import { type Kind, type Placed, readySteps, stillLedTo } from './kind.ts';
import { isCount, ownOf, weightsIn } from './order/parts.ts';

/** Desired weights of the target groups of one listener or listener rule, by site; 0 to 999. */
export interface TargetsDesired {
  readonly kind: 'targets';
  /** Position of the listener among those of the service, from 0. */
  readonly listener: number;
  readonly weights: Readonly<Record<string, number>>;
}

/** A listener or listener rule, and the weights of its target groups by ARN. */
export interface TargetsThing {
  readonly region: string;
  /** Account that it is in; absent: that of the deployment. */
  readonly account?: string | undefined;
  readonly listenerArn: string;
  readonly weights: Readonly<Record<string, number>>;
  /** How long clients stay at a target group by a cookie, once every group has a share; absent: as it is there. */
  readonly stickinessSeconds?: number | undefined;
}

/** Weight of each target group that is forwarded to, by ARN. */
export type TargetsState = Readonly<Record<string, number>>;

/** The ramp of a service that declares no steps: all traffic is shifted at once. */
const allAtOnce = { stepsPercent: [100], pauseMs: 0 };

/** Shifts the weights of target groups behind the listeners of one region. */
export const targets: Kind<TargetsDesired, TargetsThing, TargetsState> = {
  name: 'targets',
  isOfSites: true,
  isIn: ({ traffic }, region) => traffic.targets?.region === region,
  plan: (service, { kind, serving }) => {
    const its = service.traffic.targets;
    if (!its || !serving.some((site) => its.targetGroups[site] !== undefined)) return null;
    // A pool that can shift in parts begins with the part that fits, and goes on while the other sites grow.
    const after = kind === 'withdraw' && canShiftInParts(service) ? [] : readySteps;
    return { resource: its.listenerArn.join('+'), region: its.region, after };
  },
  mannerOf: ({ traffic }) => ({ kind: 'in-shares', ramp: traffic.targets?.ramp ?? allAtOnce }),
  inRun: ({ service, register }) => weightsFor(service, register),
  riskOfSkipping: stillLedTo,
  nothingToDo: 'nothing to set',
  patienceMs: 0,
  fallbackOf: () => null,
  atRest: ({ service, register }) => weightsFor(service, register),
  sitesOf: ({ weights }) => Object.keys(weights),
  nameOf: ({ listener }) => `weights of listener ${listener + 1}`,
  thingOf: ({ listener, weights }, { sites, traffic: { targets: its } }, region) => {
    const bySite = weightsIn(weights, targetWeightMax);
    if (its === undefined || its.region !== region || bySite === null) return null;
    const listenerArn = isCount(listener) ? its.listenerArn[listener] : undefined;
    if (listenerArn === undefined) return null;
    const groups = Object.entries(its.targetGroups);
    // An order must name every target group, because a write removes the others from the listener.
    const isWhole = groups.every(([site]) => Object.hasOwn(bySite, site));
    if (!isWhole || Object.keys(bySite).length !== groups.length) return null;
    const byArn = Object.fromEntries(groups.map(([site, arn]) => [arn, bySite[site] ?? 0]));
    // All of its sites are in one account, as the load balancer is.
    const [site] = Object.keys(bySite);
    const { account } = ownOf(sites, site) ?? {};
    return { region, account, listenerArn, weights: byArn, stickinessSeconds: its.stickinessSeconds };
  },
  /** A weight of 0 and a missing weight mean the same: no traffic. */
  compare: ({ weights }, seen) => {
    const names = new Set([...Object.keys(seen), ...Object.keys(weights)]);
    return [...names].every((name) => (seen[name] ?? 0) === (weights[name] ?? 0)) ? 'as-ordered' : 'differs';
  },
};

/**
 * The desired weights, the same for each listener; empty when the service has no target groups, or when none of their
 * sites gets traffic.
 */
function weightsFor(service: NamedService, shares: Shares): readonly Placed<TargetsDesired>[] {
  const { targets: its } = service.traffic;
  if (!its) return [];
  const weights = targetWeightsOf(service, shares);
  // With all weights at 0 a load balancer answers 503. So the weights stay as they are: clients that DNS has not yet
  // sent elsewhere are still served.
  if (Object.values(weights).every((weight) => weight === 0)) return [];
  return its.listenerArn.map((_, listener) => ({
    region: its.region,
    desired: { kind: 'targets', listener, weights },
  }));
}
