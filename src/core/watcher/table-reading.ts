import type { NamedService } from '../model/service.ts';
import { recordOf } from '../record.ts';
import { majorityAmong } from '../register/quorum.ts';
import type { Register } from '../register/register.ts';
import { call, inParallel, pause, type Routine, readTime, type TimeReading } from '../routine.ts';
import { isFresh, noteSightings, sinceChangeMs } from '../tables/freshness.ts';
import { markOf } from '../tables/opinion-item.ts';
import { noMemory, remember } from '../tables/register-memory.ts';
import { composeServiceView, type ServiceView, type Voice } from '../tables/service-view.ts';
import type { TableView } from '../tables/table-view.ts';
import { lookPatienceMs, tableCallMs } from '../timing.ts';
import { noteContact } from './contact.ts';
import { tableRegionsOf, type ViewPart, type WatcherState } from './state.ts';

/**
 * Reads all state tables side by side into the watcher's memory.
 *
 * It returns when all tables have answered, or when a majority has and `lookPatienceMs` is over. Later answers are kept
 * for the next view. A table that has not answered yet is not asked again.
 */
export function* look(state: WatcherState): Routine<void> {
  const regions = tableRegionsOf(state);
  const majority = majorityAmong(regions.length);
  const due = regions.filter((region) => !state.asking.has(region));
  const services = state.services.map((service) => service.name);
  const answered = new Set<string>();
  let isPatienceOver = false;

  const readers = due.map(function* (region): Routine<void> {
    if (yield* readStateTable(state, region, services)) answered.add(region);
  });
  yield* inParallel([...readers, patience()], (results) => {
    const ended = results.filter((result) => typeof result !== 'symbol').length - (isPatienceOver ? 1 : 0);
    return ended === due.length || (isPatienceOver && answered.size >= majority);
  });

  function* patience(): Routine<void> {
    yield* pause(lookPatienceMs);
    isPatienceOver = true;
  }
}

function* readStateTable(state: WatcherState, region: string, services: readonly string[]): Routine<boolean> {
  const askedAtMs = (yield* readTime()).monotonicMs;
  state.asking.add(region);
  const answer = yield* call('readTable', { region, services });
  state.asking.delete(region);
  if (!answer.ok) {
    state.reads.delete(region);
    return false;
  }
  const nowMs = (yield* readTime()).monotonicMs;
  const before = state.reads.get(region)?.view;
  const areRegistersSame = before !== undefined && services.every((name) => isSameState(before, answer.value, name));
  const isSame = areRegistersSame && isSameItem(before, answer.value);
  state.reads.set(region, { view: isSame ? before : answer.value, askedAtMs });
  if (!areRegistersSame) noteRegisters(state, services);
  for (const service of state.services) noteContact(state, service, nowMs);
  const item = answer.value.opinions;
  if (item !== null) state.meant.set(region, item.digests);
  if (item !== null)
    state.sightings = noteSightings(state.sightings, { [region]: markOf(item) }, freshnessTtlMs(state), nowMs);
  return true;
}

/** Whether a table shows the same item as before: an item is known by its mark. */
function isSameItem({ opinions: before }: TableView, { opinions: now, unidentified }: TableView): boolean {
  const isSame = before === null || now === null ? before === now : markOf(before) === markOf(now);
  return isSame && !unidentified;
}

/**
 * Whether a table shows the same state of a register as before, by the table's identity and by what was promised and
 * accepted there: then what was worked out from it holds still.
 */
function isSameState(before: TableView, now: TableView, service: string): boolean {
  const [one, other] = [before.acceptors[service], now.acceptors[service]];
  if (!one || !other) return one === other;
  return (
    one.incarnation === other.incarnation &&
    one.promised === other.promised &&
    one.acceptedBallot === other.acceptedBallot
  );
}

/** Remembers the newest value of each register, when it is newer than before. */
function noteRegisters(state: WatcherState, services: readonly string[]): void {
  const regions = tableRegionsOf(state);
  for (const service of services) {
    const states = recordOf(regions, (region) => state.reads.get(region)?.view.acceptors[service]);
    const before = state.memories.get(service);
    const after = remember(before ?? noMemory, states);
    if (after.newest !== null) state.memories.set(service, after);
    if (after.decided !== null && after.decided !== before?.decided) noteEpoch(state, service, after.decided.register);
  }
}

/** From the first look on: a process that is still warming up may be the last that remembers. */
function noteEpoch(state: WatcherState, service: string, { epoch }: Register): void {
  state.epochs = { ...state.epochs, [service]: Math.max(epoch, state.epochs[service] ?? 0) };
}

/** Sightings serve all services, so they are kept for the longest opinion time of any service. */
function freshnessTtlMs(state: WatcherState): number {
  return Math.max(...state.services.map((service) => service.detection.opinionTtlMs));
}

/**
 * What this watcher knows of a service now.
 *
 * Its own opinions come from its memory. Opinions of others count only while their marks keep changing. A table's
 * answer counts for as long as a call and a tick may take. What another one means counts for as long as it is heard: a
 * read that fails once is no agreement. Because a tick asks for the view several times, it is
 * composed again only when a part of it has changed.
 */
export function serviceViewOf(state: WatcherState, service: NamedService, monotonicMs: number): ServiceView {
  const { deployment, region: own } = state.setup;
  const regions = tableRegionsOf(state);
  const parts = regions.map((region): ViewPart => {
    const read = state.reads.get(region);
    const isCurrent = read !== undefined && monotonicMs - read.askedAtMs <= 2 * state.tickMs + tableCallMs;
    const isFromOwn = region === own;
    const isHeard = isFromOwn || isFresh(state.sightings, region, service.detection.opinionTtlMs, monotonicMs);
    const voice = isFromOwn ? state : isHeard ? read?.view.opinions : null;
    const { tracks, digests = isHeard ? state.meant.get(region) : undefined, unanswered } = voice ?? {};
    const outMs = isFromOwn || !isHeard ? 0 : (read?.view.opinions?.outOfContactMs?.[service.name] ?? 0);
    const isOutOfContact = outMs >= service.detection.opinionTtlMs;
    return { view: isCurrent ? read.view : undefined, tracks, digests, unanswered, isOutOfContact };
  });
  const composed = state.composedViews.get(service.name);
  if (composed !== undefined && isSameParts(parts, composed.parts)) return composed.view;
  const views: Record<string, TableView | undefined> = {};
  const voices: Record<string, Voice> = {};
  const meant: Record<string, Pick<Voice, 'digests'>> = {};
  for (const [index, region] of regions.entries()) {
    const { view, tracks, digests, unanswered, isOutOfContact = false } = parts[index] ?? {};
    views[region] = view;
    if (digests) meant[region] = { digests };
    if (tracks && digests) voices[region] = { tracks, digests, unanswered, isOutOfContact };
  }
  const view = composeServiceView(deployment, service, views, voices, state.digests, meant);
  state.composedViews.set(service.name, { parts, view });
  return view;
}

/**
 * What the wall clocks of some regions' watchers show now, in epoch milliseconds: the own one, and those whose item was
 * seen to change. An item is older than its change was seen, by a tick at most, so such a clock is late by that.
 */
export function clocksOf(state: WatcherState, regions: readonly string[], time: TimeReading): readonly number[] {
  return regions.flatMap((region) => {
    if (region === state.setup.region) return [time.wallMs];
    const item = state.reads.get(region)?.view.opinions;
    const sinceMs = sinceChangeMs(state.sightings, region, time.monotonicMs);
    return item && Number.isFinite(sinceMs) ? [item.wallMs + sinceMs] : [];
  });
}

function isSameParts(parts: readonly ViewPart[], others: readonly ViewPart[]): boolean {
  return parts.length === others.length && parts.every((part, index) => isSamePart(part, others[index]));
}

function isSamePart(one: ViewPart, other: ViewPart | undefined): boolean {
  return (
    one.view === other?.view &&
    one.tracks === other?.tracks &&
    one.digests === other?.digests &&
    one.unanswered === other?.unanswered &&
    one.isOutOfContact === other?.isOutOfContact
  );
}
