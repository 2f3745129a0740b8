import { lastResortName } from '../src/core/model/service.ts';
import type { Actuator } from './actuator.ts';
import { isSame } from './same.ts';

/**
 * Promotions of the data that a service declares, to a site of the function's own region.
 *
 * @param region - of the function. An order for another region's site would be carried out from where the site that
 *   failed may be
 */
export function promotionsIn(region: string): Actuator<'promotion'> {
  return {
    kind: 'promotion',
    isOwn: ({ data, from, to }, service) =>
      service.data !== undefined &&
      isSame(data, service.data) &&
      (from === lastResortName || Object.hasOwn(service.sites, from)) &&
      Object.hasOwn(service.sites, to) &&
      service.sites[to]?.region === region,
  };
}
