import type { NamedService } from '../model/service.ts';
import { movesActive } from '../register/run.ts';
import { type Kind, type Placed, readySteps, stillLedTo } from './kind.ts';
import { ownOf } from './parts.ts';

/** The site to whose endpoint group the traffic dial is up. */
export interface AcceleratorDesired {
  readonly kind: 'accelerator';
  readonly site: string;
}

/** Traffic dials of endpoint groups by ARN, in percent: 100 for the one that gets the traffic, 0 for the others. */
export type Dials = Readonly<Record<string, number>>;

/** The endpoint groups of a service, and their dials. */
export interface AcceleratorThing {
  readonly dials: Dials;
}

/**
 * Turns the traffic dials of a Global Accelerator: 0 for every other site first, then 100 for the active one.
 *
 * In this order no two sites get new connections by what is done here. Between the two writes every dial is at 0 for as
 * long as one call takes; a run that dies there is finished by the next watcher. A dial is no fence: the accelerator
 * ignores dials when it finds nothing healthy in the endpoint groups that are up, and open connections stay where they
 * are. Source: Global Accelerator Developer Guide, "How failover works for unhealthy endpoints" and "Use traffic dials
 * to adjust traffic flow to Regions".
 */
export const accelerator: Kind<AcceleratorDesired, AcceleratorThing, Dials> = {
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
    const arns = Object.values(its.endpointGroupArns);
    return { dials: Object.fromEntries(arns.map((arn) => [arn, arn === up ? 100 : 0])) };
  },
  compare: ({ dials }, seen) =>
    Object.entries(dials).every(([arn, percent]) => seen[arn] === percent) ? 'as-ordered' : 'differs',
};

/** The desired dials; empty when the site has no endpoint group. */
function dialsFor(
  { traffic: { accelerator: its } }: NamedService,
  site: string,
  region: string,
): readonly Placed<AcceleratorDesired>[] {
  return its?.endpointGroupArns[site] === undefined ? [] : [{ region, desired: { kind: 'accelerator', site } }];
}
