import type { Deployment } from '../../core/model/deployment.ts';
import type { Service } from '../../core/model/service.ts';
import type { Path } from '../document.ts';

/** A rule that a configuration breaks, and where. */
export interface Breach {
  readonly path: Path;
  readonly found: string | null;
  readonly allowed: string;
  /** What to do, or why; null when `allowed` says enough. */
  readonly hint: string | null;
}

/** A rule about one service. */
export interface ServiceRule {
  /** The rule in one sentence, for documents. */
  readonly about: string;
  /** @param path - path of the service in the configuration */
  readonly check: (service: Service, path: Path, deployment: Deployment) => readonly Breach[];
}

/** A rule about the deployment as a whole. */
export interface DeploymentRule {
  readonly about: string;
  readonly check: (deployment: Deployment) => readonly Breach[];
}

/** Puts a broken rule into words. */
export function breach(path: Path, found: string | null, allowed: string, hint: string | null): Breach {
  return { path, found, allowed, hint };
}

/** Values that two owners claim: `[value, first owner, second owner]`. */
export function claimedTwice(
  claims: readonly (readonly [value: string, owner: string])[],
): readonly (readonly [value: string, first: string, second: string])[] {
  const owners = new Map<string, string>();
  return claims.flatMap(([value, owner]) => {
    const first = owners.get(value) ?? owner;
    owners.set(value, first);
    return first === owner ? [] : [[value, first, owner] as const];
  });
}

/** Names that are no site of the service; one breach each. */
export function unknownSites(
  mentioned: Readonly<Record<string, unknown>>,
  sites: Service['sites'],
  path: Path,
): readonly Breach[] {
  return Object.keys(mentioned)
    .filter((site) => !Object.hasOwn(sites, site))
    .map((site) => breach([...path, site], site, `a site of the service: ${Object.keys(sites).join(', ')}`, null));
}
