import type { PlannedSwitchover } from '../register/planned-switchover.ts';
import type { HistoryEntry } from '../register/register.ts';
import { secondOf } from './pause.ts';

/** How a plan ended that did not begin its switchover. */
export type PlanEnd =
  | { readonly kind: 'cancelled'; readonly by: string }
  | { readonly kind: 'dropped'; readonly why: string };

/** A plan in a few words, which also name it in the history. */
export function describePlanned({ from, to, atMs }: Pick<PlannedSwitchover, 'from' | 'to' | 'atMs'>): string {
  return `switchover ${from} > ${to} planned for ${secondOf(atMs)}`;
}

/** The line of the history that says that a person took a plan back. */
export function cancelledLine(plan: PlannedSwitchover): string {
  return `${describePlanned(plan)}: cancelled`;
}

/** The line of the history that says that a plan was dropped, and why. */
export function droppedLine(plan: PlannedSwitchover, why: string): string {
  return `${describePlanned(plan)}: dropped, ${why}`;
}

/**
 * How a plan ended that the register no longer holds, by the history; null when its switchover has begun, or when the
 * history does not reach so far back.
 */
export function endOfPlan(plan: PlannedSwitchover, history: readonly HistoryEntry[]): PlanEnd | null {
  const dropped = droppedLine(plan, '');
  for (const { what, by } of history) {
    if (what === cancelledLine(plan)) return { kind: 'cancelled', by };
    if (what.startsWith(dropped)) return { kind: 'dropped', why: what.slice(dropped.length) };
  }
  return null;
}

/** A plan as status shows it: where, when, until when, by whom and why. */
export function plannedText({ to, atMs, latestMs, by, reason }: PlannedSwitchover): string {
  return `switchover to ${to} at ${secondOf(atMs)}, until ${secondOf(latestMs)}, by ${by}: ${reason}`;
}
