import { newEvent } from '../alerting/event.ts';
import type { SiteObservation } from '../detection/observation.ts';
import type { NamedService } from '../model/service.ts';
import { all, call, type Routine, readTime, spawn } from '../routine.ts';
import { longestProbeMs } from '../timing.ts';
import { raise, resolve } from './alert-memory.ts';
import { publishOpinions } from './opinion-writing.ts';
import { fold, observeSite, type Seen } from './site-observing.ts';
import { mayAct, type WatcherState } from './state.ts';
import { suspectSites } from './suspicion.ts';

const unseen: SiteObservation = {
  outcome: 'unknown',
  reason: null,
  isCorroboratedAlive: false,
  report: {},
  latencyMs: null,
  isPartial: false,
  dependencies: [],
};

/**
 * Probes every site that is due and folds the results into the watcher's tracks, separately for each service.
 *
 * It waits for the services whose probes end inside the tick. A service with a longer interval may have longer probes.
 * Those go on during the next ticks and count when they end, so that a hanging site of that service delays no other
 * service.
 */
export function* observe(state: WatcherState): Routine<void> {
  const due = state.services.filter((service) => isDue(state, service) && !state.observing.has(service.name));
  const slow = due.filter((service) => isSlow(state, service));
  for (const service of slow) yield* spawn(observeService(state, service));
  yield* all(due.filter((service) => !slow.includes(service)).map((service) => observeService(state, service)));
}

/** Whether probes of a service may outlast a tick. */
function isSlow(state: WatcherState, service: NamedService): boolean {
  return longestProbeMs(service) >= state.tickMs;
}

/**
 * Probes the sites of one service at once.
 *
 * When none of them passes, the watcher checks itself first. Without a network connection every site looks down from
 * here, so its observations are then `unknown`.
 */
function* observeService(state: WatcherState, service: NamedService): Routine<void> {
  state.observing.add(service.name);
  const { monotonicMs: beganMs } = yield* readTime();
  const seen = yield* all(
    Object.entries(service.sites).map(function* ([site, place]): Routine<Seen> {
      const observation = yield* observeSite(state, service, site, place);
      return { site, observation, beganMs, isExtra: false };
    }),
  );
  const isBlind = yield* isBlindAfter(state, service, seen);
  const { wallMs } = yield* readTime();
  let hasChanged = false;
  for (const each of seen) {
    const isChange = yield* fold(state, service, isBlind ? { ...each, observation: unseen } : each, wallMs);
    hasChanged = hasChanged || isChange;
  }
  state.observing.delete(service.name);
  // The tick publishes what was observed inside it. An observation that ends between ticks is published at once.
  if (hasChanged && isSlow(state, service) && mayAct(state)) yield* spawn(publishOpinions(state));
  yield* suspectSites(state, service, beganMs + service.detection.intervalMs);
}

/** Services with a longer interval than the tick are probed every so many ticks. */
function isDue(state: WatcherState, service: NamedService): boolean {
  return state.ticks % Math.max(1, Math.round(service.detection.intervalMs / state.tickMs)) === 0;
}

function* isBlindAfter(state: WatcherState, service: NamedService, seen: readonly Seen[]): Routine<boolean> {
  const hasFailure = seen.some(({ observation }) => observation.outcome === 'fail');
  const hasPass = seen.some(({ observation }) => observation.outcome === 'pass');
  const name = `self-check:${service.name}`;
  // An answer from any site shows that the network works, so an alert of the self-check is resolved.
  if (hasPass) resolve(state, name);
  if (!state.setup.hasSelfCheck || !hasFailure || hasPass) return false;
  const answer = yield* call('checkSelf', {});
  const isBlind = !answer.ok || !answer.value.isConnected;
  yield* raise(
    state,
    name,
    isBlind ? 'blind' : 'connected',
    () => newEvent('self-check-failed', null, 'no control target answers; everything seen from here is unknown'),
    isBlind,
  );
  return isBlind;
}
