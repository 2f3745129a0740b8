import { nameForm } from '../../core/model/name-form.ts';
import type { SitePlace } from '../../core/model/site.ts';
import { pattern, regionForm } from './fields.ts';
import { type Reading, spelled } from './spelling.ts';

const zoneForm = /^([a-z]{2}(?:-[a-z]+)+-\d)[a-z]$/;

/** What `allowed` says of a place that nobody has named. */
const eitherPlace =
  'either `region`, such as region: us-east-1, or outside AWS `location`, such as location: frankfurt-dc';

/** AWS region of a site. What is no region may be a place outside AWS. */
export const siteRegionField = spelled(readRegion, 'an AWS region, such as us-east-1');

/** Location of a site outside AWS: a name of the user's own, which is no region's. */
export const locationField = spelled(readLocation, 'a name as sites have, such as frankfurt-dc, and no AWS region');

/** A place that a move may be limited to. */
export const placeField = pattern(nameForm, 'an AWS region, such as us-east-1, or a location');

/** Why a site's place is none; null when it is one. */
export function placeFault(site: { readonly region?: string | undefined; readonly location?: string | undefined }): {
  readonly path: string[];
  readonly message: string;
} | null {
  if (site.region !== undefined && site.location !== undefined) return { path: ['location'], message: eitherPlace };
  return site.region === undefined && site.location === undefined ? { path: ['region'], message: eitherPlace } : null;
}

/** The place of a site in which {@link placeFault} found no fault. */
export function sitePlaceOf({
  region,
  location = '',
}: {
  region?: string | undefined;
  location?: string | undefined;
}): SitePlace {
  return region === undefined ? { location } : { region };
}

function readRegion(written: string): Reading {
  if (regionForm.test(written)) return { value: written };
  const zone = zoneForm.exec(written)?.[1];
  if (zone !== undefined) return { hint: `write region: ${zone} and zone: ${written}` };
  return { hint: `if it is outside AWS, write location: ${nameLike(written)}` };
}

function readLocation(written: string): Reading {
  if (regionForm.test(written)) return { hint: `write region: ${written}` };
  return nameForm.test(written) ? { value: written } : { hint: `write location: ${nameLike(written)}` };
}

/** The nearest text that can be a name. */
function nameLike(written: string): string {
  const name = written
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 31);
  return nameForm.test(name) && !regionForm.test(name) ? name : 'frankfurt-dc';
}
