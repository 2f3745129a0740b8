import type { FreezeWindow, GameDayWindow, MaintenanceWindow } from './calendar.ts';
import type { DataResource } from './data.ts';
import type { CapacityPolicy, Detection, FailbackPolicy, FailoverPolicy } from './policy.ts';
import type { Site } from './site.ts';
import type { Traffic } from './traffic.ts';

/** What fails over as one. */
export interface Service {
  /** `active-passive`: one site serves. `active-active`: all healthy sites serve. */
  readonly mode: 'active-passive' | 'active-active';
  readonly sites: Readonly<Record<string, Site>>;
  readonly detection: Detection;
  readonly failover: FailoverPolicy;
  readonly failback: FailbackPolicy;
  readonly traffic: Traffic;
  readonly capacity: CapacityPolicy;
  /** When work is done at a site; absent when no times are known beforehand. */
  readonly maintenance?: readonly MaintenanceWindow[] | undefined;
  /** When nothing planned, or nothing by itself, moves; absent when there are no such times. */
  readonly freeze?: readonly FreezeWindow[] | undefined;
  /** When the service moves and returns as a rehearsal; absent when there are no such times. */
  readonly gameDays?: readonly GameDayWindow[] | undefined;
  /** The data that is promoted before a site serves; absent when the service has none. */
  readonly data?: DataResource | undefined;
  /** What is published for clients inside the account; absent when there are none. */
  readonly clients?: Clients | undefined;
}

/** A service of a deployment by name; the name is part of every message about it. */
export interface NamedService extends Service {
  readonly name: string;
}

/**
 * What is published for clients inside the account, at a function URL and in a parameter of every control region.
 */
export interface Clients {
  /** Most programs that ask at once. */
  readonly fleet: number;
  /** Time between two questions of one program. */
  readonly askMs: number;
  /** Where clients find each site: a URL or `host:port`. */
  readonly endpoints: Readonly<Record<string, string>>;
}

/**
 * Site names, highest priority first. Sites of equal priority are in the order of their names, so that every watcher
 * finds the same order.
 */
export function sitesByPriority(service: Pick<Service, 'sites'>): readonly string[] {
  return Object.entries(service.sites)
    .sort(([nameA, a], [nameB, b]) => b.priority - a.priority || (nameA < nameB ? -1 : 1))
    .map(([name]) => name);
}

/** Whether a region that is out of contact closes something of the service at the end of its lease. */
export function countsLease({ sites }: Pick<Service, 'sites'>): boolean {
  return Object.values(sites).some(({ fence, work }) => fence !== undefined || work.length > 0);
}

/** Whether a site waits in reserve: it gets traffic of its pool only while the other sites cannot carry it. */
export function isReserve({ mode, sites }: Pick<Service, 'mode' | 'sites'>, site: string): boolean {
  return mode === 'active-active' && sites[site]?.reserve === true;
}

/** The sites of a pool that serve while all is well, highest priority first: all but its reserves. */
export function regularSites(service: Pick<Service, 'mode' | 'sites'>): readonly string[] {
  return sitesByPriority(service).filter((site) => !isReserve(service, site));
}

/**
 * What a site is called in this configuration: its own name, or that of the site that was renamed from it; else null.
 */
export function nameNow({ sites }: Pick<Service, 'sites'>, site: string): string | null {
  if (Object.hasOwn(sites, site)) return site;
  return Object.keys(sites).find((name) => sites[name]?.renamedFrom === site) ?? null;
}

/** Name that stands in `serving` for the static endpoint; no site can have it. */
export const lastResortName = 'last-resort';

/** The site that a fresh register starts with and that failback returns to. */
export function preferredSite(service: Service): string {
  const preferred = service.failback.to ?? regularSites(service)[0];
  if (preferred === undefined) throw new RangeError('a service has a site that serves while all is well');
  return preferred;
}
