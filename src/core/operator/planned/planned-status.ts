import { plannedOutlook } from '../../calendar/planned-outlook.ts';
import type { DecisionInput } from '../../decision/decision-input.ts';
import type { PlannedSwitchover } from '../../register/planned-switchover.ts';

/** A planned switchover as status shows it. */
export interface PlannedStatus extends PlannedSwitchover {
  /** What stands in its way, or will make the watchers drop it; null while its time has not come, or nothing does. */
  readonly waitsFor: string | null;
}

/** The planned switchover of a service; null when there is none. */
export function plannedStatus(input: DecisionInput): PlannedStatus | null {
  const { planned } = input.register;
  if (planned === undefined) return null;
  const outlook = plannedOutlook(input);
  return { ...planned, waitsFor: outlook !== null && 'why' in outlook ? outlook.why : null };
}
