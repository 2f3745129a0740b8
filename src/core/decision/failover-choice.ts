import type { Decision, DecisionInput } from './decision-input.ts';
import { candidateOrder, explainCandidates, ineligibilities } from './eligibility.ts';
import { isEligibleForOthers } from './group-view.ts';
import { limitedBecause } from './limits.ts';
import { hasFailedForGood, restingSites, setbackOf } from './setback.ts';

/** The candidates that nothing speaks against, for any member of the group, in order. */
function candidatesInGroup({ service, register, knowledge, group }: DecisionInput): readonly string[] {
  return candidateOrder(service, register, knowledge).filter(
    (site) => ineligibilities(service, register, knowledge, site).length === 0 && isEligibleForOthers(group, site),
  );
}

/** Those of them that no move failed to reach lately; any other comes before one that has failed for good. */
export function eligibleInGroup(input: DecisionInput): readonly string[] {
  const resting = restingSites(input);
  const rested = candidatesInGroup(input).filter((site) => !resting.includes(site));
  const isLast = (site: string) => hasFailedForGood(input, site);
  return [...rested.filter((site) => !isLast(site)), ...rested.filter(isLast)];
}

/**
 * The first candidate that no limit stands against; where limits stand against every one, what the first of them says.
 * That the next site may go is no reason to wait for the better one.
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
 * A site that is well but could not be brought to its full size, and may serve with what there is; null when there is
 * none, or when that was tried already. Only where no other site is eligible.
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

/** Why no site is chosen: of each what speaks against it, and what moves met that came to nothing. */
export function explainChoice(input: DecisionInput): string {
  const { service, register, knowledge } = input;
  const resting = restingSites(input);
  const waits = register.setbacks
    .filter(({ site }) => resting.includes(site))
    .map(({ site, step, detail, count }) => {
      const tries = count === 1 ? 'a move' : `${count} moves`;
      return `; ${tries} to ${site} came to nothing (${step}: ${detail}), and it is tried again later`;
    });
  return `${explainCandidates(service, register, knowledge)}${waits.join('')}`;
}
