import type { Deployment } from '../../core/model/deployment.ts';
import { closest } from '../closest-word.ts';
import { detectionLintRules } from './detection.ts';
import { failoverLintRules } from './failover.ts';
import type { LintFinding, LintRule } from './finding.ts';
import { noticeLintRules } from './notice.ts';
import { regionLintRules } from './region.ts';
import { sharingLintRules } from './sharing.ts';

export type { LintFinding };

/** Everything that is looked for, in the order in which it is reported. */
export const lintRules: readonly LintRule[] = [
  ...regionLintRules,
  ...detectionLintRules,
  ...sharingLintRules,
  ...failoverLintRules,
  ...noticeLintRules,
];

/** Name of the finding about an acceptance of what was not found; it cannot be accepted itself. */
export const staleAcceptance = 'stale-acceptance';

/**
 * What one lost region would take with it, although the configuration is valid.
 *
 * Sees what the configuration says and nothing else: not where an address is, and no attribute of a load balancer.
 *
 * @returns accepted findings too, each with the user's reason; those with `acceptedBecause` null are open
 */
export function lintDeployment(deployment: Deployment): readonly LintFinding[] {
  const { accept } = deployment;
  const found = lintRules.flatMap(({ name, check }) =>
    check(deployment).map((bare): LintFinding => {
      const acceptedBecause = Object.hasOwn(accept, name) ? (accept[name] ?? null) : null;
      return { name, ...bare, acceptedBecause };
    }),
  );
  const names = new Set(found.map(({ name }) => name));
  const stale = Object.keys(accept).filter((name) => !names.has(name));
  return [...found, ...stale.map(staleFinding)];
}

/** The findings that nobody has accepted. */
export function openFindings(deployment: Deployment): readonly LintFinding[] {
  return lintDeployment(deployment).filter(({ acceptedBecause }) => acceptedBecause === null);
}

/** One finding in one line, without its file. */
export function findingText({ name, path, what, breaks, hint }: LintFinding): string {
  return `${name}: ${path}: ${what}; ${breaks}; ${hint}`;
}

function staleFinding(name: string): LintFinding {
  const known = lintRules.map((rule) => rule.name);
  const near = known.includes(name) ? null : closest(name, known);
  return {
    name: staleAcceptance,
    path: `accept.${name}`,
    what: known.includes(name) ? `${name} is accepted but not found` : `there is no finding of the name ${name}`,
    breaks: known.includes(name)
      ? 'nothing now; when it comes back, nobody would be told'
      : 'nothing is accepted by it',
    hint: near === null ? 'take it out' : `did you mean ${near}? otherwise take it out`,
    acceptedBecause: null,
  };
}
