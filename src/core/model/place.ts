import type { Fence, SiteParts, SitePlace } from './site.ts';

/** Name of the place of a site: its region, or its location outside AWS. No two places have the same name. */
export function placeOf(place: SitePlace): string {
  return place.region ?? place.location;
}

/** Where the things of a site are, by region and account: two things of one name are one thing only there. */
export function thingPlaceOf(site: SitePlace & Pick<SiteParts, 'account'>): string {
  return site.account === undefined ? placeOf(site) : `${placeOf(site)} of account ${site.account}`;
}

/** The place of a site in a sentence. */
export function sitePlaceText(place: SitePlace): string {
  return place.region ?? `${place.location}, outside AWS`;
}

/**
 * Region whose functions act for a site: its own or, for a site outside AWS, the one that its fence names. Undefined
 * for a site outside AWS without a fence: nothing can be done there.
 */
export function actingRegionOf(site: SitePlace & { readonly fence?: Fence | undefined }): string | undefined {
  return site.region ?? (site.fence !== undefined && 'region' in site.fence ? site.fence.region : undefined);
}

/**
 * Whether a site is cut off from inside its own region when that region is out of contact. Nothing of AWS runs at a
 * location, so nothing there counts a lease, and no elapsed time may stand in for the proof of its fence.
 */
export function hasLease(place: SitePlace | undefined): boolean {
  return place?.region !== undefined;
}
