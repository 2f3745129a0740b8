import { isFresh } from '../freshness.ts';
import { happen } from '../happening.ts';
import { warmUpTicks } from '../opinion.ts';
import { isSuspected } from '../picture.ts';
import { call, pause, type Routine, random, readTime, spawn } from '../routine.ts';
import { advanceStopwatches, epochWatch, isEpochWatch, type Stopwatches, upWatch } from '../stopwatch.ts';
import { frozenAfterTicks, lookIntervalMs } from '../timing.ts';
import { attendAll } from './attend.ts';
import { guardLeases } from './lease.ts';
import { look, pictureOf } from './look.ts';
import { knownRegister } from './memory.ts';
import { observe } from './observe.ts';
import { newWatcherState, opinionItemOf, type WatcherSetup, type WatcherState } from './state.ts';

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
  let ticksToWarm = Math.max(...state.services.map((service) => warmUpTicks(service.detection)));

  for (;;) {
    const { monotonicMs: tickAtMs } = yield* readTime();
    if (tickAtMs - startedAtMs >= setup.lifeMs) return 'time-up';
    if (yield* wasFrozen(state, tickAtMs)) ticksToWarm = Math.max(ticksToWarm, 1);
    advanceWatches(state, tickAtMs);
    state.lastTickMs = tickAtMs;

    yield* observe(state);
    state.sequence += 1;
    if (ticksToWarm > 0) {
      ticksToWarm -= 1;
      yield* look(state);
    } else if (yield* hasClaim(state)) {
      yield* spawn(publishOpinions(state));
      yield* look(state);
      if (mayAct(state)) yield* attendAll(state);
      if (mayAct(state)) yield* guardLeases(state);
    }
    yield* lookUntil(state, tickAtMs + state.tickMs);
    if (state.isSuperseded) return 'superseded';
  }
}

/** Whether so much time passed since the last tick that nothing known before can be trusted; forgets it then. */
function* wasFrozen(state: WatcherState, nowMs: number): Routine<boolean> {
  const gapMs = state.lastTickMs === null ? 0 : nowMs - state.lastTickMs;
  if (gapMs <= frozenAfterTicks * state.tickMs) return false;
  state.tracks = {};
  state.sightings = {};
  state.sights.clear();
  state.asking.clear();
  yield* call('log', {
    happening: happen('clock-gap', null, `no tick for ${Math.round(gapMs)} ms; starting from unknown`, {
      data: { gapMs },
    }),
  });
  return true;
}

function advanceWatches(state: WatcherState, nowMs: number): void {
  const running = state.services.flatMap((service) => {
    const register = knownRegister(state, service.name);
    if (register === null) return [];
    const picture = pictureOf(state, service, nowMs);
    const epochs = new Set([
      register.epoch,
      ...register.automaticEpochs,
      ...(register.block ? [register.block.epoch] : []),
    ]);
    const upSites = Object.keys(service.sites).filter((site) => picture.knowledge.verdicts[site] === 'up');
    return [
      ...[...epochs].map((epoch) => epochWatch(service.name, epoch)),
      ...upSites.map((site) => upWatch(service.name, site)),
    ];
  });
  const elapsedMs = state.lastTickMs === null ? 0 : nowMs - state.lastTickMs;
  state.stopwatches = advanceStopwatches(state.stopwatches, running, elapsedMs, frozenAfterTicks * state.tickMs);
}

/** Takes the next generation when this process has none yet; false when the own table does not answer. */
function* hasClaim(state: WatcherState): Routine<boolean> {
  if (state.generation > 0) return true;
  const { region } = state.setup;
  const sight = state.sights.get(region);
  if (!sight) {
    yield* look(state);
    return false;
  }
  const predecessor = sight.view.opinions;
  state.generation = (predecessor?.generation ?? 0) + 1;
  state.stopwatches = { ...state.stopwatches, ...inheritable(state, predecessor?.stopwatches ?? {}) };
  const detail = `generation ${state.generation}`;
  yield* call('log', {
    happening: happen('watcher-started', null, detail, { data: { region, generation: state.generation } }),
  });
  return true;
}

/**
 * What a predecessor counted and its heir may go on from. The time since an epoch only grows, so it is never too much;
 * how long a site has been up is only worth something without a gap.
 */
function inheritable(state: WatcherState, counted: Stopwatches): Stopwatches {
  const { region } = state.setup;
  const ttlMs = Math.min(...state.services.map((service) => service.detection.opinionTtlMs));
  const hasNoGap = isFresh(state.sightings, region, ttlMs, state.lastTickMs ?? 0);
  return hasNoGap ? counted : Object.fromEntries(Object.entries(counted).filter(([name]) => isEpochWatch(name)));
}

function* publishOpinions(state: WatcherState): Routine<void> {
  const answer = yield* call('writeOpinions', { region: state.setup.region, item: opinionItemOf(state) });
  if (!answer.ok || !answer.value.isSuperseded || state.isSuperseded) return;
  state.isSuperseded = true;
  const data = { region: state.setup.region, generation: state.generation };
  yield* call('log', {
    happening: happen('watcher-superseded', null, `generation ${state.generation} makes way`, { data }),
  });
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
    if (mayAct(state)) yield* attendAll(state);
  }
}

/** Whether this process speaks and acts for its region: it has claimed its generation and nobody has taken over. */
function mayAct(state: WatcherState): boolean {
  return state.generation > 0 && !state.isSuperseded;
}

/** Whether this watcher itself finds an active site failing. */
function* isUneasy(state: WatcherState): Routine<boolean> {
  const { monotonicMs } = yield* readTime();
  return state.services.some((service) => {
    const active = knownRegister(state, service.name)?.active;
    return active !== undefined && isSuspected(pictureOf(state, service, monotonicMs), active);
  });
}
