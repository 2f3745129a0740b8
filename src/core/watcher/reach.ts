import type { Answer } from '../fault.ts';
import type { Placed } from '../kinds/kind.ts';
import { type Desired, kindOf } from '../kinds/kinds.ts';
import type { StepReport } from '../kinds/order.ts';
import { silentWatch } from '../tables/stopwatch.ts';
import type { WatcherState } from './state.ts';

/**
 * Notes whether the functions of a region answer this watcher, for the others to see: they take its work over.
 *
 * A thing of no region can be reached from every region, each by a function with rights of its own. So there a function
 * that was refused or throttled counts as one that does not answer: another region's may do what this one cannot.
 */
export function noteReach(state: WatcherState, { region, desired }: Placed<Desired>, answer: Answer<StepReport>): void {
  const isElsewhereToo = kindOf(desired.kind).isOfNoRegion === true;
  const isDone = answer.ok && !(isElsewhereToo && answer.value.outcome === 'failed');
  if (isDone !== state.unanswered.includes(region)) return;
  state.unanswered = isDone ? state.unanswered.filter((one) => one !== region) : [...state.unanswered, region];
}

/**
 * Notes what an order of a run that this watcher holds was answered with.
 *
 * Any answer of a region begins its silence anew. Its table may be dark and its watcher unheard; all the same it may
 * have been in contact with the others until now.
 */
export function noteAnswer(state: WatcherState, placed: Placed<Desired>, answer: Answer<StepReport>): void {
  noteReach(state, placed, answer);
  if (!hasAnswered(answer)) return;
  const others = Object.entries(state.stopwatches).filter(([name]) => name !== silentWatch(placed.region));
  state.stopwatches = Object.fromEntries(others);
}

/** Whether anything in the region answered. A refusal counts too, because it comes from a living function or API. */
export function hasAnswered(answer: Answer<StepReport>): boolean {
  return (
    answer.ok || answer.fault.kind === 'throttled' || answer.fault.kind === 'denied' || answer.fault.kind === 'invalid'
  );
}
