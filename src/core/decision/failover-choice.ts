import type { NamedService } from '../model/service.ts';
import type { Decision, DecisionInput } from './decision-input.ts';
import { candidateOrder, explainCandidates, ineligibilities } from './eligibility.ts';
import { explainOthers, isEligibleForOthers } from './group-view.ts';
import { limitedBecause } from './limits.ts';
import { hasFailedForGood, restingSites, setbackOf } from './setback.ts';

/** The candidates that are eligible for every member of the group, in order. */
function candidatesInGroup({ service, register, knowledge, group }: DecisionInput): readonly string[] {
  return candidateOrder(service, register, knowledge).filter(
    (site) => ineligibilities(service, register, knowledge, site).length === 0 && isEligibleForOthers(group, site),
  );
}

/**
 * The eligible candidates that no recent move failed to reach. A site that has failed for good comes after all others.
 */
export function eligibleInGroup(input: DecisionInput): readonly string[] {
  const resting = restingSites(input);
  const rested = candidatesInGroup(input).filter((site) => !resting.includes(site));
  const isLast = (site: string) => hasFailedForGood(input, site);
  return [...rested.filter((site) => !isLast(site)), ...rested.filter(isLast)];
}

/**
 * The first candidate that no limit forbids. When limits forbid all candidates, `limit` is the limit of the first one.
 * A limit on a better site is no reason to wait while another site is allowed.
 */
export function chooseForFailover(input: DecisionInput): {
  readonly to: string | null;
  readonly limited: Decision | null;
} {
  const from = input.register.active;
  const eligible = eligibleInGroup(input);
  const limits = eligible.map((to) => limitedBecause(input, { kind: 'failover', from, to }));
  const to = eligible.find((_, index) => limits[index] === null) ?? null;
  return { to, limited: to === null ? (limits[0] ?? null) : null };
}

/**
 * A site that is well but could not be brought to its full size, and that may serve at its present size. It is chosen
 * only when no other site is eligible. Null when there is none, or when this was tried already.
 */
export function chooseShort(input: DecisionInput): string | null {
  const { service, register } = input;
  if (service.failover.onStartFailure !== 'serve-as-is') return null;
  const from = register.active;
  const isShort = (site: string) => {
    const setback = setbackOf(register, site);
    return setback?.step === 'start' && setback.kind === 'move' && input.knowledge.verdicts[site] === 'up';
  };
  return (
    candidatesInGroup(input).find(
      (to) => isShort(to) && limitedBecause(input, { kind: 'failover', from, to }) === null,
    ) ?? null
  );
}

/** Why no site is chosen: the reasons against each site, and the failures of earlier moves. */
export function explainChoice(input: DecisionInput): string {
  const { service, register, knowledge, group } = input;
  const resting = restingSites(input);
  const elseWhy = (site: string) =>
    explainOthers(group, site) ?? (resting.includes(site) ? 'waits after a move that failed' : null);
  const waits = register.setbacks
    .filter(({ site }) => resting.includes(site))
    .map(({ site, step, detail, count }) => {
      const tries = count === 1 ? 'a move' : `${count} moves`;
      return `; ${tries} to ${site} failed (${step}: ${detail}); it is tried again later`;
    });
  return `${explainCandidates(service, register, knowledge, undefined, elseWhy)}${waits.join('')}`;
}

/**
 * Why clients are at the static endpoint, in words. A deployment may take it out of the configuration while it serves:
 * then it serves on, and people have to know why their deployment of the records waits.
 */
export function explainLastResort({ traffic }: Pick<NamedService, 'traffic'>): string {
  const { dns } = traffic;
  const serves = 'every site is down; the static endpoint serves';
  if (dns === undefined || dns.lastResort !== undefined) return serves;
  const what = `${serves}, which this configuration has no more`;
  return dns.mode === 'records'
    ? what
    : `${what}: the deployment of the records waits until a site serves, ten minutes`;
}
