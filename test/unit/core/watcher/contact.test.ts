import { expect, test } from 'vitest';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import type { Site } from '../../../../src/core/model/site.ts';
import { makeBallot } from '../../../../src/core/register/ballot.ts';
import { genesis, type Register } from '../../../../src/core/register/register.ts';
import type { Routine } from '../../../../src/core/routine.ts';
import type { OpinionItem } from '../../../../src/core/tables/opinion-item.ts';
import { silentWatch } from '../../../../src/core/tables/stopwatch.ts';
import { isVoting, noteContact, outOfContactMs, silentForAllMs } from '../../../../src/core/watcher/contact.ts';
import { guardLeases } from '../../../../src/core/watcher/fencing/lease.ts';
import { newWatcherState, type WatcherState } from '../../../../src/core/watcher/state.ts';
import { service } from '../service.fixture.ts';

const [a, b, c, d, e] = ['region-1', 'region-2', 'region-3', 'region-4', 'region-5'] as const;
const { leaseMs } = service.failover;
const fenced: Site = {
  ...(service.sites.one as Site),
  location: undefined,
  region: a,
  fence: { kind: 'read-only', functionName: 'f' },
};

/** A watcher in region `a` that is configured with some regions, and has seen a register with some voters. */
function watcher(controlRegions: readonly string[], voters: readonly string[] | null): WatcherState {
  const services = { shop: { ...service, sites: { ...service.sites, one: fenced } } };
  const rest = {
    notify: { emails: [], topics: [], webhooks: [] },
    watcher: { tracing: false },
    doctor: { hourly: true },
    accept: {},
    groups: {},
  };
  const deployment: Deployment = { name: 'x', controlRegions, services, ...rest };
  const setup = { deployment, region: a, lifeMs: Number.POSITIVE_INFINITY, hasSelfCheck: false };
  const state = newWatcherState(setup, 'me');
  if (voters !== null) {
    const register: Register = {
      ...genesis('one'),
      stage: 'founded',
      voters: voters.map((region) => ({ region, incarnation: region })),
    };
    const seen = { ballot: makeBallot(1, 'x'), register };
    state.memories.set('shop', { decided: seen, newest: seen });
  }
  return state;
}

function hears(state: WatcherState, regions: readonly string[], askedAtMs: number): void {
  for (const region of regions) {
    state.reads.set(region, { view: { opinions: null, acceptors: {} }, askedAtMs });
    noteContact(state, { ...service, sites: state.services[0]?.sites ?? {} }, askedAtMs + 10);
  }
}

const contactOf = (state: WatcherState) => state.contacts.get('shop')?.lastMs ?? null;

test.each([
  { configured: [a, b, c], voters: null, heard: [a, b], at: 500 },
  { configured: [a, b, c], voters: null, heard: [a], at: null },
  { configured: [a, b, c], voters: [a, b, c, d, e], heard: [a, b], at: null },
  { configured: [a, b, c], voters: [a, b, c, d, e], heard: [a, b, c], at: 500 },
  { configured: [a, b, c, d, e], voters: [a, b, c], heard: [a, d, e], at: null },
  { configured: [a, b, c, d, e], voters: [a, b, c], heard: [a, b], at: 500 },
  { configured: [a, b, c], voters: [b, d, e], heard: [a, b, c], at: null },
])('with $configured configured and $voters voting, hearing $heard is contact: $at', (row) => {
  const state = watcher(row.configured, row.voters);

  hears(state, row.heard, 500);

  expect(contactOf(state)).toBe(row.at);
});

test('a table that cannot be told from a restored one is contact all the same', () => {
  const state = watcher([a, b, c], [a, b, c]);

  hears(state, [a, b], 500);
  const unidentified = { kind: 'denied', detail: 'DescribeTable' } as const;
  for (const region of [a, b])
    state.reads.set(region, { view: { opinions: null, acceptors: {}, unidentified }, askedAtMs: 900 });
  noteContact(state, service, 910);

  expect(outOfContactMs(state, service, 1_000)).toBe(100);
});

test.each([
  { voters: [a, b, c], isVotingHere: true, orders: 1 },
  { voters: [b, c, d], isVotingHere: false, orders: 0 },
  // Its table was restored: it is off the list until it joins again.
  { voters: [b, c], isVotingHere: false, orders: 1 },
])('with $voters voting, $orders sites of region-1 are cut off there at the end of the lease', (row) => {
  const state = watcher([a, b, c], row.voters);
  hears(state, [a, b, c], 500);

  const invoked = invocationsAt(state, 500 + leaseMs);

  expect(isVoting(state, service)).toBe(row.isVotingHere);
  expect(invoked).toBe(row.orders);
});

test('S16: a region that is about to join the voters, wherever the others are, cuts its sites off', () => {
  const state = watcher([a, b, c], [b, c, d]);
  const seen = state.memories.get('shop')?.newest;
  if (!seen) throw new Error('the watcher has seen no register');
  const joining: Register = {
    ...seen.register,
    voterChange: { kind: 'add', voter: { region: a, incarnation: 'new' } },
  };
  state.memories.set('shop', { decided: seen, newest: { ...seen, register: joining } });
  hears(state, [b, c, d], 500);

  expect(invocationsAt(state, 500 + leaseMs)).toBe(1);
});

test('S16: a self-fence is ordered at each tick beside orders that hang, for as long as one order may hang', () => {
  const state = watcher([a, b, c], [a, b, c]);
  hears(state, [a, b, c], 500);
  const ordersMax = Math.ceil(service.failover.stepTimeoutMs / state.tickMs);

  const invoked = Array.from({ length: ordersMax + 2 }, (_, tick) => {
    state.ticks = tick;
    return invocationsAt(state, 500 + leaseMs + tick * state.tickMs, true);
  });

  expect(invoked).toEqual([...Array(ordersMax).fill(1), 0, 0]);
});

test.each<[string, Readonly<Record<string, Told>>, number | null, number?]>([
  ['nobody else is heard', {}, 9_000],
  ['another one has counted as long', { [b]: { silentMs: 12_000, ageMs: 0 } }, 9_000],
  ['another one has counted for less', { [b]: { silentMs: 4_000, ageMs: 700 } }, 4_700],
  ['its own item of a moment ago does not say so yet', { [a]: { silentMs: null, ageMs: 0 } }, 9_000],
  ['another one hears it', { [b]: { silentMs: null, ageMs: 0 }, [d]: { silentMs: 12_000, ageMs: 0 } }, null],
  ['who hears it has fallen silent', { [b]: { silentMs: null, ageMs: 60_000 } }, 9_000],
  [
    'the word of a living one could not be read just now',
    { [b]: { silentMs: 12_000, ageMs: 900, isUnread: true } },
    null,
  ],
  ['the caller itself has found it silent for longer', {}, 15_000, 15_000],
  ['another one has counted for less than the caller', { [b]: { silentMs: 4_000, ageMs: 700 } }, 4_700, 15_000],
  ['it says so of itself', { [c]: { silentMs: null, ageMs: 60_000 } }, null],
])('S11: the silence of region-3 where %s', (_, told, silentMs, ownMs) => {
  const nowMs = 100_000;
  const state = watcher([a, b, c, d], [a, b, c, d]);
  state.stopwatches = { [silentWatch(c)]: 9_000 };
  for (const [region, { silentMs, ageMs, isUnread }] of Object.entries(told)) {
    const stopwatches = silentMs === null ? {} : { [silentWatch(c)]: silentMs };
    const view = { opinions: { ...item, stopwatches }, acceptors: {} };
    if (isUnread !== true) state.reads.set(region, { view, askedAtMs: nowMs });
    state.sightings = { ...state.sightings, [region]: { mark: 'x', readAtMs: nowMs, changedAtMs: nowMs - ageMs } };
  }

  expect(silentForAllMs(state, c, nowMs, ownMs)).toBe(silentMs);
});

const item: OpinionItem = {
  generation: 1,
  invocation: 'them',
  sequence: 1,
  wallMs: 0,
  tracks: {},
  stopwatches: {},
  digests: {},
  outOfContactMs: {},
};

/** What another watcher says of a region, and how old that is. */
interface Told {
  readonly silentMs: number | null;
  readonly ageMs: number;
  readonly isUnread?: boolean;
}

/** How many orders one round of looking after leases gives; every call is answered with a fault, or orders hang. */
function invocationsAt(state: WatcherState, nowMs: number, areHanging = false): number {
  let invoked = 0;
  const run = (routine: Routine<unknown>): void => {
    let next = routine.next();
    while (!next.done) {
      const request = next.value;
      let given: unknown;
      if (request.kind === 'time') given = { wallMs: 0, monotonicMs: nowMs };
      if (request.kind === 'spawn') run(request.routine);
      if (request.kind === 'call') {
        if (request.name === 'invoke') invoked += 1;
        if (request.name === 'invoke' && areHanging) return;
        given = { ok: false, fault: { kind: 'unavailable', detail: 'not here' } };
      }
      next = routine.next(given);
    }
  };
  run(guardLeases(state));
  return invoked;
}
