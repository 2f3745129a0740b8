import type { Happening } from '../happening.ts';
import { newestAccepted } from '../register/quorum.ts';
import type { Register } from '../register/register.ts';
import { call, type Routine } from '../routine.ts';
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
  if (isWorthSaying) yield* call('log', { happening });
}
