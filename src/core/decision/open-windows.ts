import { type Decision, type DecisionInput, hold, type MoveDecision } from './decision-input.ts';

/** Runs that bring a well site back, or that a person has planned: nothing is wrong without them. */
const plannedRuns: readonly MoveDecision['run'][] = ['failback', 'readmit', 'switchover'];

/** Runs that end what was begun, or follow it. They are never held back: a half-done move is worse than any move. */
const endingRuns: readonly MoveDecision['run'][] = ['recover', 'follow'];

/** The input with the sites whose window of work is open counted among those in maintenance. For deciding only. */
export function withMaintenance(input: DecisionInput): DecisionInput {
  const sites = (input.calendar?.maintenance ?? []).map(({ site }) => site);
  if (sites.length === 0) return input;
  const maintenance = [...new Set([...input.register.maintenance, ...sites])].sort();
  return { ...input, register: { ...input.register, maintenance } };
}

/** What an open window of `freeze` makes of a move; null when it may happen. */
export function frozenBecause(
  { calendar }: Pick<DecisionInput, 'calendar'>,
  { run, to }: Pick<MoveDecision, 'run' | 'to'>,
): Decision | null {
  const freeze = calendar?.freeze ?? null;
  if (freeze === null || endingRuns.includes(run)) return null;
  if (freeze.moves === 'planned' && !plannedRuns.includes(run)) return null;
  const until = new Date(freeze.untilMs).toISOString().replace(/:\d\d\.\d+Z$/, 'Z');
  const detail = `the ${run} to ${to} waits: frozen until ${until}`;
  if (run === 'switchover') return hold('planned-waits', detail);
  return plannedRuns.includes(run) ? hold('failback-waits', detail) : hold('frozen', detail);
}
