import { actingRegionOf } from '../model/place.ts';
import type { NamedService } from '../model/service.ts';
import { type Fence, isHookedFence } from '../model/site.ts';
import { isFenceOwed } from '../register/owed-fence.ts';
import type { FencingToken } from '../register/run.ts';
import type { Kind, Placed } from './kind.ts';
import { formerName, isFlag, isToken, ownOf } from './order/parts.ts';

/** A site that must be cut off from its clients, or whose fence must be opened. */
export interface FenceDesired {
  readonly kind: 'fence';
  readonly site: string;
  readonly isIsolated: boolean;
  /** Whether the site's own region orders the fence because it is out of contact. Such an order needs no claim. */
  readonly isSelfFence: boolean;
  /** Whether a function of another configuration carries it out, too, on the fence that it knows. */
  readonly isAnyhow?: true;
  /** What the site was called before, for a function that a deployment has not reached. */
  readonly formerly?: string;
}

/** A fence, where it is, and whether it must be closed. */
export interface FenceThing {
  readonly region: string;
  /** Account that it is in; absent: that of the deployment. */
  readonly account?: string | undefined;
  readonly service: string;
  readonly site: string;
  readonly fence: Fence;
  readonly isIsolated: boolean;
  /** Whose order it is, for a function of the user that remembers the newest. */
  readonly token: FencingToken;
}

/** How far a site is cut off. Both are false while only a part of the site is cut off. */
export interface FenceState {
  /** Clients can reach no part of the site. */
  readonly isIsolated: boolean;
  /** No part of the site is cut off. */
  readonly isReleased: boolean;
  /** Everything has been done to cut the site off, and it takes effect by itself: targets drain. Absent: no. */
  readonly isClosing?: boolean;
}

/** Cuts the old site off from its clients, with proof, before anything else may serve. */
export const fence: Kind<FenceDesired, FenceThing, FenceState> = {
  name: 'fence',
  isOfSites: true,
  isIn: ({ sites }, region) =>
    Object.values(sites).some((site) => site.fence !== undefined && actingRegionOf(site) === region),
  plan: ({ sites }, { fences }) => {
    const [only] = fences;
    if (only === undefined) return null;
    const site = fences.length > 1 ? undefined : sites[only];
    return { resource: fences.join('+'), region: (site && actingRegionOf(site)) ?? null, after: [] };
  },
  mannerOf: () => ({ kind: 'until-lease' }),
  // The new site's own owed fence is not part of the run. It opens once the site is proven to write.
  inRun: ({ service, run, register }) =>
    register.owed.flatMap(({ site }) => (site === run.to ? [] : fenceFor(service, site, true))),
  riskOfSkipping: (from, to) =>
    `${from} may still take writes beside ${to}, and what one of the two writers acknowledges is lost`,
  nothingToDo: 'nothing to fence',
  patienceMs: 0,
  fallbackOf: () => null,
  // An owed fence is closed again, whoever opened it. Every other fence is opened; that of the site which has the
  // service without waiting for the rest of a deployment: nobody else serves.
  atRest: ({ service, register }) =>
    Object.keys(service.sites).flatMap((site) => {
      const isOwed = isFenceOwed(register, site);
      const isHome = site === register.active && site === register.writer;
      return isHome && !isOwed ? fenceAnyhow(service, site, false) : fenceFor(service, site, isOwed);
    }),
  sitesOf: ({ site }) => [site],
  nameOf: ({ site }) => `fence of ${site}`,
  thingOf: ({ site, isIsolated, isSelfFence, token }, service, region) => {
    const place = ownOf(service.sites, site);
    if (place?.fence === undefined || !isFlag(isIsolated) || !isFlag(isSelfFence)) return null;
    if (actingRegionOf(place) !== region || !isToken(token)) return null;
    const { account, fence: its } = place;
    return { region, account, service: service.name, site: String(site), fence: its, isIsolated, token };
  },
  compare: ({ isIsolated }, seen) => {
    if (isIsolated ? seen.isIsolated : seen.isReleased) return 'as-ordered';
    return isIsolated && seen.isClosing === true ? 'on-its-way' : 'differs';
  },
  asksHook: ({ fence: its }) => isHookedFence(its),
  isFreeOfClaim: ({ isIsolated, isSelfFence }) => isIsolated && isSelfFence,
  meantOf: ({ site }, { sites }) => {
    const place = ownOf(sites, site);
    return place?.fence === undefined ? null : [place.account, place.fence];
  },
  isFreeOfAgreement: ({ isAnyhow }) => isAnyhow === true,
};

/** The fence of a site, closed or open, in the region whose function acts for it; empty when it has none. */
export function fenceFor(
  service: NamedService,
  site: string,
  isIsolated: boolean,
  isSelfFence = false,
): readonly Placed<FenceDesired>[] {
  const place = service.sites[site];
  if (place?.fence === undefined) return [];
  const region = actingRegionOf(place);
  if (region === undefined) return [];
  return [{ region, desired: { kind: 'fence', site, isIsolated, isSelfFence, ...formerName(place) } }];
}

/**
 * The fence of a site as the function of its region knows it, whatever that was deployed with. For a site that was left
 * without proof, since another one may take writes by now, and the stacks of a region that was dark have missed every
 * deployment. And for one that has the service, and was cut off by its own region: what was closed so is opened so.
 */
export function fenceAnyhow(service: NamedService, site: string, isIsolated: boolean): readonly Placed<FenceDesired>[] {
  return fenceFor(service, site, isIsolated).map(({ region, desired }) => ({
    region,
    desired: { ...desired, isAnyhow: true as const },
  }));
}
