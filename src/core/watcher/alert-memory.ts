import { alertOf } from '../alerting/alert.ts';
import { alertCatalogue } from '../alerting/catalogue.ts';
import type { FailoverEvent } from '../alerting/event.ts';
import { recordOf } from '../record.ts';
import { type Holder, newestAccepted } from '../register/quorum.ts';
import type { Register } from '../register/register.ts';
import { call, nothingToDo, type Routine, readTime } from '../routine.ts';
import { notifyOnce } from './notifying.ts';
import type { WatcherState } from './state.ts';

/** The newest value of a register among what the tables showed last, with its ballot; null when they show none. */
export function newestHolder(state: WatcherState, service: string): Holder | null {
  const { controlRegions } = state.setup.deployment;
  return newestAccepted(recordOf(controlRegions, (region) => state.reads.get(region)?.view.acceptors[service]));
}

/** The newest value of a register that this watcher has ever seen, decided or not; null when it has seen none. */
export function knownRegister(state: WatcherState, service: string): Register | null {
  return state.memories.get(service)?.newest?.register ?? null;
}

/**
 * Logs an event under a name, once for as long as its value stays the same.
 *
 * When the event raises an alarm that lasts, it is a raised alert until something else is logged under the name.
 * `notifyRaisedAlerts` and the pulse read the raised alerts.
 *
 * @param tell - makes the event; asked only when there is something to log, for at nearly every tick there is nothing
 * @param isReported - whether the event is logged; false only remembers the value, for example when an alert has ended
 */
export function raise(
  state: WatcherState,
  name: string,
  value: string,
  tell: () => FailoverEvent,
  isReported = true,
): Routine<void> {
  return state.logged.get(name) === value ? nothingToDo : raiseNews(state, name, value, tell, isReported);
}

function* raiseNews(
  state: WatcherState,
  name: string,
  value: string,
  tell: () => FailoverEvent,
  isReported: boolean,
): Routine<void> {
  state.logged.set(name, value);
  if (!isReported) {
    state.raisedAlerts.delete(name);
    return;
  }
  const event = tell();
  const alarm = alertOf(event);
  const isLasting = alarm !== null && alertCatalogue[alarm].isLasting;
  const before = state.raisedAlerts.get(name);
  if (!isLasting) state.raisedAlerts.delete(name);
  else {
    const isSame = before?.alarm === alarm;
    const sinceMs = isSame ? before.sinceMs : (yield* readTime()).monotonicMs;
    state.raisedAlerts.set(name, { alarm, event, sinceMs, isHeldBack: isSame && before.isHeldBack });
  }
  yield* call('log', { event });
  if (alarm !== null && !isLasting) yield* notifyOnce(state, event);
}

/** Forgets what was logged under a name, because it is no longer true. */
export function resolve(state: WatcherState, name: string): void {
  state.logged.delete(name);
  state.raisedAlerts.delete(name);
}
