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
 * Probes the serving sites of a service that this watcher suspects again and again until the next tick, each by itself.
 *
 * Health costs nothing, suspicion costs probes: only a site that clients are sent to, that has failed and is not yet
 * `down` is probed between ticks, one probe of it at a time, `suspectIntervalMs` after each answer. So a site that is
 * overloaded gets from one watcher no more than `1000 / suspectIntervalMs` rounds a second besides the ticks'. Source:
 * `fastinter` of HAProxy, Configuration Manual, "inter"; ADR "Suspicion".
 *
 * @param untilMs - own monotonic time of the service's next tick, which goes on whatever happens here
 */
export function* suspectSites(state: WatcherState, service: NamedService, untilMs: number): Routine<void> {
  for (const [name, site] of Object.entries(service.sites)) {
    const key = `${service.name}/${name}`;
    if (!isInDoubt(state, service, name) || state.suspecting.has(key)) continue;
    state.suspecting.add(key);
    yield* spawn(suspect(state, service, name, site, untilMs));
  }
}

/**
 * Whether more probes would tell something that matters: the site serves, has failed, and is not yet known to be down.
 */
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
  // A process that slept, and a prober that could not probe, have seen nothing.
  if (isLate || observation.outcome === 'unknown' || (yield* isOwnFault(state, service, seen))) return;
  const hasChanged = yield* fold(state, service, seen, wallMs);
  if (!mayAct(state)) return;
  // The quorum does not wait for a tick, and an heir goes on from the newest count.
  yield* spawn(publishOpinions(state));
  if (hasChanged) yield* reconcileServices(state);
}

/**
 * Whether a failure that would make the site `down` is this watcher's own: it has lost its way out since the last tick,
 * when other sites were asked too. Such a failure says nothing; the ticks go on.
 */
function* isOwnFault(state: WatcherState, service: NamedService, seen: Seen): Routine<boolean> {
  const wouldBe = foldedTrack(state, service, seen)?.opinion;
  if (!state.setup.hasSelfCheck || wouldBe !== 'down' || trackOf(state, service, seen.site).opinion === 'down') {
    return false;
  }
  const answer = yield* call('checkSelf', {});
  return !answer.ok || !answer.value.isConnected;
}
