import type { NamedService } from '../model/service.ts';
import type { Fence } from '../model/site.ts';
import { isFenceOwed } from '../register/owed-fence.ts';
import type { Kind, Placed } from './kind.ts';
import { isFlag, ownOf } from './parts.ts';

/** A site that shall be cut off from its clients, or let back. */
export interface FenceDesired {
  readonly kind: 'fence';
  readonly site: string;
  readonly isIsolated: boolean;
  /** The site's own region asks, out of contact with everybody: no claim is needed to cut oneself off. */
  readonly isSelfFence: boolean;
}

/** A fence, where it is, and whether it shall be closed. */
export interface FenceThing {
  readonly region: string;
  readonly service: string;
  readonly site: string;
  readonly fence: Fence;
  readonly isIsolated: boolean;
}

/** How far a site is cut off; both false while only a part of it is. */
export interface FenceState {
  /** Nothing of it can be reached by clients. */
  readonly isIsolated: boolean;
  /** Nothing of it is cut off. */
  readonly isReleased: boolean;
}

/** Cuts the old site off from its clients, with proof, before anything else may serve. */
export const fence: Kind<FenceDesired, FenceThing, FenceState> = {
  name: 'fence',
  isIn: ({ sites }, region) => Object.values(sites).some((site) => site.region === region && site.fence !== undefined),
  plan: ({ sites }, { fences }) => {
    const [only] = fences;
    if (only === undefined) return null;
    return { resource: fences.join('+'), region: fences.length > 1 ? null : (sites[only]?.region ?? null), after: [] };
  },
  mannerOf: () => ({ kind: 'until-lease' }),
  // What is owed to the site that is gone to opens once it is proven to write.
  inRun: ({ service, run, register }) =>
    register.owed.flatMap(({ site }) => (site === run.to ? [] : fenceFor(service, site, true))),
  riskOfSkipping: (from, to) =>
    `${from} may still take writes beside ${to}, and what one of the two writers acknowledges is lost`,
  nothingToDo: 'nothing to fence',
  patienceMs: 0,
  fallbackOf: () => null,
  // What is owed is closed, whoever opened it. Nobody else stays cut off.
  atRest: ({ service, register }) =>
    Object.keys(service.sites).flatMap((site) => fenceFor(service, site, isFenceOwed(register, site))),
  sitesOf: ({ site }) => [site],
  nameOf: ({ site }) => `fence of ${site}`,
  thingOf: ({ site, isIsolated, isSelfFence }, service, region) => {
    const place = ownOf(service.sites, site);
    if (place?.fence === undefined || place.region !== region || !isFlag(isIsolated) || !isFlag(isSelfFence))
      return null;
    return { region, service: service.name, site: String(site), fence: place.fence, isIsolated };
  },
  compare: ({ isIsolated }, seen) => ((isIsolated ? seen.isIsolated : seen.isReleased) ? 'as-ordered' : 'differs'),
  isFreeOfClaim: ({ isIsolated, isSelfFence }) => isIsolated && isSelfFence,
};

/** The fence of a site, closed or open; empty when it has none. */
export function fenceFor(
  service: NamedService,
  site: string,
  isIsolated: boolean,
  isSelfFence = false,
): readonly Placed<FenceDesired>[] {
  const place = service.sites[site];
  if (!place?.fence) return [];
  return [{ region: place.region, desired: { kind: 'fence', site, isIsolated, isSelfFence } }];
}
