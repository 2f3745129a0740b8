import type { NamedService } from '../model/service.ts';
import type { AcceleratorTraffic } from '../model/traffic.ts';
import { movesActive } from '../register/run.ts';
import { type Kind, type Placed, readySteps, stillLedTo } from './kind.ts';
import { ownOf } from './order/parts.ts';

/** The site to whose endpoint group, and endpoints, the traffic goes. */
export interface AcceleratorDesired {
  readonly kind: 'accelerator';
  readonly site: string;
}

/** Where the traffic of an endpoint group goes. */
export interface EndpointGroup {
  /** Traffic dial in percent: 100 for the group that gets the traffic, 0 for the others. */
  readonly dial: number;
  /** Weights of endpoints by their ids, of those alone that belong to a site; empty where no endpoints are declared. */
  readonly weights: Readonly<Record<string, number>>;
}

/** Endpoint groups by ARN. */
export type EndpointGroups = Readonly<Record<string, EndpointGroup>>;

/** The endpoint groups of a service. */
export interface AcceleratorThing {
  readonly groups: EndpointGroups;
}

/**
 * Weight of an endpoint that gets traffic: what AWS gives one of which nothing is said. Source: Global Accelerator
 * Developer Guide, "How endpoint weights work to manage traffic volume".
 */
export const endpointWeight = 128;

/**
 * Turns the traffic dials of a Global Accelerator, and the weights of its endpoints where these are declared: down for
 * every other site first, then up for the active one. What is in one group is turned in one call.
 *
 * In this order no two sites get new connections by what is done here. Between two groups every dial is at 0 for as
 * long as one call takes; a run that dies there is finished by the next watcher. Neither is a fence: the accelerator
 * ignores dials when it finds nothing healthy in the endpoint groups that are up, it takes any endpoint when it finds
 * nothing healthy with a weight, and open connections stay where they are. Source: Global Accelerator Developer Guide,
 * "How failover works for unhealthy endpoints" and "Use traffic dials to adjust traffic flow to Regions".
 */
export const accelerator: Kind<AcceleratorDesired, AcceleratorThing, EndpointGroups> = {
  name: 'accelerator',
  isOfSites: false,
  /** Its control plane is in one region and serves all, so every control region has a function for it. */
  isIn: ({ traffic }) => traffic.accelerator !== undefined,
  plan: ({ traffic: { accelerator: its } }, outline) =>
    movesActive(outline) && its?.endpointGroupArns[outline.to] !== undefined
      ? { resource: `dials of ${Object.keys(its.endpointGroupArns).join(' and ')}`, region: null, after: readySteps }
      : null,
  mannerOf: () => ({ kind: 'at-once' }),
  inRun: ({ service, run, ownRegion }) => dialsFor(service, run.to, ownRegion),
  riskOfSkipping: stillLedTo,
  nothingToDo: 'the site has no endpoint group',
  patienceMs: 0,
  fallbackOf: () => null,
  atRest: ({ service, register, ownRegion }) => dialsFor(service, register.active, ownRegion),
  sitesOf: ({ site }) => [site],
  nameOf: () => 'dials',
  thingOf: ({ site }, { traffic: { accelerator: its } }) => {
    const up = ownOf(its?.endpointGroupArns, site);
    if (its === undefined || up === undefined) return null;
    const arns = new Set(Object.values(its.endpointGroupArns));
    const groups = [...arns].map((arn) => [arn, { dial: arn === up ? 100 : 0, weights: weightsIn(its, arn, site) }]);
    return { groups: Object.fromEntries(groups) };
  },
  compare: ({ groups }, seen) =>
    Object.entries(groups).every(([arn, group]) => isAs(group, seen[arn])) ? 'as-ordered' : 'differs',
};

/** Weights of the endpoints in a group while a site is active. */
function weightsIn(
  { endpointGroupArns, endpointIds = {} }: AcceleratorTraffic,
  arn: string,
  active: unknown,
): EndpointGroup['weights'] {
  const entries = Object.entries(endpointIds).flatMap(([site, ids]) =>
    endpointGroupArns[site] === arn ? ids.map((id) => [id, site === active ? endpointWeight : 0] as const) : [],
  );
  return Object.fromEntries(entries);
}

function isAs({ dial, weights }: EndpointGroup, seen: EndpointGroup | undefined): boolean {
  return (
    seen !== undefined &&
    seen.dial === dial &&
    Object.entries(weights).every(([id, weight]) => seen.weights[id] === weight)
  );
}

/** The desired dials; empty when the site has no endpoint group. */
function dialsFor(
  { traffic: { accelerator: its } }: NamedService,
  site: string,
  region: string,
): readonly Placed<AcceleratorDesired>[] {
  return its?.endpointGroupArns[site] === undefined ? [] : [{ region, desired: { kind: 'accelerator', site } }];
}
