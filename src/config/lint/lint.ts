import type { Deployment } from '../../core/model/deployment.ts';
import { closest } from '../closest-word.ts';
import { acceleratorLintRules } from './accelerator.ts';
import { aliasLintRules } from './alias.ts';
import { backupLintRules } from './backup.ts';
import { concurrencyLintRules } from './concurrency.ts';
import { detectionLintRules } from './detection.ts';
import { edgeLintRules } from './edge.ts';
import { failoverLintRules } from './failover.ts';
import type { LintFinding, LintRule } from './finding.ts';
import { lagLintRules } from './lag.ts';
import { notificationLintRules } from './notification.ts';
import { oracleLintRules } from './oracle.ts';
import { readingLintRules } from './reading.ts';
import { regionLintRules } from './region.ts';
import { regionNameLintRules } from './region-names.ts';
import { sharingLintRules } from './sharing.ts';
import { urlLintRules } from './url.ts';

export type { LintFinding };

/** All lint rules, in the order of the report. */
export const lintRules: readonly LintRule[] = [
  ...regionNameLintRules,
  ...regionLintRules,
  ...oracleLintRules,
  ...concurrencyLintRules,
  ...detectionLintRules,
  ...readingLintRules,
  ...sharingLintRules,
  ...urlLintRules,
  ...aliasLintRules,
  ...acceleratorLintRules,
  ...edgeLintRules,
  ...failoverLintRules,
  ...lagLintRules,
  ...backupLintRules,
  ...notificationLintRules,
];

/** Name of the finding about an acceptance without a finding. It cannot be accepted itself. */
export const staleAcceptance = 'stale-acceptance';

/**
 * Finds weaknesses of a valid configuration: what one lost region would take down with it.
 *
 * It sees only the configuration: not where an IP address is, nor the attributes of a load balancer.
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
      ? 'nothing now; if the finding came back, nobody would be notified'
      : 'nothing is accepted by it',
    hint: near === null ? 'take it out' : `did you mean ${near}? otherwise take it out`,
    acceptedBecause: null,
  };
}
