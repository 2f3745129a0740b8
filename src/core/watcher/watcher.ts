import { newEvent } from '../alerting/event.ts';
import { warmUpTicks } from '../detection/opinion.ts';
import { call, pause, type Routine, random, readTime, spawn } from '../routine.ts';
import { isFresh } from '../tables/freshness.ts';
import type { OpinionItem } from '../tables/opinion-item.ts';
import { isActiveSuspected } from '../tables/service-view.ts';
import { frozenAfterTicks, lookIntervalMs, warmUpMsMax } from '../timing.ts';
import { knownRegister } from './alert-memory.ts';
import { countTime, inheritTime } from './counting.ts';
import { sitesAdopted } from './fencing/adopted-sites.ts';
import { guardLeases } from './fencing/lease.ts';
import { announce, inheritNotifications } from './notifying.ts';
import { inheritTracks } from './opinion-handover.ts';
import { publishOpinions } from './opinion-writing.ts';
import { observe } from './probing.ts';
import { reconcileServices } from './reconciliation.ts';
import { mayAct, newWatcherState, type WatcherSetup, type WatcherState } from './state.ts';
import { surveySites } from './survey.ts';
import { look, serviceViewOf } from './table-reading.ts';

/** Why a watcher stopped: a younger one took over, or its time was up. */
export type WatchEnd = 'superseded' | 'time-up';

/**
 * One process of a control region's watcher, from its start to its end.
 *
 * It first warms up beside its predecessor, silently, until its own opinions are formed; then it claims the next
 * generation in its region's table, which ends the predecessor at its next write. So opinions have neither a gap nor a
 * double, whether the schedule fires late, twice or not at all.
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
    const { monotonicMs: tickAtMs } = yield* readTime();
    if (tickAtMs - startedAtMs >= setup.lifeMs) return 'time-up';
    if (yield* wasFrozen(state, tickAtMs)) ticksToWarm = Math.max(ticksToWarm, 1);
    countTime(state, tickAtMs);
    state.lastTickMs = tickAtMs;

    const isWarm = ticksToWarm === 0;
    ticksToWarm = Math.max(0, ticksToWarm - 1);
    if (isWarm && state.generation === 0) yield* claimGeneration(state);
    yield* surveySites(state, (service) => sitesAdopted(state, service, tickAtMs));
    yield* observe(state);
    state.ticks += 1;
    if (isWarm && state.generation > 0) {
      yield* spawn(publishOpinions(state));
      yield* look(state);
      if (mayAct(state)) yield* reconcileServices(state);
    } else {
      yield* look(state);
    }
    // A region whose own table is dark has no generation to claim, and its sites all the same.
    if (isWarm && !state.isSuperseded) yield* guardLeases(state);
    yield* lookUntil(state, tickAtMs + state.tickMs);
    if (state.isSuperseded) return 'superseded';
  }
}

/**
 * Ticks until the opinions of this process are formed, as far as a warm-up may take; what is not yet, is inherited. Two
 * at least, to see whether the predecessor is alive.
 */
function ticksOfWarmUp(state: WatcherState): number {
  const needed = Math.max(...state.services.map((service) => warmUpTicks(service.detection)));
  return Math.min(needed, Math.max(2, Math.floor(warmUpMsMax / state.tickMs)));
}

/** Whether so much time passed since the last tick that nothing known before can be trusted; forgets it then. */
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
 * Takes the next generation, on a fresh look at its predecessor's; leaves it at 0 when the own table does not answer.
 */
function* claimGeneration(state: WatcherState): Routine<void> {
  yield* look(state);
  const { region } = state.setup;
  const read = state.reads.get(region);
  if (!read) return;
  const predecessor = read.view.opinions;
  state.generation = (predecessor?.generation ?? 0) + 1;
  inherit(state, predecessor, (yield* readTime()).monotonicMs);
  const detail = `generation ${state.generation}`;
  yield* call('log', {
    event: newEvent('watcher-started', null, detail, { data: { region, generation: state.generation } }),
  });
}

/**
 * Goes on from what a predecessor knew and counted.
 *
 * How long something has lasted, and an opinion on a site that is probed too seldom for this process to have formed one
 * yet, are only worth something without a gap.
 */
function inherit(state: WatcherState, predecessor: OpinionItem | null, nowMs: number): void {
  if (predecessor === null) return;
  state.epochs = { ...predecessor.epochs, ...state.epochs };
  state.inheritedOut = { countedMs: predecessor.outOfContactMs, atMs: state.lastTickMs ?? state.startedAtMs };
  const ttlMs = Math.min(...state.services.map((service) => service.detection.opinionTtlMs));
  const hasNoGap = isFresh(state.sightings, state.setup.region, ttlMs, state.lastTickMs ?? 0);
  inheritTime(state, predecessor, hasNoGap);
  inheritNotifications(state, predecessor.notifications ?? {}, hasNoGap, state.lastTickMs ?? 0);
  for (const { name, sites } of state.services) {
    for (const [site, { report }] of Object.entries(predecessor.tracks[name] ?? {})) {
      const isOwn = sites[site]?.region === state.setup.region;
      if (isOwn && report.isSelfFenced) state.selfFenced.set(`${name}/${site}`, { openedAtMs: null });
    }
  }
  if (!hasNoGap) return;
  inheritTracks(state, predecessor.tracks, nowMs);
}

/**
 * Waits for the next tick. While some active site is under suspicion, or is failing for a quorum and not yet left, the
 * watcher keeps looking at its peers: the last opinion that makes a quorum should not have to wait for a tick.
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
