import type { NamedService } from '../model/service.ts';
import type { RouteTarget } from '../model/traffic.ts';
import { movesActive } from '../register/run.ts';
import { type Kind, type Placed, readySteps, stillLedTo } from './kind.ts';
import { ownOf } from './order/parts.ts';

/** The site that the service's routes must lead to. */
export interface RouteDesired {
  readonly kind: 'route';
  readonly site: string;
}

/** Routes in several route tables, with the same destinations in each, and the target of all of them. */
export interface RouteThing {
  readonly region: string;
  /** Account that it is in; absent: that of the deployment. */
  readonly account?: string | undefined;
  readonly tables: readonly string[];
  readonly destinations: readonly string[];
  readonly target: RouteTarget;
}

/** Where one route leads. */
export interface RouteSeen {
  readonly table: string;
  readonly destination: string;
  /** Null when EC2 gives none. For a route to an instance, EC2 also gives the network interface. */
  readonly instanceId: string | null;
  readonly networkInterfaceId: string | null;
  /** Whether the target is stopped, detached or gone, so that packets are dropped. */
  readonly isBlackhole: boolean;
}

/** The existing routes among the tables and destinations that were asked for. */
export type RouteState = readonly RouteSeen[];

/**
 * Points routes of EC2 route tables to the active site, inside one region. Firewalls and NAT instances are switched
 * this way.
 */
export const route: Kind<RouteDesired, RouteThing, RouteState> = {
  name: 'route',
  isOfSites: true,
  isIn: ({ traffic }, region) => traffic.route?.region === region,
  plan: ({ traffic: { route: its } }, outline) =>
    movesActive(outline) && its?.targets[outline.to] !== undefined
      ? { resource: its.tables.join('+'), region: its.region, after: readySteps }
      : null,
  mannerOf: () => ({ kind: 'at-once' }),
  inRun: ({ service, run }) => routeFor(service, run.to),
  riskOfSkipping: stillLedTo,
  nothingToDo: 'the site has no part in the routes',
  patienceMs: 0,
  fallbackOf: () => null,
  atRest: ({ service, register }) => (service.mode === 'active-passive' ? routeFor(service, register.active) : []),
  sitesOf: ({ site }) => [site],
  nameOf: () => 'route',
  thingOf: ({ site }, { sites, traffic: { route: its } }, region) => {
    const target = ownOf(its?.targets, site);
    if (its === undefined || its.region !== region || target === undefined) return null;
    const { account } = ownOf(sites, site) ?? {};
    return { region, account, tables: its.tables, destinations: its.destinations, target };
  },
  /** As ordered only when every destination of every table leads to the target. */
  compare: ({ tables, destinations, target }, seen) => {
    const isSo = (table: string, destination: string) => {
      const found = seen.find((one) => one.table === table && one.destination === destination);
      return found !== undefined && leadsTo(found, target) && !found.isBlackhole;
    };
    return tables.every((table) => destinations.every((one) => isSo(table, one))) ? 'as-ordered' : 'differs';
  },
};

/** Whether a route leads to a target, whether or not the target is alive. */
export function leadsTo(
  { instanceId, networkInterfaceId }: Pick<RouteSeen, 'instanceId' | 'networkInterfaceId'>,
  target: RouteTarget,
): boolean {
  return 'instanceId' in target ? instanceId === target.instanceId : networkInterfaceId === target.networkInterfaceId;
}

/** The desired routes; empty when the routes have no target for the site. */
function routeFor({ traffic: { route: its } }: NamedService, site: string): readonly Placed<RouteDesired>[] {
  if (its?.targets[site] === undefined) return [];
  return [{ region: its.region, desired: { kind: 'route', site } }];
}
