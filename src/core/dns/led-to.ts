import { lastResortName, type Service } from '../model/service.ts';

/** What the records of a service lead to, by every name that the register may have for it. */
export function ledToBy({ sites, traffic }: Pick<Service, 'sites' | 'traffic'>): readonly string[] {
  const names = Object.entries(sites).flatMap(([site, { renamedFrom }]) => [
    site,
    ...(renamedFrom === undefined ? [] : [renamedFrom]),
  ]);
  return traffic.dns?.lastResort === undefined ? names : [...names, lastResortName];
}
