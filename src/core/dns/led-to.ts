import { lastResortName, type Service } from '../model/service.ts';
import type { Register } from '../register/register.ts';

/** What the records of a service lead to, by every name that the register may have for it. */
export function ledToBy({ sites, traffic }: Pick<Service, 'sites' | 'traffic'>): readonly string[] {
  const names = Object.entries(sites).flatMap(([site, { renamedFrom }]) => [
    site,
    ...(renamedFrom === undefined ? [] : [renamedFrom]),
  ]);
  return traffic.dns?.lastResort === undefined ? names : [...names, lastResortName];
}

/**
 * Whether a service is served by some sites alone, or is about to be: a run that goes on leads there. Nothing is said
 * of a register in which nobody serves.
 */
export function isOnlyAt({ serving, run }: Pick<Register, 'serving' | 'run'>, sites: readonly string[]): boolean {
  const ends = run?.state === 'running' ? [serving, run.serving] : [serving];
  return ends.some((places) => places.length > 0 && places.every((site) => sites.includes(site)));
}
