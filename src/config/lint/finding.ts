import type { Deployment } from '../../core/model/deployment.ts';
import { placeOf } from '../../core/model/place.ts';
import type { NamedService } from '../../core/model/service.ts';

/** A weakness: something that fails together with one lost region, or that makes a move useless. */
export interface LintFinding {
  /** Stable name, by which the finding can be accepted. */
  readonly name: string;
  /** Dotted path of the part that the finding is about. */
  readonly path: string;
  /** What was found. */
  readonly what: string;
  /** What stops working, and when which region is lost. */
  readonly breaks: string;
  readonly hint: string;
  /** The user's reason for accepting it; null while it is not accepted. */
  readonly acceptedBecause: string | null;
}

/** A finding without its name and acceptance. */
export type BareFinding = Omit<LintFinding, 'name' | 'acceptedBecause'>;

/** One thing to look for. */
export interface LintRule {
  /** At most 31 characters, so that it can be a key of `accept`. */
  readonly name: string;
  /** What it looks for, in one sentence, for documents. */
  readonly about: string;
  /** Why that is a weakness, in one sentence, for documents. */
  readonly reason: string;
  readonly check: (deployment: Deployment) => readonly BareFinding[];
}

/** A check of each service by itself. */
export function eachService(
  check: (service: NamedService, at: string, deployment: Deployment) => readonly BareFinding[],
): LintRule['check'] {
  return (deployment) =>
    Object.entries(deployment.services).flatMap(([name, service]) =>
      check({ name, ...service }, `services.${name}`, deployment),
    );
}

/** A list of names in a sentence: `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Regions and locations of the sites of a service, each once, in the order of its sites. */
export function placesOf({ sites }: Pick<NamedService, 'sites'>): readonly string[] {
  return [...new Set(Object.values(sites).map(placeOf))];
}

/** AWS regions of the sites of a service, each once, in the order of its sites. */
export function siteRegionsOf({ sites }: Pick<NamedService, 'sites'>): readonly string[] {
  return [...new Set(Object.values(sites).flatMap(({ region }) => region ?? []))];
}
