import { countsLease, type NamedService } from '../../model/service.ts';
import { isFresh } from '../../tables/freshness.ts';
import type { OpinionItem } from '../../tables/opinion-item.ts';
import { leaseWaitMs } from '../../timing.ts';
import { tableRegionsOf, type WatcherState } from '../state.ts';

/**
 * What the regions mean by a lease, while a deployment changes it.
 *
 * Time stands in for the proof of a fence because the silent region's own watcher counts the same time. That watcher
 * may run with an earlier configuration, and then nobody can tell it of a shorter lease. So each region's word says how
 * long to wait for it. The others remember the longest that a region may still count, and hand it on, until the
 * region's own word says something shorter. And a region that is given a longer lease counts by the former one until
 * the others have had the time to hear of it.
 */

type Waits = Readonly<Record<string, number>>;

/** How long others have to wait for this region's lease, by service with something to close, in milliseconds. */
function ownWaits({ services }: Pick<WatcherState, 'services'>): Waits {
  return Object.fromEntries(
    services.filter(countsLease).map((service) => [service.name, leaseWaitMs(service)] as const),
  );
}

/** The part that is longer than what this watcher would wait by its own configuration. */
function longer(waits: Waits, own: Waits): Waits {
  return Object.fromEntries(Object.entries(waits).filter(([name, ms]) => ms > (own[name] ?? Number.POSITIVE_INFINITY)));
}

function longest(waits: readonly Waits[]): Waits {
  const merged: Record<string, number> = {};
  for (const [name, ms] of waits.flatMap((each) => Object.entries(each)))
    merged[name] = Math.max(ms, merged[name] ?? 0);
  return merged;
}

/** Notes what each region says of its lease; of one that is not heard, what it said last, to whomever. */
export function noteLeases(state: WatcherState, nowMs: number): void {
  const own = ownWaits(state);
  const ttlMs = Math.max(...state.services.map(({ detection }) => detection.opinionTtlMs));
  const others = tableRegionsOf(state).filter((region) => region !== state.setup.region);
  const heard = others.flatMap((region) => {
    const item = state.reads.get(region)?.view.opinions;
    return item && isFresh(state.sightings, region, ttlMs, nowMs) ? [[region, item.leaseWaits ?? {}] as const] : [];
  });
  const told = (region: string) =>
    [state.leaseWaits, ...heard.map(([, waits]) => waits)].map((waits) => waits[region] ?? {});
  const noted = others.map((region) => {
    const itsOwn = heard.find(([one]) => one === region)?.[1];
    const waits = itsOwn === undefined ? longest(told(region)) : (itsOwn[region] ?? {});
    return [region, longer(waits, own)] as const;
  });
  state.leaseWaits = Object.fromEntries(noted.filter(([, waits]) => Object.keys(waits).length > 0));
}

/**
 * Continues with what a predecessor knew. A region of which it says nothing counts no longer than the predecessor
 * itself did: that may be longer than this process would wait.
 */
export function inheritLeases(state: WatcherState, predecessor: OpinionItem, nowMs: number): void {
  const before = predecessor.leaseWaits ?? {};
  const itsOwn = before[state.setup.region] ?? {};
  const own = ownWaits(state);
  const others = tableRegionsOf(state).filter((region) => region !== state.setup.region);
  state.leaseWaits = Object.fromEntries(
    others
      .map((region) => [region, longer(before[region] ?? itsOwn, own)] as const)
      .filter(([, waits]) => Object.keys(waits).length > 0),
  );
  state.leaseBefore = { waits: { ...itsOwn, ...predecessor.leaseCounts }, atMs: nowMs };
}

/** What this watcher's item says of leases. */
export function leasesSaid(state: WatcherState): Pick<OpinionItem, 'leaseWaits' | 'leaseCounts'> {
  const own = ownWaits(state);
  const counted = state.services.flatMap((service): readonly (readonly [string, number])[] => {
    const formerMs = formerWaitMs(state, service);
    return formerMs < leaseWaitMs(service) ? [[service.name, formerMs]] : [];
  });
  const waits = Object.keys(own).length > 0 ? { ...state.leaseWaits, [state.setup.region]: own } : state.leaseWaits;
  return {
    ...(Object.keys(waits).length > 0 ? { leaseWaits: waits } : {}),
    ...(counted.length > 0 ? { leaseCounts: Object.fromEntries(counted) } : {}),
  };
}

/** How long to wait until the lease of a silent region must have run out, in milliseconds. */
export function leaseWaitIn({ leaseWaits }: Pick<WatcherState, 'leaseWaits'>, service: NamedService, region: string) {
  return Math.max(leaseWaitMs(service), leaseWaits[region]?.[service.name] ?? 0);
}

/**
 * The former lease of this region, while the others may not have heard of a longer one yet; infinite without one, and
 * once a majority was reached for long enough after this process began to speak.
 */
export function formerLeaseMs(state: Pick<WatcherState, 'leaseBefore' | 'contacts'>, service: NamedService): number {
  return formerWaitMs(state, service) - (leaseWaitMs(service) - service.failover.leaseMs);
}

function formerWaitMs(
  { leaseBefore, contacts }: Pick<WatcherState, 'leaseBefore' | 'contacts'>,
  service: NamedService,
) {
  const waitMs = leaseBefore?.waits[service.name];
  if (leaseBefore === null || waitMs === undefined) return Number.POSITIVE_INFINITY;
  const heardMs = leaseBefore.atMs + 2 * service.detection.opinionTtlMs;
  const contactMs = contacts.get(service.name)?.lastMs ?? Number.NEGATIVE_INFINITY;
  return contactMs >= heardMs ? Number.POSITIVE_INFINITY : waitMs;
}
