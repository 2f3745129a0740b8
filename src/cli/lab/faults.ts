import { systemClock } from '../../adapters/system/clock.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { placeOf } from '../../core/model/place.ts';
import type { LabFault } from '../program.ts';
import type { Lab } from './lab.ts';
import type { LabProcess } from './lab-process.ts';

/** How long a slow site takes to answer: longer than any probe of the lab waits, and than its client. */
const slowAnswerMs = 2_000;

/** Faults of the active site itself. */
const siteFaults: readonly LabFault[] = ['kill', 'hang', 'slow', 'error', 'wrong-body'];

/** A fault that has begun. */
export interface Injection {
  /** Epoch milliseconds of the instant before it took effect. */
  readonly atMs: number;
  readonly service: string;
  /** The site that was active. */
  readonly active: string;
  /** What was done, in one sentence. */
  readonly detail: string;
}

type Strike = () => string;

/**
 * Makes a fault happen to the active site of a service, or to its region.
 *
 * @throws {FailoverError} USAGE when the site is not the lab's own and the fault is of a site, or when the fault is of
 *   a region and the site is in none
 */
export async function injectFault(lab: Lab, fault: LabFault, service: string): Promise<Injection> {
  const register = await lab.readRegister(service);
  if (register === null) throw new FailoverError('FAULT', `${service}: no majority of tables holds its register`);
  const { active } = register;
  const site = lab.deployment.services[service]?.sites[active];
  const place = site === undefined ? '' : placeOf(site);
  if (fault === 'region' && site?.region === undefined) throw notInRegion(active, place);
  const begin = prepare(lab, fault, active, place);
  const atMs = systemClock.wallMs();
  return { atMs, service, active, detail: begin() };
}

/**
 * Refuses what cannot be done to the sites of a user's deployment: they are not the lab's own.
 *
 * @throws {FailoverError} USAGE
 */
export function refuseFault(deployment: Deployment, fault: LabFault): void {
  if (!siteFaults.includes(fault)) return;
  const [site = ''] = Object.values(deployment.services).flatMap(({ sites }) => Object.keys(sites));
  throw notOwn(site, fault);
}

/** A part of the lab that a fault strikes. */
export interface FaultPlace {
  readonly kind: 'site' | 'region';
  readonly name: string;
}

/**
 * Makes a fault happen to one part of the lab.
 *
 * @returns what was done, in one sentence
 * @throws {FailoverError} USAGE when the part is not the lab's own, or the fault is not one of its kind
 */
export function strike(lab: Lab, fault: LabFault, { kind, name }: FaultPlace): string {
  const isOfSite = siteFaults.includes(fault);
  if (isOfSite !== (kind === 'site')) throw new FailoverError('USAGE', `${fault} is no fault of a ${kind}`);
  if (kind === 'region' && !lab.deployment.controlRegions.includes(name)) {
    throw new FailoverError('USAGE', `${name} is no region of this lab`);
  }
  return prepare(lab, fault, name, name)();
}

/**
 * Undoes every fault of a part of the lab. What was killed is started again; a table comes back empty.
 *
 * @returns what was done, in one sentence
 */
export async function heal(lab: Lab, { kind, name }: FaultPlace): Promise<string> {
  if (kind === 'site') {
    await healSite(lab, name);
    return `${name} is well again`;
  }
  lab.members.link.command({ heal: name });
  await lab.restart('tables', name);
  await Promise.all([
    lab.restart('oracles', name),
    lab.restart('watchers', name),
    ...sitesIn(lab, name).map((site) => healSite(lab, site)),
  ]);
  return `${name} is well again`;
}

async function healSite(lab: Lab, name: string): Promise<void> {
  const site = ownSite(lab, 'kill', name);
  site.thaw();
  site.command({ behave: 'well', latencyMs: 0 });
  await lab.restart('sites', name);
}

/** The lab's own sites at a place. */
function sitesIn({ deployment, members }: Pick<Lab, 'deployment' | 'members'>, place: string): readonly string[] {
  return Object.values(deployment.services)
    .flatMap(({ sites }) => Object.entries(sites))
    .flatMap(([name, site]) => (placeOf(site) === place && members.sites.has(name) ? [name] : []));
}

/** Everything is found beforehand, so that the strike itself takes no time. */
function prepare(lab: Lab, fault: LabFault, site: string, place: string): Strike {
  const { members } = lab;
  switch (fault) {
    case 'kill':
    case 'hang':
    case 'slow':
    case 'error':
    case 'wrong-body':
      return strikeSite(lab, fault, ownSite(lab, fault, site));
    case 'partition':
      return () => {
        members.link.command({ cut: place });
        return `${place} is cut off from the other regions: no byte passes, nobody is told`;
      };
    case 'region':
      return () => {
        const lost = [
          ...sitesIn(lab, place).map((name) => members.sites.get(name)),
          members.watchers.get(place),
          members.oracles.get(place),
          members.tables.get(place),
        ].filter((member) => member !== undefined);
        for (const member of lost) member.kill();
        return `SIGKILL to everything in ${place}: ${lost.map((member) => member.role).join(', ')}`;
      };
    case 'watcher': {
      const watcher = members.watchers.get(place) ?? [...members.watchers.values()][0];
      return () => {
        watcher?.kill();
        return `SIGKILL to the watcher in ${watcher?.place}`;
      };
    }
  }
}

function ownSite(lab: Lab, fault: LabFault, site: string): LabProcess<'site'> {
  const member = lab.members.sites.get(site);
  if (member) return member;
  throw notOwn(site, fault);
}

function notInRegion(site: string, location: string): FailoverError {
  return new FailoverError(
    'USAGE',
    `${site} is at ${location}, outside AWS: no region is lost with it; choose kill or partition`,
  );
}

function notOwn(site: string, fault: LabFault): FailoverError {
  return new FailoverError(
    'USAGE',
    `${site} is not the lab's own site, so "--fault ${fault}" cannot be done to it; choose partition, region or watcher, or let "cdk-failover drill" measure your own stop: --fault by-hand, or --stop-command`,
  );
}

function strikeSite(lab: Lab, fault: LabFault, site: LabProcess<'site'>): Strike {
  switch (fault) {
    case 'kill':
      return () => {
        site.kill();
        return `SIGKILL to the site ${site.place} (process ${site.pid})`;
      };
    case 'hang':
      // If the lab itself is killed, somebody has to wake the site, or it would stay.
      lab.members.link.command({ wakeAtEnd: site.pid });
      return () => {
        site.freeze();
        return `SIGSTOP to the site ${site.place} (process ${site.pid}): connections open, no answer`;
      };
    case 'slow':
      return behave(site, fault, `${site.place} answers after ${slowAnswerMs / 1_000} s`);
    case 'error':
      return behave(site, fault, `${site.place} answers 503`);
    case 'wrong-body':
      return behave(site, fault, `${site.place} answers 200 with a wrong page`);
    default:
      throw new RangeError(`${fault} is not a fault of a site`);
  }
}

function behave(site: LabProcess<'site'>, fault: 'slow' | 'error' | 'wrong-body', detail: string): Strike {
  return () => {
    site.command({ behave: fault, latencyMs: slowAnswerMs });
    return detail;
  };
}
