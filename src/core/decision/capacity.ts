import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import { isReserve, type NamedService, sitesByPriority } from '../model/service.ts';
import type { Scalable } from '../model/site.ts';
import type { Register } from '../register/register.ts';
import { rampPercent, type Shares } from '../register/share.ts';

/** Which size of a site is meant: its present size, or the full size that it is scaled to. */
export type SizeBasis = 'present' | 'full';

/** The most that a site may carry before it counts as full, in the unit of capacity. */
export function carriesMax(service: NamedService, knowledge: SiteKnowledge, site: string, size: SizeBasis): number {
  const capacity = size === 'full' ? fullCapacity(service, site) : presentCapacity(service, site, knowledge);
  return limitOf(service, capacity);
}

/** The load at which a site of this capacity counts as full, in the unit of capacity. */
function limitOf(service: NamedService, capacity: number): number {
  return (capacity * service.capacity.limitPercent) / 100;
}

/** What a site can carry at its full size. */
function fullCapacity(service: NamedService, site: string): number {
  return service.sites[site]?.capacity ?? 0;
}

/**
 * What a site can carry by what is in service. When that is not known, the size of a standby counts. What is not
 * scaled has one size.
 */
function presentCapacity(service: NamedService, site: string, knowledge: SiteKnowledge): number {
  const place = service.sites[site];
  if (!place) return 0;
  const sum = (of: (scalable: Scalable) => number) => place.scale.reduce((total, scalable) => total + of(scalable), 0);
  const full = sum((scalable) => (scalable.kind === 'instances' ? 1 : scalable.size));
  const waiting = sum((scalable) => (scalable.kind === 'instances' ? 0 : scalable.standbySize));
  const inService = knowledge.reports[site]?.inService ?? (place.standby === 'hot' ? full : waiting);
  return full === 0 ? place.capacity : place.capacity * Math.min(1, inService / full);
}

/** Whether a site can still grow. */
export function isGrowing(service: NamedService, knowledge: SiteKnowledge, site: string): boolean {
  return presentCapacity(service, site, knowledge) < fullCapacity(service, site);
}

/**
 * Factor by which a load may exceed its plan because weights are whole numbers. Source: our own; rounding is off by at
 * most 0.5, which is 2 % of a weight of 25.
 */
const weightRounding = 1.02;

/** Whether a site carries more than it may. False when its load is unknown. */
export function isOverLimit(service: NamedService, knowledge: SiteKnowledge, site: string): boolean {
  const load = knowledge.reports[site]?.load;
  return load !== undefined && load > limitOf(service, fullCapacity(service, site)) * weightRounding;
}

/** What says which reserves there are to call. */
interface ReserveInput {
  readonly service: NamedService;
  readonly register: Pick<Register, 'serving' | 'ramp' | 'maintenance'>;
  readonly knowledge: Pick<SiteKnowledge, 'verdicts' | 'reports'>;
}

/**
 * Reserves of a pool that wait and can take traffic now, by priority: up, ready as far as they say, not at work. One
 * that kept a part when it died is not at work either.
 */
export function readyReserves({ service, register, knowledge }: ReserveInput): readonly string[] {
  return sitesByPriority(service).filter(
    (site) =>
      isReserve(service, site) &&
      !register.serving.includes(site) &&
      knowledge.verdicts[site] === 'up' &&
      knowledge.reports[site]?.ready !== false &&
      !register.maintenance.includes(site),
  );
}

/** Reserves of a pool that get no traffic now, and are not known to be down. */
export function waitingReserves(
  service: NamedService,
  shares: Shares,
  { verdicts }: Pick<SiteKnowledge, 'verdicts'>,
): readonly string[] {
  return Object.keys(service.sites).filter(
    (site) => isReserve(service, site) && rampPercent(shares, site) === 0 && verdicts[site] !== 'down',
  );
}

/**
 * Whether the pool could carry its present load after the loss of `spareSites` sites. The worst case is meant: the
 * largest sites are lost. Reserves come in then.
 *
 * @returns null when some load is not known
 */
export function hasSpare(service: NamedService, shares: Shares, knowledge: SiteKnowledge): boolean | null {
  const serving = shares.serving.filter((site) => rampPercent(shares, site) > 0);
  const loads = serving.map((site) => knowledge.reports[site]?.load);
  if (loads.some((load) => load === undefined)) return null;
  const total = loads.reduce<number>((sum, load) => sum + (load ?? 0), 0);
  const ofSites = (sites: readonly string[]) => sites.map((site) => limitOf(service, fullCapacity(service, site)));
  const capacities = [...ofSites(serving)].sort((a, b) => a - b);
  const left = [
    ...capacities.slice(0, Math.max(0, capacities.length - service.capacity.spareSites)),
    ...ofSites(waitingReserves(service, shares, knowledge)),
  ];
  return left.reduce((sum, capacity) => sum + capacity, 0) >= total;
}
