import type { Actuator } from './actuator.ts';
import { isSame } from './same.ts';

/** Fences of the sites of the function's own region, as the service declares them. */
export function isolationsIn(region: string): Actuator<'isolation'> {
  return {
    kind: 'isolation',
    isOwn: ({ site, fence }, { sites }) => {
      const place = Object.hasOwn(sites, site) ? sites[site] : undefined;
      return place?.fence !== undefined && place.region === region && isSame(place.fence, fence);
    },
  };
}
