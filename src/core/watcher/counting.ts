import { ageNotifications } from '../alerting/notification.ts';
import type { NamedService } from '../model/service.ts';
import { noBallot } from '../register/ballot.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import { readySteps } from '../register/run.ts';
import type { OpinionItem } from '../tables/opinion-item.ts';
import type { ServiceView } from '../tables/service-view.ts';
import {
  advanceStopwatches,
  type ConditionSight,
  epochWatch,
  failedWatch,
  inheritStopwatches,
  isWatchOf,
  runWatch,
  setbackWatch,
  sharesWatch,
  shiftWatch,
  sightAfter,
  silentWatch,
  stepWatch,
  unheldWatch,
  unsettledWatch,
  upWatch,
} from '../tables/stopwatch.ts';
import { frozenAfterTicks } from '../timing.ts';
import { newestHolder } from './alert-memory.ts';
import { isSilent } from './contact.ts';
import type { WatcherState } from './state.ts';
import { serviceViewOf } from './table-reading.ts';

/**
 * Counts everything that is waited for, for one tick more: on from what this watcher has counted, or from what any
 * table shows that somebody has.
 *
 * Only what is decided is counted: a value that no majority has may never have been, and another may be decided in its
 * epoch later. What cannot be read now is still waited for: a service whose tables are dark keeps its counts, and they
 * go on.
 */
export function countTime(state: WatcherState, nowMs: number): void {
  const elapsedMs = state.lastTickMs === null ? 0 : nowMs - state.lastTickMs;
  const kept: string[] = [];
  const events: string[] = [];
  const conditions: Record<string, ConditionSight> = {};
  for (const service of state.services) {
    const serviceView = serviceViewOf(state, service, nowMs);
    const decided = newestDecided(state, service.name, serviceView);
    if (decided === null) kept.push(service.name);
    else events.push(...eventsOf(service, decided));
    events.push(...halfWay(state, service.name, serviceView));
    Object.assign(conditions, conditionsOf(state, service, serviceView, decided, nowMs));
  }
  for (const region of state.setup.deployment.controlRegions)
    conditions[silentWatch(region)] = sightOf(state, silentWatch(region), isSilent(state, region, nowMs), nowMs);
  const heard = [...state.reads.values()].flatMap(({ view }) => (view.opinions ? [view.opinions.stopwatches] : []));
  const counting = { events, isKept: (name: string) => kept.some((service) => isWatchOf(service, name)), conditions };
  state.stopwatches = advanceStopwatches(state.stopwatches, counting, heard, elapsedMs);
  state.notifications = ageNotifications(state.notifications, Math.max(0, elapsedMs));
}

/** The register as it is decided; null when that cannot be seen, or only an older one than was seen before. */
function newestDecided(state: WatcherState, service: string, { register: view }: ServiceView): Register | null {
  const ballot = newestHolder(state, service)?.acceptedBallot ?? noBallot;
  if (view.kind !== 'decided' || ballot < (state.newestBallots.get(service) ?? noBallot)) return null;
  state.newestBallots.set(service, ballot);
  return view.register;
}

/** What is waited for since something happened, as the register tells. */
function eventsOf({ name: service }: NamedService, register: Register): readonly string[] {
  const { run, epoch, moves, setbacks } = register;
  const epochs = new Set([epoch, ...moves.map((move) => move.epoch)]);
  const events = [...[...epochs].map((one) => epochWatch(service, one)), sharesWatch(service, register)];
  events.push(...setbacks.map((setback) => setbackWatch(service, setback)));
  if (run?.state === 'failed' && run.epoch === epoch) events.push(failedWatch(service, run));
  if (!hasOpenRun(register)) return events;
  events.push(runWatch(service, register.run), shiftWatch(service, register.run, register.ramp));
  return [...events, ...readySteps(register.run).map((step) => stepWatch(service, register.run, step.name))];
}

/** A change that is half way: whoever made it may be gone. */
function halfWay(state: WatcherState, service: string, { register: view }: ServiceView): readonly string[] {
  const holder = view.kind === 'unsettled' ? newestHolder(state, service) : null;
  return holder === null ? [] : [unsettledWatch(service, holder.acceptedBallot)];
}

/** What is waited for while something lasts, as this watcher sees it now. */
function conditionsOf(
  state: WatcherState,
  { name, sites }: NamedService,
  serviceView: ServiceView,
  register: Register | null,
  nowMs: number,
): Readonly<Record<string, ConditionSight>> {
  const conditions: Record<string, ConditionSight> = {};
  for (const site of Object.keys(sites)) {
    const verdict = serviceView.knowledge.verdicts[site];
    // A verdict that is unclear for a moment, as when no table answers, neither adds to a site's time nor ends it.
    const isUp = verdict === 'unclear' ? null : verdict === 'up';
    conditions[upWatch(name, site)] = sightOf(state, upWatch(name, site), isUp, nowMs);
  }
  if (register !== null && hasOpenRun(register)) {
    const isUnheld = !isHolderAlive(state, serviceView, register);
    const watch = unheldWatch(name, register.run);
    conditions[watch] = sightOf(state, watch, isUnheld, nowMs);
  }
  return conditions;
}

/** @param isSo - what is seen of the condition now; null when nothing is */
function sightOf(state: WatcherState, watch: string, isSo: boolean | null, nowMs: number): ConditionSight {
  if (isSo === false) return 'ended';
  const unseenMs = nowMs - (state.lastSeenMs.get(watch) ?? Number.NEGATIVE_INFINITY);
  if (isSo) state.lastSeenMs.set(watch, nowMs);
  return sightAfter(isSo ? 'lasts' : 'unseen', unseenMs, frozenAfterTicks * state.tickMs);
}

/** Whether the process that carries a run out is heard; nobody carries out what this process has not begun itself. */
export function isHolderAlive(state: WatcherState, serviceView: ServiceView, { run }: Pick<Register, 'run'>): boolean {
  const holder = run?.holder ?? null;
  if (holder === null || holder.region === state.setup.region) return false;
  const item = state.reads.get(holder.region)?.view.opinions;
  return serviceView.freshWatchers.includes(holder.region) && item?.invocation === holder.invocation;
}

/** Goes on with what a predecessor has counted. */
export function inheritTime(state: WatcherState, predecessor: OpinionItem, hasNoGap: boolean): void {
  state.stopwatches = inheritStopwatches(state.stopwatches, predecessor.stopwatches, hasNoGap);
}
