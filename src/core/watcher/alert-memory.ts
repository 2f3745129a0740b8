import { alarmOf } from '../alerting/alert.ts';
import { alarmCatalog } from '../alerting/catalogue.ts';
import type { Happening } from '../alerting/event.ts';
import { newestAccepted } from '../register/quorum.ts';
import type { Register } from '../register/register.ts';
import { call, type Routine, readTime } from '../routine.ts';
import { tellOnce } from './notifying.ts';
import type { WatcherState } from './state.ts';

/** The newest value of a register in this watcher's memory, decided or not; null when it has seen none. */
export function knownRegister(state: WatcherState, service: string): Register | null {
  const states = state.setup.deployment.controlRegions.map(
    (region) => state.sights.get(region)?.view.acceptors[service] ?? null,
  );
  return newestAccepted(states)?.accepted ?? null;
}

/**
 * Logs a happening once for as long as what it says under a name stays the same.
 *
 * When it raises an alarm that lasts, it is a trouble until something else is said under the name: `tellTroubles` and the
 * pulse go by that.
 *
 * @param isWorthSaying - false only remembers, as when a trouble has ended
 */
export function* say(
  state: WatcherState,
  name: string,
  value: string,
  happening: Happening,
  isWorthSaying = true,
): Routine<void> {
  if (state.said.get(name) === value) return;
  state.said.set(name, value);
  const alarm = isWorthSaying ? alarmOf(happening) : null;
  const isLasting = alarm !== null && alarmCatalog[alarm].isLasting;
  const before = state.troubles.get(name);
  if (!isLasting) state.troubles.delete(name);
  else {
    const isSame = before?.alarm === alarm;
    const sinceMs = isSame ? before.sinceMs : (yield* readTime()).monotonicMs;
    state.troubles.set(name, { alarm, happening, sinceMs, isHeldBack: isSame && before.isHeldBack });
  }
  if (isWorthSaying) yield* call('log', { happening });
  if (alarm !== null && !isLasting) yield* tellOnce(state, happening);
}

/** Makes a name as if nothing had been said under it: what it was about is no longer so. */
export function unsay(state: WatcherState, name: string): void {
  state.said.delete(name);
  state.troubles.delete(name);
}
