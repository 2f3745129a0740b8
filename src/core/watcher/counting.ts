import { ageNotifications } from '../alerting/notification.ts';
import { provenWriter } from '../decision/writer/outside-writer.ts';
import type { NamedService } from '../model/service.ts';
import { noBallot } from '../register/ballot.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import { isShiftMissing, type Run, readySteps } from '../register/run.ts';
import { isFresh, sinceChangeMs } from '../tables/freshness.ts';
import type { OpinionItem } from '../tables/opinion-item.ts';
import type { ServiceView } from '../tables/service-view.ts';
import {
  advanceStopwatches,
  type ConditionSight,
  differsWatch,
  epochWatch,
  failedWatch,
  heldWatch,
  inheritStopwatches,
  isWatchOf,
  outsideWriterWatch,
  reopeningWatch,
  runWatch,
  type Stopwatches,
  setbackWatch,
  sharesWatch,
  shiftWatch,
  sightAfter,
  silentWatch,
  stepWatch,
  unheldWatch,
  unprotectedWatch,
  unsettledWatch,
  upWatch,
} from '../tables/stopwatch.ts';
import { frozenAfterTicks } from '../timing.ts';
import { newestHolder } from './alert-memory.ts';
import { isSilent } from './contact.ts';
import { tableRegionsOf, type WatcherState } from './state.ts';
import { serviceViewOf } from './table-reading.ts';
import { protectionNow } from './telemetry/protection-view.ts';

/**
 * Advances all stopwatches by one tick. A count continues from this watcher's own count, or from a count that any table
 * holds.
 *
 * Watches since an event start only from decided values. A value without a majority may never be decided, and another
 * value may be decided in its epoch later. When a service's register cannot be read now, its counts are kept and go on.
 *
 * @param wallMs - the time of day, for calendars alone
 */
export function countTime(state: WatcherState, nowMs: number, wallMs: number): void {
  const elapsedMs = state.lastTickMs === null ? 0 : nowMs - state.lastTickMs;
  const kept: string[] = [];
  const events: string[] = [];
  const conditions: Record<string, ConditionSight> = {};
  const heard = [...state.reads.values()].flatMap(({ view }) => (view.opinions ? [view.opinions.stopwatches] : []));
  const views: Record<string, ServiceView> = {};
  for (const service of state.services) views[service.name] = serviceViewOf(state, service, nowMs);
  for (const service of state.services) {
    const serviceView = views[service.name] as ServiceView;
    const decided = newestDecided(state, service.name, serviceView);
    if (decided === null) kept.push(service.name);
    else events.push(...eventsOf(service, decided), ...reopeningOf(service, decided, [state.stopwatches, ...heard]));
    events.push(...halfWay(state, service.name, serviceView));
    Object.assign(conditions, conditionsOf(state, service, serviceView, decided, nowMs));
    const level = protectionNow(state, service, views, { monotonicMs: nowMs, wallMs });
    const isUnprotected = level === 'cannot-see' ? null : level === 'unprotected';
    const watch = unprotectedWatch(service.name);
    conditions[watch] = sightOf(state, watch, isUnprotected, nowMs);
  }
  events.push(...[...state.selfFenced.values()].flatMap(({ letGo }) => letGo ?? []));
  // A voter that this configuration does not name is read, too, and others ask whether it is heard here.
  for (const region of tableRegionsOf(state))
    conditions[silentWatch(region)] = sightOf(state, silentWatch(region), isSilent(state, region, nowMs), nowMs);
  const counting = { events, isKept: (name: string) => kept.some((service) => isWatchOf(service, name)), conditions };
  state.stopwatches = cappedByHolders(state, advanceStopwatches(state.stopwatches, counting, heard, elapsedMs), nowMs);
  state.notifications = ageNotifications(state.notifications, Math.max(0, elapsedMs));
}

/**
 * The watches with no region silent for longer than the holder of an open run finds it, who alone asks its functions.
 * So the next holder knows what this one has heard, when this one is gone.
 */
function cappedByHolders(state: WatcherState, watches: Stopwatches, nowMs: number): Stopwatches {
  const capped: Record<string, number> = { ...watches };
  for (const { name } of state.services) {
    const run = state.memories.get(name)?.newest?.register.run;
    const holder = run?.state === 'running' ? run.holder : null;
    if (holder == null || holder.invocation === state.invocation) continue;
    const item = state.reads.get(holder.region)?.view.opinions;
    if (item?.invocation !== holder.invocation) continue;
    const sinceMs = sinceChangeMs(state.sightings, holder.region, nowMs);
    for (const region of state.setup.deployment.controlRegions) {
      const watch = silentWatch(region);
      const ownMs = capped[watch];
      if (ownMs !== undefined) capped[watch] = Math.min(ownMs, (item.stopwatches[watch] ?? 0) + sinceMs);
    }
  }
  return capped;
}

/** The decided register; null when it cannot be read, or when only an older value than before can be read. */
function newestDecided(state: WatcherState, service: string, { register: view }: ServiceView): Register | null {
  const ballot = newestHolder(state, service)?.acceptedBallot ?? noBallot;
  if (view.kind !== 'decided' || ballot < (state.newestBallots.get(service) ?? noBallot)) return null;
  state.newestBallots.set(service, ballot);
  return view.register;
}

/** Names of the watches since events, from the register. */
function eventsOf({ name: service }: NamedService, register: Register): readonly string[] {
  const { run, epoch, moves, setbacks } = register;
  const epochs = new Set([epoch, ...moves.map((move) => move.epoch)]);
  const events = [...epochs].map((one) => epochWatch(service, one));
  if (run === null || !isShiftMissing(run)) events.push(sharesWatch(service, register));
  events.push(...setbacks.map((setback) => setbackWatch(service, setback)));
  if (run?.state === 'failed' && run.epoch === epoch) events.push(failedWatch(service, run));
  if (!hasOpenRun(register)) return events;
  events.push(runWatch(service, register.run), shiftWatch(service, register.run, register.ramp));
  return [...events, ...readySteps(register.run).map((step) => stepWatch(service, register.run, step.name))];
}

/** The watch of the active site's own fence that is being opened, or has been opened in this epoch. */
function reopeningOf(
  { name }: NamedService,
  { epoch, active, opening }: Register,
  known: readonly Stopwatches[],
): readonly string[] {
  const watch = reopeningWatch(name, epoch);
  return opening.includes(active) || known.some((watches) => watches[watch] !== undefined) ? [watch] : [];
}

/**
 * The own counts, with one that another watcher has begun since the last tick: the active site's own fence was opened a
 * moment ago, and the register does not say so any more.
 */
export function countsNow(
  { stopwatches, reads }: Pick<WatcherState, 'stopwatches' | 'reads'>,
  service: string,
  { epoch }: Pick<Register, 'epoch'>,
): Stopwatches {
  const watch = reopeningWatch(service, epoch);
  if (stopwatches[watch] !== undefined) return stopwatches;
  const heard = [...reads.values()].flatMap(({ view }) => view.opinions?.stopwatches[watch] ?? []);
  return heard.length > 0 ? { ...stopwatches, [watch]: Math.max(...heard) } : stopwatches;
}

/** The watch of a change that is not decided yet; its proposer may be gone. */
function halfWay(state: WatcherState, service: string, { register: view }: ServiceView): readonly string[] {
  const holder = view.kind === 'unsettled' ? newestHolder(state, service) : null;
  return holder === null ? [] : [unsettledWatch(service, holder.acceptedBallot)];
}

/** The conditions of the watches that count while a condition lasts, as this watcher sees them now. */
function conditionsOf(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register | null,
  nowMs: number,
): Readonly<Record<string, ConditionSight>> {
  const { name, sites } = service;
  const differs = differsWatch(name);
  const conditions: Record<string, ConditionSight> = {
    [differs]: sightOf(state, differs, areConfigurationsApart(state, name, serviceView), nowMs),
  };
  for (const site of Object.keys(sites)) {
    const verdict = serviceView.knowledge.verdicts[site];
    // The state of the condition "the site is up". A verdict that is unclear for a moment, for example because no table
    // answers, neither adds to a site's time nor ends it.
    const isUp = verdict === 'unclear' ? null : verdict === 'up';
    conditions[upWatch(name, site)] = sightOf(state, upWatch(name, site), isUp, nowMs);
  }
  const outside = register === null ? null : provenWriter(service, register, serviceView.knowledge.reports);
  if (register !== null && outside !== null) {
    const watch = outsideWriterWatch(name, register.run, outside);
    conditions[watch] = sightOf(state, watch, true, nowMs);
  }
  if (register !== null && hasOpenRun(register)) {
    const isHeld = isHolderAlive(state, serviceView, register);
    const isAtWork = isHeld && isHolderInContact(state, name, register.run);
    const watches = [unheldWatch(name, register.run), heldWatch(name, register.run)] as const;
    conditions[watches[0]] = sightOf(state, watches[0], !isHeld, nowMs);
    conditions[watches[1]] = sightOf(state, watches[1], isAtWork, nowMs);
  }
  return conditions;
}

/**
 * Whether another watcher has another configuration, or a function that was asked for a service's things has. A process
 * that warms up asks no functions: it goes by what its predecessor counts.
 */
function areConfigurationsApart(state: WatcherState, service: string, { disputes }: ServiceView): boolean {
  const raised = [...state.raisedAlerts.values()];
  const isRaised = raised.some(({ alarm, event }) => alarm === 'configurations-differ' && event.service === service);
  const predecessor = state.generation === 0 ? state.reads.get(state.setup.region)?.view.opinions : null;
  return isRaised || disputes.length > 0 || predecessor?.stopwatches[differsWatch(service)] !== undefined;
}

/** @param isSo - what is seen of the condition now; null when nothing is */
function sightOf(state: WatcherState, watch: string, isSo: boolean | null, nowMs: number): ConditionSight {
  if (isSo === false) return 'ended';
  const unseenMs = nowMs - (state.lastSeenMs.get(watch) ?? Number.NEGATIVE_INFINITY);
  if (isSo) state.lastSeenMs.set(watch, nowMs);
  return sightAfter(isSo ? 'lasts' : 'unseen', unseenMs, frozenAfterTicks * state.tickMs);
}

/**
 * Whether the process that holds a run is heard. A run whose holder is this region's own earlier process has no living
 * holder.
 */
export function isHolderAlive(state: WatcherState, serviceView: ServiceView, { run }: Pick<Register, 'run'>): boolean {
  const holder = run?.holder ?? null;
  if (holder === null || holder.region === state.setup.region) return false;
  const item = state.reads.get(holder.region)?.view.opinions;
  return serviceView.freshWatchers.includes(holder.region) && item?.invocation === holder.invocation;
}

/**
 * Whether the holder of a run says that it reaches enough tables, and all functions, to go on with it. Another one may
 * reach those that do not answer it.
 */
function isHolderInContact(state: WatcherState, service: string, { holder }: Run): boolean {
  const item = holder === null ? null : state.reads.get(holder.region)?.view.opinions;
  const isAnswered = (item?.unanswered ?? []).length === 0;
  return isAnswered && (item?.outOfContactMs?.[service] ?? 0) < frozenAfterTicks * state.tickMs;
}

/**
 * Whether another living watcher hears the holder of a run, which this one does not hear: then it is this one that is
 * cut off from it. A run is left to its holder for as long as anybody hears that it is at work. One that was heard a
 * moment ago, and whose word cannot be read now, may hear it: that ends with its opinions.
 */
export function isHeardByOthers(
  { setup, reads, sightings }: Pick<WatcherState, 'setup' | 'reads' | 'sightings'>,
  { name, detection }: Pick<NamedService, 'name' | 'detection'>,
  { freshWatchers, members }: Pick<ServiceView, 'freshWatchers' | 'members'>,
  run: Run,
  nowMs: number,
): boolean {
  const { holder } = run;
  if (holder === null || holder.region === setup.region) return false;
  const isOther = (region: string) => region !== setup.region && region !== holder.region;
  const saysSo = (region: string) => reads.get(region)?.view.opinions?.stopwatches[heldWatch(name, run)] !== undefined;
  const isUnread = (region: string) => !reads.has(region) && isFresh(sightings, region, detection.opinionTtlMs, nowMs);
  return (
    freshWatchers.some((one) => isOther(one) && saysSo(one)) || members.some((one) => isOther(one) && isUnread(one))
  );
}

/** Continues with the counts of a predecessor. */
export function inheritTime(state: WatcherState, predecessor: OpinionItem, hasNoGap: boolean): void {
  state.stopwatches = inheritStopwatches(state.stopwatches, predecessor.stopwatches, hasNoGap);
}
