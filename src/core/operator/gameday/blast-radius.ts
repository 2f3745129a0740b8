import type { Deployment } from '../../model/deployment.ts';
import { groupOf } from '../../model/group.ts';
import type { Register } from '../../register/register.ts';

/** What the fault of a game day takes away: one site, wherever it has this name, or a whole region. */
export type FaultScope =
  | { readonly kind: 'site'; readonly site: string; readonly region: string | null }
  | { readonly kind: 'region'; readonly region: string };

/** A service that the fault reaches besides the one that is rehearsed. */
export interface Hit {
  readonly service: string;
  /** Sites of it that are hit; none where it only follows another member of its group. */
  readonly sites: readonly string[];
  /** Whether the fault takes a site that serves; `unknown` where its register cannot be read. */
  readonly moves: 'yes' | 'no' | 'unknown';
  /** Why it is reached, in a few words. */
  readonly why: string;
}

/** What is read of a register to see who would be hit; null where it cannot be read. */
export type Served = Pick<Register, 'active' | 'serving'> | null;

/**
 * The other services that a fault reaches, in the order of the configuration.
 *
 * A site of the same name counts as the same place. One in the same region under another name is told too: a fault of
 * that region would reach it, and nobody here knows how far a fault really goes.
 *
 * @param named - the service that the game day is for
 */
export function blastRadius(
  deployment: Deployment,
  registers: Readonly<Record<string, Served>>,
  scope: FaultScope,
  named: string,
): readonly Hit[] {
  const group = groupOf(deployment, named);
  return Object.entries(deployment.services).flatMap(([service, { sites }]): readonly Hit[] => {
    if (service === named) return [];
    const hit = Object.entries(sites).flatMap(([site, { region }]) => (isHit(scope, site, region) ? [site] : []));
    if (hit.length > 0)
      return [{ service, sites: hit, moves: movesOf(registers[service] ?? null, hit), why: whyOf(scope) }];
    if (group !== null && Object.hasOwn(group.members, service)) {
      return [{ service, sites: [], moves: 'yes', why: `follows in group ${group.name}` }];
    }
    const near = Object.entries(sites).flatMap(([site, place]) =>
      place.region !== undefined && place.region === scope.region ? [site] : [],
    );
    return near.length === 0
      ? []
      : [{ service, sites: near, moves: 'no', why: `also in ${scope.region}, under another name` }];
  });
}

/** Services that may move and were not named as ones that may; empty when the fault may begin. */
export function unnamedMovers(hits: readonly Hit[], allowed: readonly string[]): readonly string[] {
  return hits.flatMap(({ service, moves }) => (moves === 'no' || allowed.includes(service) ? [] : [service]));
}

function isHit(scope: FaultScope, site: string, region: string | undefined): boolean {
  return scope.kind === 'region' ? region === scope.region : site === scope.site && (region ?? null) === scope.region;
}

function movesOf(register: Served, hit: readonly string[]): Hit['moves'] {
  if (register === null) return 'unknown';
  return [register.active, ...register.serving].some((site) => hit.includes(site)) ? 'yes' : 'no';
}

function whyOf(scope: FaultScope): string {
  return scope.kind === 'region' ? `has sites in ${scope.region}` : `has a site ${scope.site} too`;
}
