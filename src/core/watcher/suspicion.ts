import { suspicionPauseMs } from '../detection/suspicion.ts';
import type { NamedService } from '../model/service.ts';
import type { Site } from '../model/site.ts';
import { watchedSites } from '../register/register.ts';
import { call, pause, type Routine, readTime, spawn } from '../routine.ts';
import { longestProbeMs } from '../timing.ts';
import { knownRegister } from './alert-memory.ts';
import { publishOpinions } from './opinion-writing.ts';
import { reconcileServices } from './reconciliation.ts';
import { fold, foldedTrack, observeSite, type Seen, trackOf } from './site-observing.ts';
import { mayAct, type WatcherState } from './state.ts';

/**
 * Probes the serving sites that this watcher suspects, repeatedly until the next tick, each site separately.
 *
 * Only a site that clients are sent to, that has failed and is not yet `down`, is probed between ticks. Each round of
 * probes begins `suspectIntervalMs` after the last answer. So an overloaded site gets from one watcher at most `1000 /
 * suspectIntervalMs` rounds a second besides those of the ticks. Source: `fastinter` of HAProxy, Configuration Manual,
 * "inter"; ADR "Suspicion".
 *
 * @param untilMs - own monotonic time of the service's next tick, which does not wait for this routine
 */
export function* suspectSites(state: WatcherState, service: NamedService, untilMs: number): Routine<void> {
  for (const [name, site] of Object.entries(service.sites)) {
    const key = `${service.name}/${name}`;
    if (!isInDoubt(state, service, name) || state.suspecting.has(key)) continue;
    state.suspecting.add(key);
    yield* spawn(suspect(state, service, name, site, untilMs));
  }
}

/** Whether more probes are useful: the site serves, has failed, and is not yet known to be down. */
function isInDoubt(state: WatcherState, service: NamedService, site: string): boolean {
  const register = knownRegister(state, service.name);
  const { failureStreak, opinion } = trackOf(state, service, site);
  const isServing = register !== null && watchedSites(service.mode, register).includes(site);
  return mayAct(state) && isServing && failureStreak > 0 && opinion !== 'down';
}

function* suspect(
  state: WatcherState,
  service: NamedService,
  name: string,
  site: Site,
  untilMs: number,
): Routine<void> {
  let newestMs = state.observedMs.get(`${service.name}/${name}`) ?? 0;
  for (;;) {
    const { monotonicMs: nowMs } = yield* readTime();
    const countedMs = state.observedMs.get(`${service.name}/${name}`) ?? nowMs;
    const times = { nowMs, newestMs, countedMs };
    const waitMs = suspicionPauseMs(trackOf(state, service, name), service.detection, times);
    if (!isInDoubt(state, service, name) || nowMs + waitMs >= untilMs) break;
    yield* pause(waitMs);
    const { monotonicMs: beganMs } = yield* readTime();
    if (!isInDoubt(state, service, name) || beganMs >= untilMs) break;
    newestMs = beganMs;
    yield* probeAgain(state, service, name, site, beganMs);
  }
  state.suspecting.delete(`${service.name}/${name}`);
}

function* probeAgain(
  state: WatcherState,
  service: NamedService,
  name: string,
  site: Site,
  beganMs: number,
): Routine<void> {
  const observation = yield* observeSite(state, service, name, site);
  const seen: Seen = { site: name, observation, beganMs, isExtra: true };
  const { monotonicMs, wallMs } = yield* readTime();
  const isLate = monotonicMs - beganMs > longestProbeMs(service) + state.tickMs;
  // A process that slept, or a prober that could not probe, has observed nothing.
  if (isLate || observation.outcome === 'unknown' || (yield* isOwnFault(state, service, seen))) return;
  const hasChanged = yield* fold(state, service, seen, wallMs);
  if (!mayAct(state)) return;
  // Published at once, so that the quorum does not wait for a tick, and a successor continues from the newest count.
  yield* spawn(publishOpinions(state));
  if (hasChanged) yield* reconcileServices(state);
}

/**
 * Whether a failure that would make the site `down` is this watcher's own fault: it may have lost its network
 * connection since the last tick, when other sites were probed too. Such a failure is ignored; the ticks go on.
 */
function* isOwnFault(state: WatcherState, service: NamedService, seen: Seen): Routine<boolean> {
  const wouldBe = foldedTrack(state, service, seen)?.opinion;
  if (!state.setup.hasSelfCheck || wouldBe !== 'down' || trackOf(state, service, seen.site).opinion === 'down') {
    return false;
  }
  const answer = yield* call('checkSelf', {});
  return !answer.ok || !answer.value.isConnected;
}
