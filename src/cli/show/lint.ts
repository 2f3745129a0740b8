import type { LintFinding } from '../../config/lint/finding.ts';

/** A block a finding that is open, then one line for each that was accepted, with its reason. */
export function showLint(findings: readonly LintFinding[]): string {
  const open = findings.filter(({ acceptedBecause }) => acceptedBecause === null).map(showOpen);
  const accepted = findings.flatMap(({ name, path, acceptedBecause }) =>
    acceptedBecause === null ? [] : [`  accepted: ${name} at ${path}: ${acceptedBecause}`],
  );
  return [...open, ...accepted].join('\n');
}

function showOpen({ name, path, what, breaks, hint }: LintFinding): string {
  return [`  ${name} at ${path}`, `    found   ${what}`, `    breaks  ${breaks}`, `    way out ${hint}`].join('\n');
}
