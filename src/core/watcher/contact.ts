import type { NamedService } from '../model/service.ts';
import { majorityAmong } from '../register/quorum.ts';
import { isFresh, sinceChangeMs } from '../tables/freshness.ts';
import { silentWatch } from '../tables/stopwatch.ts';
import { frozenAfterTicks, tableCallMs } from '../timing.ts';
import type { WatcherState } from './state.ts';

/**
 * Regions that vote on a service, as the newest value that this watcher ever saw names them; those of the configuration
 * until there is one.
 *
 * The value need not be decided. Two successive lists differ by one voter, so any majority of one shares a table with
 * any majority of the other.
 */
function votingRegions(state: WatcherState, { name }: Pick<NamedService, 'name'>): readonly string[] {
  const register = state.memories.get(name)?.newest?.register;
  return register === undefined ? state.setup.deployment.controlRegions : register.voters.map(({ region }) => region);
}

/** Whether this watcher's region votes on a service. A region that has left the list judges and fences nothing. */
export function isVoting(state: WatcherState, service: Pick<NamedService, 'name'>): boolean {
  return votingRegions(state, service).includes(state.setup.region);
}

/**
 * Whether this watcher's region looks after the leases of its sites: it votes, or it is about to. One whose table was
 * restored is off the list for a moment, and the others count on its leases all the same. Then it joins, or all others
 * that are configured here vote. Where a deployment has put another region in its place, one votes that is not.
 */
export function isGuarding(state: WatcherState, service: Pick<NamedService, 'name'>): boolean {
  const { region, deployment } = state.setup;
  const change = state.memories.get(service.name)?.newest?.register.voterChange;
  const isJoining = change?.kind === 'add' && change.voter.region === region;
  const voting = votingRegions(state, service);
  const others = deployment.controlRegions.filter((other) => other !== region);
  const isAlone = voting.length === others.length && others.every((other) => voting.includes(other));
  return isJoining || isAlone || voting.includes(region);
}

/**
 * Notes the latest moment at which a majority of the voters' tables had been asked and then answered.
 *
 * A table that answered counts even when its identity is not known: the table was reached, so the region is in contact.
 */
export function noteContact(state: WatcherState, service: NamedService, nowMs: number): void {
  const regions = votingRegions(state, service);
  const before = state.contacts.get(service.name);
  const lastMs = before?.lastMs ?? Number.NEGATIVE_INFINITY;
  // Those asked since the contact that is known: a majority of them is a later one.
  const sinceMs = regions.map((region) => state.reads.get(region)?.askedAtMs ?? lastMs).filter((ms) => ms > lastMs);
  const contactMs = sinceMs.sort((a, b) => b - a)[majorityAmong(regions.length) - 1];
  if (contactMs === undefined) return;
  const isBack = outOfContactMs(state, service, nowMs) >= service.failover.leaseMs;
  state.contacts.set(service.name, { lastMs: contactMs, backMs: isBack ? nowMs : (before?.backMs ?? null) });
}

/**
 * How long no majority of a service's voters has been reachable, in milliseconds, counted over the watcher processes of
 * this region.
 *
 * A process that has had contact uses its own clock, freezes included. A process that has had none continues from its
 * predecessor's count, which may be too small but never too large.
 *
 * What passed between the two, with no process here, nobody has counted: the region's own time of day tells. That may
 * be too much, where a table took no writes or a clock was put right, so it counts only once this process itself has
 * looked for a majority for a while and found none. Too early a fence is opened as soon as one is heard; too late a
 * one is closed beside a new writer.
 */
export function outOfContactMs(state: WatcherState, { name }: Pick<NamedService, 'name'>, nowMs: number): number {
  const contact = state.contacts.get(name);
  if (contact !== undefined) return nowMs - contact.lastMs;
  const { countedMs, atMs, gapMs } = state.inheritedOut ?? { countedMs: {}, atMs: nowMs, gapMs: 0 };
  const ownMs = nowMs - state.startedAtMs;
  const passedMs = ownMs >= lookedForMs(state) ? gapMs : 0;
  return Math.max(ownMs, (countedMs[name] ?? 0) + passedMs + nowMs - atMs);
}

/** How long a process looks for a majority before it counts what passed before it. */
function lookedForMs({ tickMs, setup }: Pick<WatcherState, 'tickMs' | 'setup'>): number {
  return Math.min(frozenAfterTicks * tickMs, setup.lifeMs / 2) + tableCallMs;
}

/** Whether a region is silent: its watcher has no fresh opinion item, and its table does not answer. */
export function isSilent(state: WatcherState, region: string, nowMs: number): boolean {
  if (region === state.setup.region) return false;
  const ttlMs = Math.max(...state.services.map(({ detection }) => detection.opinionTtlMs));
  return !state.reads.has(region) && !isFresh(state.sightings, region, ttlMs, nowMs);
}

/**
 * How long a region has been silent for every living watcher that is heard here, in milliseconds; null while it is not
 * silent for one of them. Whoever is cut off from a region alone knows nothing of it: it lives, and who hears it can
 * have it fenced. One that was heard a moment ago, and whose word cannot be read now, may hear it.
 *
 * @param ownMs - for how long the caller itself has found it silent, where that may be longer than what is counted here
 */
export function silentForAllMs(state: WatcherState, region: string, nowMs: number, ownMs = 0): number | null {
  if (!isSilent(state, region, nowMs)) return null;
  const watch = silentWatch(region);
  const ttlMs = Math.max(...state.services.map(({ detection }) => detection.opinionTtlMs));
  let leastMs = Math.max(ownMs, state.stopwatches[watch] ?? 0);
  for (const other of Object.keys(state.sightings)) {
    if (other === state.setup.region || !isFresh(state.sightings, other, ttlMs, nowMs)) continue;
    const saidMs = state.reads.get(other)?.view.opinions?.stopwatches[watch];
    if (saidMs === undefined) return null;
    leastMs = Math.min(leastMs, saidMs + sinceChangeMs(state.sightings, other, nowMs));
  }
  return leastMs;
}
