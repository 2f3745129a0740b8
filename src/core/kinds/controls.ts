import type { NamedService } from '../model/service.ts';
import { movesActive } from '../register/run.ts';
import { type Kind, type Placed, readySteps, stillLedTo } from './kind.ts';
import { ownOf } from './order/parts.ts';

/** The site whose routing control is on. */
export interface ControlsDesired {
  readonly kind: 'controls';
  readonly site: string;
}

/** Routing controls by ARN; true for the one that is on. */
export type ControlStates = Readonly<Record<string, boolean>>;

/** The routing controls of a service, and the endpoints of their cluster. */
export interface ControlsThing {
  /** URL of each endpoint by its region; any of them takes any call. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Region whose endpoint is asked first, if there is one: that of the function. */
  readonly region: string;
  readonly states: ControlStates;
}

/**
 * Turns routing controls of ARC: the one of the active site on and every other one off, all in one call.
 *
 * ARC carries the call out as a whole or refuses it as a whole, so no two sites are on by what is done here, and never
 * none. A safety rule of the user's that refuses it is never overridden: the step fails and says so. A control is no
 * fence: clients keep what they were told, and whoever knows a site's address gets there. Source: ARC Developer Guide,
 * "Routing control in ARC"; Routing Control API Reference, "UpdateRoutingControlStates".
 */
export const controls: Kind<ControlsDesired, ControlsThing, ControlStates> = {
  name: 'controls',
  isOfSites: false,
  /** Any endpoint takes the call from anywhere, so every control region has a function for it. */
  isIn: ({ traffic }) => traffic.controls !== undefined,
  plan: ({ traffic: { controls: its } }, outline) =>
    movesActive(outline) && its?.routingControlArns[outline.to] !== undefined
      ? {
          resource: `controls of ${Object.keys(its.routingControlArns).join(' and ')}`,
          region: null,
          after: readySteps,
        }
      : null,
  mannerOf: () => ({ kind: 'at-once' }),
  inRun: ({ service, run, ownRegion }) => controlsFor(service, run.to, ownRegion),
  riskOfSkipping: stillLedTo,
  nothingToDo: 'the site has no routing control',
  patienceMs: 0,
  fallbackOf: () => null,
  atRest: ({ service, register, ownRegion }) => controlsFor(service, register.active, ownRegion),
  sitesOf: ({ site }) => [site],
  nameOf: () => 'routing controls',
  thingOf: ({ site }, { traffic: { controls: its } }, region) => {
    const on = ownOf(its?.routingControlArns, site);
    if (its === undefined || on === undefined) return null;
    const arns = Object.values(its.routingControlArns);
    return { endpoints: its.endpoints, region, states: Object.fromEntries(arns.map((arn) => [arn, arn === on])) };
  },
  compare: ({ states }, seen) =>
    Object.entries(states).every(([arn, isOn]) => seen[arn] === isOn) ? 'as-ordered' : 'differs',
};

/** The desired controls; empty when the site has none. */
function controlsFor(
  { traffic: { controls: its } }: NamedService,
  site: string,
  region: string,
): readonly Placed<ControlsDesired>[] {
  return its?.routingControlArns[site] === undefined ? [] : [{ region, desired: { kind: 'controls', site } }];
}
