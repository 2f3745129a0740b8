import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import type { NamedService } from '../model/service.ts';
import type { Scalable } from '../model/site.ts';
import { rampPercent, type Shares } from '../register/share.ts';

/** Whether the sites that are left can carry what one that leaves carried. */
export interface Fit {
  /** Percent of the leaving site's traffic that fits on the rest as it is; 0 to 100. */
  readonly nowPercent: number;
  /** The same once the rest has been scaled to its full size. */
  readonly scaledPercent: number;
  /** Load that leaves, and load that is there already, in the unit of capacity. */
  readonly moving: number;
  readonly present: number;
}

/**
 * Percent of its present weight that a leaving site keeps when some of its load goes to the rest. Weights are relative:
 * less of one is more of all others, in proportion. Rounded up, so that the rest gets no more than fits.
 */
export function keptWeightPercent({ moving, present }: Fit, movedPercent: number): number {
  if (movedPercent >= 100) return 0;
  if (movedPercent <= 0) return 100;
  if (present === 0) return Math.ceil(100 - movedPercent);
  const moved = (moving * movedPercent) / 100;
  return Math.ceil((100 * (moving - moved) * present) / ((present + moved) * moving));
}

/**
 * How much of the load of some sites the other serving sites can take, each up to its limit.
 *
 * @param leaving - the sites whose traffic goes elsewhere
 * @param serving - the sites that are left; those of them that are down take nothing
 * @returns null when nobody says what leaves: nothing can be said then. A leaving site that says nothing of its load is
 *   taken to be as busy as the others, if they all say; one that takes traffic and says nothing is taken to be idle, which
 *   it is when it has just come back.
 */
export function fitOf(
  service: NamedService,
  knowledge: SiteKnowledge,
  leaving: readonly string[],
  serving: readonly string[],
): Fit | null {
  const onto = serving.filter((site) => knowledge.verdicts[site] !== 'down');
  const leavingLoads = leaving.map(
    (site) => knowledge.reports[site]?.load ?? estimatedLoad(service, knowledge, site, onto),
  );
  const moving = leavingLoads.reduce<number | undefined>(
    (sum, load) => (sum === undefined || load === undefined ? undefined : sum + load),
    0,
  );
  if (moving === undefined) return null;
  const loads = onto.map((site) => knowledge.reports[site]?.load ?? 0);
  const present = loads.reduce((sum, load) => sum + load, 0);
  if (moving === 0) return { nowPercent: 100, scaledPercent: 100, moving, present };
  const spare = (capacityOf: (service: NamedService, site: string, knowledge: SiteKnowledge) => number) =>
    onto.reduce(
      (sum, site, index) =>
        sum + Math.max(0, limitOf(service, capacityOf(service, site, knowledge)) - (loads[index] ?? 0)),
      0,
    );
  const percent = (room: number) => Math.max(0, Math.min(100, Math.floor((room / moving) * 100)));
  const [nowPercent, scaledPercent] = [percent(spare(presentCapacity)), percent(spare(fullCapacity))];
  return { nowPercent, scaledPercent, moving, present };
}

/** The loads that are known, by site. */
export function loadsOf({ reports }: SiteKnowledge): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(reports).flatMap(([site, { load }]) => (load === undefined ? [] : [[site, load]])),
  );
}

/** The same knowledge, but for the loads; a site that is not among them says nothing of its load. */
export function withLoads(knowledge: SiteKnowledge, loads: Readonly<Record<string, number>>): SiteKnowledge {
  const reports = Object.entries(knowledge.reports).map(([site, { load: _, ...report }]) => {
    const { [site]: load } = loads;
    return [site, load === undefined ? report : { ...report, load }] as const;
  });
  return { ...knowledge, reports: Object.fromEntries(reports) };
}

/** How long after a shift its effect may still be missing in the loads that are reported, in milliseconds. */
export function loadSettleMs({ sites, detection }: NamedService): number {
  return Math.max(detection.opinionTtlMs, ...Object.values(sites).map(({ measures }) => measures.load?.maxAgeMs ?? 0));
}

/** Load of a site that is as busy as the others, which all say how busy they are; otherwise undefined. */
function estimatedLoad(
  service: NamedService,
  knowledge: SiteKnowledge,
  site: string,
  others: readonly string[],
): number | undefined {
  const sum = (of: (other: string) => number) => others.reduce((total, other) => total + of(other), 0);
  const capacity = sum((other) => fullCapacity(service, other));
  if (capacity === 0 || others.some((other) => knowledge.reports[other]?.load === undefined)) return undefined;
  return (sum((other) => knowledge.reports[other]?.load ?? 0) / capacity) * fullCapacity(service, site);
}

/** What a site carries before it counts as full. */
function limitOf(service: NamedService, capacity: number): number {
  return (capacity * service.capacity.limitPercent) / 100;
}

/** What a site can carry at its full size. */
function fullCapacity(service: NamedService, site: string): number {
  return service.sites[site]?.capacity ?? 0;
}

/** What a site can carry at the size that it has, as far as that is known; else at the size of one that nobody leans on. */
function presentCapacity(service: NamedService, site: string, knowledge: SiteKnowledge): number {
  const place = service.sites[site];
  if (!place || place.scale.length === 0) return fullCapacity(service, site);
  const sum = (of: (scalable: Scalable) => number) => place.scale.reduce((total, scalable) => total + of(scalable), 0);
  const full = sum((scalable) => (scalable.kind === 'instances' ? 1 : scalable.size));
  const waiting = sum((scalable) => (scalable.kind === 'instances' ? 0 : scalable.standbySize));
  const size = knowledge.reports[site]?.size ?? (place.standby === 'hot' ? full : waiting);
  return full === 0 ? place.capacity : place.capacity * Math.min(1, size / full);
}

/** Whether a site can still grow. */
export function isGrowing(service: NamedService, knowledge: SiteKnowledge, site: string): boolean {
  return presentCapacity(service, site, knowledge) < fullCapacity(service, site);
}

/** Whether a site carries more than it may. Unknown load is not more. */
export function isOverLimit(service: NamedService, knowledge: SiteKnowledge, site: string): boolean {
  const load = knowledge.reports[site]?.load;
  return load !== undefined && load > limitOf(service, fullCapacity(service, site));
}

/**
 * Whether the pool would carry its present load with `spareSites` of its sites lost: the largest ones, as the worst case.
 *
 * @returns null when some load is not known
 */
export function hasSpare(service: NamedService, shares: Shares, knowledge: SiteKnowledge): boolean | null {
  const serving = shares.serving.filter((site) => rampPercent(shares, site) > 0);
  const loads = serving.map((site) => knowledge.reports[site]?.load);
  if (loads.some((load) => load === undefined)) return null;
  const total = loads.reduce<number>((sum, load) => sum + (load ?? 0), 0);
  const capacities = serving.map((site) => limitOf(service, fullCapacity(service, site))).sort((a, b) => a - b);
  const left = capacities.slice(0, Math.max(0, capacities.length - service.capacity.spareSites));
  return left.reduce((sum, capacity) => sum + capacity, 0) >= total;
}
