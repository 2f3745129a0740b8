import type { NamedService, Service } from '../model/service.ts';
import { isFenceClosed } from '../register/owed-fence.ts';
import type { Register } from '../register/register.ts';
import type { Kind, Placed } from './kind.ts';
import { isToken, ownOf } from './order/parts.ts';

/** A site whose data must be made anew as a replica of the writer's. */
export interface RebuildDesired {
  readonly kind: 'rebuild';
  readonly site: string;
  /** Site that writes. */
  readonly writer: string;
}

/** An instance of a database, by its identifier in its region. */
export interface InstancePlace {
  readonly region: string;
  readonly instance: string;
}

/** The instance that must become a replica, what it must replicate from, and what the old one is called then. */
export interface RebuildThing extends InstancePlace {
  readonly account?: string | undefined;
  readonly service: string;
  readonly site: string;
  readonly source: InstancePlace;
  /** Name under which the old instance is kept. It is never deleted. */
  readonly aside: string;
}

/**
 * What stands under the site's identifier. `replica`: what is wanted. `making`: a change is under way, here or at the
 * writer. `alone`: the old writer. `nothing`: the old writer was renamed. `other`: a replica of something else.
 */
export interface RebuildState {
  readonly role: 'replica' | 'making' | 'alone' | 'nothing' | 'other';
}

/**
 * Makes the data of a site that was left anew as a replica of the new writer's, where AWS does not do it by itself: the
 * old instance is renamed, and a replica is created under its identifier. Only where it is asked for, and never in a
 * run: it is desired at rest, once the promotion has been read back, the fence of the site is proven closed, and the
 * epoch has lasted for as long as the user says. Until then a person can save what the old instance has, or decide
 * otherwise by a move or a pause.
 */
export const rebuild: Kind<RebuildDesired, RebuildThing, RebuildState> = {
  name: 'rebuild',
  isOfSites: true,
  isIn: (service, region) =>
    rebuiltAfterMs(service) !== null && Object.values(service.sites).some((site) => site.region === region),
  plan: () => null,
  mannerOf: () => ({ kind: 'at-once' }),
  inRun: () => [],
  riskOfSkipping: () => 'the old site has no replica, and is no standby',
  nothingToDo: 'a run rebuilds nothing',
  patienceMs: 0,
  fallbackOf: () => null,
  atRest: ({ service, register, epochAgeMs }) => {
    const afterMs = rebuiltAfterMs(service);
    if (afterMs === null || epochAgeMs < afterMs || register.pause !== null) return [];
    return Object.keys(service.sites).flatMap((site) => replicaFor(service, register, site));
  },
  sitesOf: ({ site, writer }) => [site, writer],
  nameOf: ({ site }) => `data of ${site}`,
  thingOf: ({ site, writer, token }, service, region) => {
    const { data, sites } = service;
    const [place, other] = [ownOf(sites, site), ownOf(sites, writer)];
    if (rebuiltAfterMs(service) === null || data?.kind !== 'rds-replica' || !isToken(token)) return null;
    if (place?.region !== region || other?.region === undefined || site === writer) return null;
    const [instance, source] = [ownOf(data.instances, site), ownOf(data.instances, writer)];
    if (instance === undefined || source === undefined) return null;
    return {
      region,
      account: place.account,
      service: service.name,
      site: String(site),
      instance,
      source: { region: other.region, instance: source },
      aside: `${instance}-before-${token.epoch}`,
    };
  },
  compare: (_thing, { role }) => (role === 'replica' ? 'as-ordered' : role === 'making' ? 'on-its-way' : 'differs'),
};

/** How long an epoch lasts before a site that was left is made anew; null where nobody has asked for that. */
export function rebuiltAfterMs({ data }: Pick<Service, 'data'>): number | null {
  return (data?.kind === 'rds-replica' ? data.rebuild?.afterMs : undefined) ?? null;
}

/** The replica of a site that a run has left for good; empty for any other. */
function replicaFor(service: NamedService, register: Register, site: string): readonly Placed<RebuildDesired>[] {
  const { active, writer, promoting, run } = register;
  const region = service.sites[site]?.region;
  // Who writes must be beyond doubt: promoted, read back, and no other promotion ordered that may yet come true.
  const isSettled = run?.state === 'done' && writer === active && promoting.length === 0;
  if (region === undefined || site === writer || !isSettled || !isFenceClosed(register, site)) return [];
  return [{ region, desired: { kind: 'rebuild', site, writer } }];
}
