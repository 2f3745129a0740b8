import { newEvent } from '../alerting/event.ts';
import { warmUpTicks } from '../detection/opinion.ts';
import { call, pause, type Routine, random, readTime, spawn, type TimeReading } from '../routine.ts';
import { isFresh } from '../tables/freshness.ts';
import type { OpinionItem } from '../tables/opinion-item.ts';
import { isActiveSuspected } from '../tables/service-view.ts';
import { letGoWatch } from '../tables/stopwatch.ts';
import { frozenAfterTicks, lookIntervalMs, warmUpMsMax } from '../timing.ts';
import { knownRegister } from './alert-memory.ts';
import { countTime, inheritTime } from './counting.ts';
import { inheritClosings, noteClosings } from './fencing/closing-terms.ts';
import { guardLeases } from './fencing/lease.ts';
import { inheritLeases, noteLeases } from './fencing/lease-terms.ts';
import { askFunctions } from './fencing/own-function.ts';
import { guardWork } from './fencing/work-lease.ts';
import { announce, inheritNotifications } from './notifying.ts';
import { inheritTracks } from './opinion-handover.ts';
import { publishOpinions } from './opinion-writing.ts';
import { rememberPlans } from './planned/planned-switchovers.ts';
import { observe } from './probing.ts';
import { reconcileServices } from './reconciliation.ts';
import { mayAct, newWatcherState, type WatcherSetup, type WatcherState } from './state.ts';
import { sitesAdopted } from './surveys/adopted-sites.ts';
import { surveySites } from './surveys/survey.ts';
import { look, serviceViewOf } from './table-reading.ts';

/** Why a watcher stopped: a younger one took over, or its time was up. */
export type WatchEnd = 'superseded' | 'time-up';

/**
 * One process of a control region's watcher, from its start to its end.
 *
 * It first warms up silently beside its predecessor, until its own opinions are formed. Then it claims the next
 * generation in its region's table, and the predecessor ends at its next write. So opinions have neither a gap nor two
 * writers, whether the schedule fires late, twice or not at all.
 */
export function* watch(setup: WatcherSetup): Routine<WatchEnd> {
  const invocation = Math.floor((yield* random()) * 36 ** 8)
    .toString(36)
    .padStart(8, '0');
  const state = newWatcherState(setup, invocation);
  const startedAtMs = (yield* readTime()).monotonicMs;
  state.startedAtMs = startedAtMs;
  let ticksToWarm = ticksOfWarmUp(state);

  for (;;) {
    const { monotonicMs: tickAtMs, wallMs } = yield* readTime();
    if (tickAtMs - startedAtMs >= setup.lifeMs) return 'time-up';
    if (yield* wasFrozen(state, tickAtMs)) ticksToWarm = Math.max(ticksToWarm, 1);
    countTime(state, tickAtMs, wallMs);
    noteLeases(state, tickAtMs);
    noteClosings(state, tickAtMs);
    state.lastTickMs = tickAtMs;

    const isWarm = ticksToWarm === 0;
    ticksToWarm = Math.max(0, ticksToWarm - 1);
    if (isWarm && state.generation === 0) yield* claimGeneration(state);
    yield* askFunctions(state);
    yield* surveySites(state, (service) => sitesAdopted(state, service, tickAtMs));
    yield* observe(state);
    state.ticks += 1;
    if (isWarm && state.generation > 0) {
      yield* spawn(publishOpinions(state));
      yield* look(state);
      if (mayAct(state)) yield* reconcileServices(state);
    } else {
      rememberPlans(state);
      yield* look(state);
    }
    // A region whose own table is dark cannot claim a generation, but it must still guard the leases of its sites.
    if (isWarm && !state.isSuperseded) {
      yield* guardLeases(state);
      yield* guardWork(state);
    }
    yield* lookUntil(state, tickAtMs + state.tickMs);
    if (state.isSuperseded) return 'superseded';
  }
}

/**
 * Number of ticks of the warm-up: until the opinions of this process are formed, within the longest warm-up. Opinions
 * that are not formed by then are inherited. At least two ticks, to see whether the predecessor is alive.
 */
function ticksOfWarmUp(state: WatcherState): number {
  const needed = Math.max(...state.services.map((service) => warmUpTicks(service.detection)));
  return Math.min(needed, Math.max(2, Math.floor(warmUpMsMax / state.tickMs)));
}

/**
 * Whether so much time has passed since the last tick that earlier observations cannot be trusted. If so, they are
 * dropped.
 */
function* wasFrozen(state: WatcherState, nowMs: number): Routine<boolean> {
  const gapMs = state.lastTickMs === null ? 0 : nowMs - state.lastTickMs;
  if (gapMs <= frozenAfterTicks * state.tickMs) return false;
  state.tracks = {};
  state.observedMs.clear();
  state.sightings = {};
  state.reads.clear();
  state.asking.clear();
  const detail = `no tick for ${Math.round(gapMs)} ms; starting from unknown`;
  yield* announce(state, newEvent('clock-gap', null, detail, { data: { gapMs } }));
  return true;
}

/**
 * Claims the next generation, after a fresh read of the predecessor's. The generation stays 0 when the own table does
 * not answer.
 */
function* claimGeneration(state: WatcherState): Routine<void> {
  yield* look(state);
  const { region } = state.setup;
  const read = state.reads.get(region);
  if (!read) return;
  const predecessor = read.view.opinions;
  state.generation = (predecessor?.generation ?? 0) + 1;
  inherit(state, predecessor, yield* readTime());
  const detail = `generation ${state.generation}`;
  yield* call('log', {
    event: newEvent('watcher-started', null, detail, { data: { region, generation: state.generation } }),
  });
}

/**
 * Continues from what a predecessor knew and counted.
 *
 * Counts of conditions are valid only without a gap. The same holds for opinions of sites that are probed so rarely
 * that this process has not formed its own yet.
 */
function inherit(
  state: WatcherState,
  predecessor: OpinionItem | null,
  { monotonicMs: nowMs, wallMs }: TimeReading,
): void {
  if (predecessor === null) return;
  state.epochs = { ...predecessor.epochs, ...state.epochs };
  const atMs = state.lastTickMs ?? state.startedAtMs;
  const gapMs = Math.max(0, wallMs - predecessor.wallMs - (nowMs - atMs));
  state.inheritedOut = { countedMs: predecessor.outOfContactMs, atMs, gapMs };
  const ttlMs = Math.min(...state.services.map((service) => service.detection.opinionTtlMs));
  const hasNoGap = isFresh(state.sightings, state.setup.region, ttlMs, state.lastTickMs ?? 0);
  inheritLeases(state, predecessor, nowMs);
  inheritClosings(state, predecessor);
  inheritTime(state, predecessor, hasNoGap);
  inheritNotifications(state, predecessor.notifications ?? {}, hasNoGap, state.lastTickMs ?? 0);
  for (const { name, sites } of state.services) {
    for (const [site, { report }] of Object.entries(predecessor.tracks[name] ?? {})) {
      const isOwn = sites[site]?.region === state.setup.region;
      if (!isOwn || !report.isSelfFenced) continue;
      const letGo = Object.keys(predecessor.stopwatches).find((watch) => watch.startsWith(letGoWatch(name, site, '')));
      state.selfFenced.set(`${name}/${site}`, { isClosed: false, isOpened: false, letGo: letGo ?? null });
    }
  }
  if (!hasNoGap) return;
  state.unanswered = predecessor.unanswered ?? [];
  inheritTracks(state, predecessor.tracks, nowMs);
}

/**
 * Waits for the next tick. While an active site is suspected, or is down for a quorum and no move has begun, the
 * watcher keeps reading the other tables, so that the last opinion of a quorum does not have to wait for a tick.
 */
function* lookUntil(state: WatcherState, untilMs: number): Routine<void> {
  for (;;) {
    const leftMs = untilMs - (yield* readTime()).monotonicMs;
    if (leftMs <= 0) return;
    const isAlert = mayAct(state) && (yield* isUneasy(state));
    yield* pause(isAlert ? Math.min(leftMs, lookIntervalMs(state.tickMs)) : leftMs);
    if (!isAlert || leftMs <= lookIntervalMs(state.tickMs)) continue;
    yield* look(state);
    if (mayAct(state)) yield* reconcileServices(state);
  }
}

/** Whether this watcher itself finds an active site failing. */
function* isUneasy(state: WatcherState): Routine<boolean> {
  const { monotonicMs } = yield* readTime();
  return state.services.some((service) => {
    const register = knownRegister(state, service.name);
    const serviceView = serviceViewOf(state, service, monotonicMs);
    return register !== null && isActiveSuspected(service, register, serviceView);
  });
}
