import { digestKey } from '../../model/digest.ts';
import { actingRegionOf, hasLease } from '../../model/place.ts';
import type { NamedService } from '../../model/service.ts';
import { isFresh } from '../../tables/freshness.ts';
import type { OpinionItem } from '../../tables/opinion-item.ts';
import { tableRegionsOf, type WatcherState } from '../state.ts';

/**
 * What the regions close at the end of their lease, while a deployment adds a fence.
 *
 * Time stands in for the proof of a fence because the silent region's own watcher closes it by then. A watcher that the
 * deployment has not reached has no such fence, and closes nothing. Nor does one whose function it has not reached. So
 * each region's word says what its configuration closes; of its own region only what the function there has, too.
 * The others remember what the last word of a region left out, and hand it on.
 */

/** Something that a region closes by itself at the end of its lease: a fence, or work that it turns off. */
export type Closing = 'fence' | 'work';

/** What a word of a watcher calls something that it closes. */
export function closingKey(service: string, site: string, what: Closing): string {
  return what === 'fence' ? `${service}/${site}` : `${service}/${site}/${what}`;
}

/** One thing that is closed, with the region that has to do it. */
export interface Duty {
  readonly key: string;
  readonly service: NamedService;
  readonly site: string;
  readonly what: Closing;
  /** What it is called by a region that knows the site by its former name. */
  readonly formerKey: string;
  readonly region: string;
}

/** What a configuration closes. */
function dutiesOf(services: readonly NamedService[]): readonly Duty[] {
  const known = duties.get(services);
  if (known !== undefined) return known;
  const made = findDuties(services);
  duties.set(services, made);
  return made;
}

/** What was worked out already: a watcher asks twice a tick, and its services never change. */
const duties = new WeakMap<readonly NamedService[], readonly Duty[]>();

function findDuties(services: readonly NamedService[]): readonly Duty[] {
  return services.flatMap((service) => {
    const { name, sites, mode } = service;
    return Object.entries(sites).flatMap(([site, place]) => {
      const region = actingRegionOf(place);
      if (mode !== 'active-passive' || region === undefined || !hasLease(place)) return [];
      const kinds: readonly Closing[] = [
        ...(place.fence === undefined ? [] : (['fence'] as const)),
        ...(place.work.length === 0 ? [] : (['work'] as const)),
      ];
      const former = place.renamedFrom ?? site;
      return kinds.map((what) => ({
        key: closingKey(name, site, what),
        formerKey: closingKey(name, former, what),
        service,
        site,
        what,
        region,
      }));
    });
  });
}

/**
 * What a configuration closes, for the item of a watcher that runs with it. A site that was renamed is said by both
 * names, for a watcher that knows the former one alone has to hear of it, too.
 */
export function closedBy(services: readonly NamedService[]): readonly string[] {
  return [...new Set(dutiesOf(services).flatMap(({ key, formerKey }) => [key, formerKey]))];
}

/**
 * Notes what the newest word of each region leaves out. Of one that cannot be read: what it left out before, to this
 * watcher or to another one that is heard. A region that was just added has never heard it.
 */
export function noteClosings(state: WatcherState, nowMs: number): void {
  const ttlMs = Math.max(...state.services.map(({ detection }) => detection.opinionTtlMs));
  const told = [...state.reads].flatMap(([region, { view }]) => {
    const unclosed = isFresh(state.sightings, region, ttlMs, nowMs) ? view.opinions?.unclosed : undefined;
    return unclosed === undefined ? [] : [unclosed];
  });
  state.unclosed = leftOut(state, ({ region, key, formerKey }) => {
    const item = state.reads.get(region)?.view.opinions;
    const isSaidOf = (keys: readonly string[] = []) => keys.includes(key) || keys.includes(formerKey);
    return item ? isSaidOf(item.closes) : ![state.unclosed, ...told].some((unclosed) => isSaidOf(unclosed[region]));
  });
}

/**
 * Continues with what a predecessor knew, also of the function here, where both mean the same. Of what its own
 * configuration did not close it could not know whether a region does: then none is taken to, until it is heard.
 */
export function inheritClosings(state: WatcherState, item: OpinionItem): void {
  const { closes = [], unclosed = {} } = item;
  for (const { key } of agreedBy(state, item)) state.agreed.add(key);
  state.unclosed = leftOut(state, ({ region, key, formerKey }) =>
    [key, formerKey].some((each) => closes.includes(each) && !(unclosed[region]?.includes(each) ?? false)),
  );
}

/** What this region closes here. */
export function ownDuties({ services, setup }: Pick<WatcherState, 'services' | 'setup'>): readonly Duty[] {
  return dutiesOf(services).filter(({ region }) => region === setup.region);
}

/** What of that the function here has, too, as a predecessor says that meant the same by the service and the site. */
export function agreedBy(
  state: Pick<WatcherState, 'services' | 'setup' | 'digests'>,
  { closes = [], digests = {} }: Pick<OpinionItem, 'closes'> & Partial<Pick<OpinionItem, 'digests'>>,
): readonly Duty[] {
  const isSame = (key: string) => digests[key] !== undefined && digests[key] === state.digests[key];
  return ownDuties(state).filter(
    ({ key, service: { name }, site }) =>
      closes.includes(key) && [digestKey(name), digestKey(name, site)].every(isSame),
  );
}

function leftOut(state: WatcherState, isClosed: (duty: Duty) => boolean): WatcherState['unclosed'] {
  const others = tableRegionsOf(state).filter((region) => region !== state.setup.region);
  const left = dutiesOf(state.services).filter((duty) => others.includes(duty.region) && !isClosed(duty));
  const regions = others.filter((other) => left.some(({ region }) => region === other));
  return Object.fromEntries(
    regions.map((other) => [other, left.filter(({ region }) => region === other).map(({ key }) => key)]),
  );
}

/** What this watcher's item says of what is closed. */
export function closingsSaid(state: WatcherState): Pick<OpinionItem, 'closes' | 'unclosed'> {
  const { services, unclosed, agreed, setup } = state;
  const said = dutiesOf(services).filter(({ region, key }) => region !== setup.region || agreed.has(key));
  const closes = [...new Set(said.flatMap(({ key, formerKey }) => [key, formerKey]))];
  return {
    ...(closes.length > 0 ? { closes } : {}),
    ...(Object.keys(unclosed).length > 0 ? { unclosed } : {}),
  };
}

/** Whether the last word of a site's region says that nobody there closes it at the end of the lease. */
export function isUnclosed(
  { unclosed }: Pick<WatcherState, 'unclosed'>,
  service: NamedService,
  site: string,
  what: Closing,
): boolean {
  const key = closingKey(service.name, site, what);
  return Object.values(unclosed).some((keys) => keys.includes(key));
}
