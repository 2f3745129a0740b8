import { describe, expect, test } from 'vitest';
import type { OpinionItem } from '../../../../../src/core/tables/opinion-item.ts';
import { leaseWaitMs } from '../../../../../src/core/timing.ts';
import {
  formerLeaseMs,
  inheritLeases,
  leasesSaid,
  leaseWaitIn,
  noteLeases,
} from '../../../../../src/core/watcher/fencing/lease-terms.ts';
import type { WatcherState } from '../../../../../src/core/watcher/state.ts';
import { serviceWith } from '../../service.fixture.ts';
import { watcherOf } from '../change.fixture.ts';
import { fencedService } from './own-region.fixture.ts';

const waitMs = leaseWaitMs(fencedService);
const longerMs = waitMs + 45_000;
const ttlMs = fencedService.detection.opinionTtlMs;
const nowMs = 100_000;

type Waits = NonNullable<OpinionItem['leaseWaits']>;

/** A region's item says this of leases; its mark was seen to change this long ago. */
function hears(state: WatcherState, region: string, leaseWaits: Waits | undefined, sinceMs = 0): void {
  const item = { generation: 1, invocation: region, sequence: 1, wallMs: 0, tracks: {}, stopwatches: {}, digests: {} };
  const opinions = { ...item, outOfContactMs: {}, leaseWaits } as unknown as OpinionItem;
  state.reads.set(region, { view: { acceptors: {}, opinions }, askedAtMs: nowMs });
  state.sightings = { ...state.sightings, [region]: { mark: '1', readAtMs: nowMs, changedAtMs: nowMs - sinceMs } };
}

function noted(...said: readonly (readonly [string, Waits | undefined, number?])[]): WatcherState {
  const state = watcherOf(fencedService);
  for (const [region, waits, sinceMs] of said) hears(state, region, waits, sinceMs);
  noteLeases(state, nowMs);
  return state;
}

describe('the wait for the lease of a silent region', () => {
  test('is by the own configuration where nobody says otherwise', () => {
    expect(leaseWaitIn(noted(), fencedService, 'region-2')).toBe(waitMs);
  });

  test('is what that region itself has said, where that is longer', () => {
    const state = noted(['region-2', { 'region-2': { shop: longerMs } }]);

    expect(leaseWaitIn(state, fencedService, 'region-2')).toBe(longerMs);
    expect(leaseWaitIn(state, fencedService, 'region-3')).toBe(waitMs);
  });

  test('is never shorter than by the own configuration', () => {
    const state = noted(['region-2', { 'region-2': { shop: waitMs - 1 } }]);

    expect(leaseWaitIn(state, fencedService, 'region-2')).toBe(waitMs);
    expect(state.leaseWaits).toEqual({});
  });

  test.each([
    [ttlMs, longerMs],
    [ttlMs + 1, waitMs],
  ])('is what another region remembers of it, while that one is heard (%i ms ago: %i ms)', (sinceMs, expected) => {
    const state = noted(['region-3', { 'region-2': { shop: longerMs } }, sinceMs]);

    expect(leaseWaitIn(state, fencedService, 'region-2')).toBe(expected);
  });

  test('is the longest that anybody remembers', () => {
    const state = watcherOf(fencedService);
    state.leaseWaits = { 'region-2': { shop: longerMs } };
    hears(state, 'region-3', { 'region-2': { shop: longerMs + 5_000 } });

    noteLeases(state, nowMs);
    expect(leaseWaitIn(state, fencedService, 'region-2')).toBe(longerMs + 5_000);

    hears(state, 'region-3', undefined);
    noteLeases(state, nowMs);
    expect(leaseWaitIn(state, fencedService, 'region-2')).toBe(longerMs + 5_000);
  });

  test('follows the word of the region itself again once that is heard, also where it says nothing of it', () => {
    const state = watcherOf(fencedService);
    state.leaseWaits = { 'region-2': { shop: longerMs } };
    hears(state, 'region-2', { 'region-2': { shop: waitMs } });
    hears(state, 'region-3', { 'region-2': { shop: longerMs } });

    noteLeases(state, nowMs);

    expect(leaseWaitIn(state, fencedService, 'region-2')).toBe(waitMs);

    state.leaseWaits = { 'region-2': { shop: longerMs } };
    hears(state, 'region-2', undefined);
    noteLeases(state, nowMs);

    expect(leaseWaitIn(state, fencedService, 'region-2')).toBe(waitMs);
  });
});

describe('what a watcher says of leases', () => {
  test('is its own wait, and what it remembers of others', () => {
    const state = noted(['region-2', { 'region-2': { shop: longerMs } }]);

    expect(leasesSaid(state)).toEqual({
      leaseWaits: { 'region-1': { shop: waitMs }, 'region-2': { shop: longerMs } },
    });
  });

  test('is nothing where no region closes anything', () => {
    expect(leasesSaid(watcherOf(serviceWith({})))).toEqual({});
  });

  test('is what it remembers of others also where it closes nothing itself', () => {
    const state = watcherOf(serviceWith({}));
    state.leaseWaits = { 'region-2': { shop: longerMs } };

    expect(leasesSaid(state)).toEqual({ leaseWaits: { 'region-2': { shop: longerMs } } });
  });
});

describe('a process that follows one with another lease', () => {
  const heirOf = (leaseWaits: Waits | undefined, more: Partial<OpinionItem> = {}): WatcherState => {
    const state = watcherOf(fencedService);
    inheritLeases(state, { leaseWaits, ...more } as OpinionItem, nowMs);
    return state;
  };
  const shorterMs = waitMs - 5_000;

  test('remembers what its predecessor did, and of the others the lease that it counted itself', () => {
    const state = heirOf({ 'region-1': { shop: longerMs }, 'region-2': { shop: longerMs + 1 } });

    expect(state.leaseWaits).toEqual({ 'region-2': { shop: longerMs + 1 }, 'region-3': { shop: longerMs } });
  });

  test('has no former lease where its predecessor said nothing', () => {
    const state = heirOf(undefined);

    expect(state.leaseWaits).toEqual({});
    expect(formerLeaseMs(state, fencedService)).toBe(Number.POSITIVE_INFINITY);
  });

  test('counts by the shorter former lease until the others have had the time to hear of the longer one', () => {
    const state = heirOf({ 'region-1': { shop: shorterMs } });
    const formerMs = fencedService.failover.leaseMs - 5_000;
    const inContactAt = (ms: number) => {
      state.contacts.set('shop', { lastMs: ms } as never);
      return formerLeaseMs(state, fencedService);
    };

    expect(formerLeaseMs(state, fencedService)).toBe(formerMs);
    expect(inContactAt(nowMs + 2 * ttlMs - 1)).toBe(formerMs);
    expect(leasesSaid(state)).toMatchObject({ leaseCounts: { shop: shorterMs } });
    expect(inContactAt(nowMs + 2 * ttlMs)).toBe(Number.POSITIVE_INFINITY);
    expect(leasesSaid(state)).not.toHaveProperty('leaseCounts');
  });

  test('counts by what its predecessor still counted by, if that was shorter than what it said', () => {
    const state = heirOf({ 'region-1': { shop: waitMs } }, { leaseCounts: { shop: shorterMs } });

    expect(formerLeaseMs(state, fencedService)).toBe(fencedService.failover.leaseMs - 5_000);
  });

  test('says nothing of a former lease that was longer', () => {
    expect(leasesSaid(heirOf({ 'region-1': { shop: longerMs } }))).not.toHaveProperty('leaseCounts');
  });
});
