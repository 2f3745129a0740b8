import type { NamedService } from '../model/service.ts';
import type { ZonalTraffic } from '../model/traffic.ts';
import { type Kind, type Placed, readySteps, stillLedTo } from './kind.ts';
import { isCount, ownOf } from './order/parts.ts';

/** The sites whose zones must get no traffic of one load balancer; empty for none. */
export interface ZonalDesired {
  readonly kind: 'zonal';
  /** Position of the load balancer among those of the service, from 0. */
  readonly resource: number;
  readonly away: readonly string[];
}

/** A load balancer, and the zones that its traffic must be shifted away from. */
export interface ZonalThing {
  readonly region: string;
  /** Account that it is in; absent: that of the deployment. */
  readonly account?: string | undefined;
  readonly resourceArn: string;
  /** Ids of zones; a shift away from one of them is all that ARC takes. */
  readonly away: readonly string[];
  readonly expiryMs: number;
  /** The comment by which a shift of this service is known. */
  readonly comment: string;
}

/** The zonal shift of a load balancer that a customer has started and that is in force. */
export interface ZonalState {
  /** Id of the zone that it leads away from; null when there is no shift. */
  readonly away: string | null;
  /** Whether this service started it. */
  readonly isOwn: boolean;
  /** Time until it expires by itself. */
  readonly leftMs: number;
}

/** Part of its time below which a shift is renewed. Source: our own; many rounds are left to renew it in. */
const renewShare = 0.5;

/**
 * Shifts load balancers away from the zone of the site that is out of the pool, by zonal shifts of ARC.
 *
 * ARC has one shift at a time for a resource, and each expires, in three days at most. So it is renewed while it is
 * owed, by the rounds that look for drift, and cancelled when the site may come back. Where no watcher lives to renew
 * it, traffic comes back to the zone by itself. A shift of somebody else's is never cancelled: it is their decision,
 * often by what no probe sees. A shift is no fence: open connections go on. Source: ARC Developer Guide, "Zonal shift
 * components" and "Starting, updating, or canceling a zonal shift"; Zonal Shift API Reference, "StartZonalShift".
 */
export const zonal: Kind<ZonalDesired, ZonalThing, ZonalState> = {
  name: 'zonal',
  isOfSites: true,
  isIn: ({ traffic }, region) => traffic.zonal?.region === region,
  plan: ({ traffic: { zonal: its } }) =>
    its === undefined ? null : { resource: its.resourceArns.join('+'), region: its.region, after: readySteps },
  mannerOf: () => ({ kind: 'at-once' }),
  inRun: ({ service, run }) => shiftsFor(service, run.serving),
  riskOfSkipping: stillLedTo,
  nothingToDo: 'nothing to shift',
  patienceMs: 0,
  fallbackOf: () => null,
  atRest: ({ service, register }) => shiftsFor(service, register.serving),
  sitesOf: ({ away }) => away,
  nameOf: ({ resource }) => `zonal shift ${resource + 1}`,
  thingOf: ({ resource, away }, { name, sites, traffic: { zonal: its } }, region) => {
    const resourceArn = isCount(resource) ? its?.resourceArns[resource] : undefined;
    if (its === undefined || its.region !== region || resourceArn === undefined || !Array.isArray(away)) return null;
    const zones = away.map((site: unknown) => ownOf(its.zoneIds, site));
    if (!zones.every((zone) => zone !== undefined)) return null;
    // All of its sites are in one account, as the load balancer is.
    const { account } = Object.values(sites)[0] ?? {};
    return { region, account, resourceArn, away: zones, expiryMs: its.expiryMs, comment: commentOf(name) };
  },
  compare: (thing, seen) => (dueOf(thing, seen) === 'nothing' ? 'as-ordered' : 'differs'),
};

/**
 * What a shift needs. `yield`: somebody else's shift leads away from another zone, so there is nothing that may be
 * done. Else `start`, `renew` or `cancel`; a shift away from a wrong zone is cancelled first.
 */
export function dueOf(
  { away, expiryMs }: Pick<ZonalThing, 'away' | 'expiryMs'>,
  seen: ZonalState,
): 'nothing' | 'start' | 'renew' | 'cancel' | 'yield' {
  if (seen.away === null) return away.length === 0 ? 'nothing' : 'start';
  const isRight = away.includes(seen.away);
  if (!seen.isOwn) return isRight || away.length === 0 ? 'nothing' : 'yield';
  if (!isRight) return 'cancel';
  return seen.leftMs < expiryMs * renewShare ? 'renew' : 'nothing';
}

/** The comment of the shifts of a service. */
function commentOf(service: string): string {
  return `cdk-failover: ${service}`;
}

/** The desired shifts, the same for each load balancer. */
function shiftsFor({ traffic }: NamedService, serving: readonly string[]): readonly Placed<ZonalDesired>[] {
  const { zonal: its } = traffic;
  if (its === undefined) return [];
  const away = sitesOut(its, serving);
  return its.resourceArns.map((_, resource) => ({
    region: its.region,
    desired: { kind: 'zonal', resource, away },
  }));
}

/** Sites that get no traffic, in the order of their names. */
function sitesOut({ zoneIds }: ZonalTraffic, serving: readonly string[]): readonly string[] {
  return Object.keys(zoneIds)
    .filter((site) => !serving.includes(site))
    .sort();
}
