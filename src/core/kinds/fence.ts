import type { NamedService } from '../model/service.ts';
import type { Fence } from '../model/site.ts';
import { movesActive } from '../register/run.ts';
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
  plan: ({ sites }, outline) => {
    const origin = sites[outline.from];
    return movesActive(outline) && origin?.fence ? { resource: outline.from, region: origin.region, after: [] } : null;
  },
  mannerOf: () => ({ kind: 'until-lease' }),
  inRun: ({ service, run }) => fenceFor(service, run.from, true),
  nothingToDo: 'nothing to fence',
  patienceMs: 0,
  fallbackOf: () => null,
  // Nobody stays cut off once no run needs it: the active serves, and a site that came back is a standby.
  atRest: ({ service }) => Object.keys(service.sites).flatMap((site) => fenceFor(service, site, false)),
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
