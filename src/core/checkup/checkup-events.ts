import { type FailoverEvent, newEvent } from '../alerting/event.ts';
import { type Check, type CheckState, checkStates } from './check.ts';

/**
 * What the hourly checkup writes into its log: one line with how many checks found what, then one a finding.
 *
 * @param checks - all of them; what is well is only counted
 */
export function checkupEvents(
  checks: readonly Check[],
): readonly [checkup: FailoverEvent, ...findings: FailoverEvent[]] {
  const counts = countStates(checks);
  const said = checkStates.filter((state) => counts[state] > 0).map((state) => `${counts[state]} ${state}`);
  return [
    newEvent('checkup', null, `would a failover work now: ${said.join(', ')}`, { data: counts }),
    ...checks.filter(({ state }) => state !== 'ok').map(findingEvent),
  ];
}

/** How many checks found something bad, as a checkup says it; null for any other event. */
export function badIn({ kind, data }: FailoverEvent): number | null {
  return kind === 'checkup' && typeof data.bad === 'number' ? data.bad : null;
}

function countStates(checks: readonly Check[]): Readonly<Record<CheckState, number>> {
  const count = (state: CheckState) => checks.filter((check) => check.state === state).length;
  return { bad: count('bad'), doubtful: count('doubtful'), unknown: count('unknown'), ok: count('ok') };
}

function findingEvent({ name, subject, state, found, todo }: Check): FailoverEvent {
  const detail = `${state.toUpperCase()} ${name} of ${subject}: ${found}`;
  return newEvent('finding', null, detail, { data: { state, check: name, subject, todo } });
}
