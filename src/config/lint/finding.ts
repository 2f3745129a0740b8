import type { Deployment } from '../../core/model/deployment.ts';
import type { NamedService } from '../../core/model/service.ts';

/** Something that one lost region would take with it, or that would keep a move from helping. */
export interface LintFinding {
  /** Stable; by it the finding is accepted. */
  readonly name: string;
  /** Dotted path of what it is about. */
  readonly path: string;
  /** What was found. */
  readonly what: string;
  /** What stops working when which region is lost. */
  readonly breaks: string;
  readonly hint: string;
  /** Reason for which the user accepts it; null while nobody has. */
  readonly acceptedBecause: string | null;
}

/** A finding before it has a name and before anybody has accepted it. */
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

/** Names as a sentence lists them: `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Regions of the sites of a service, each once, in the order of its sites. */
export function siteRegionsOf({ sites }: Pick<NamedService, 'sites'>): readonly string[] {
  return [...new Set(Object.values(sites).map(({ region }) => region))];
}
