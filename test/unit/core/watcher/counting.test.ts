import { expect, test } from 'vitest';
import { makeBallot } from '../../../../src/core/register/ballot.ts';
import type { Run } from '../../../../src/core/register/run.ts';
import type { OpinionItem } from '../../../../src/core/tables/opinion-item.ts';
import { countTime } from '../../../../src/core/watcher/counting.ts';
import type { WatcherState } from '../../../../src/core/watcher/state.ts';
import { registerWith, runWith, service } from '../service.fixture.ts';
import { watcherOf } from './change.fixture.ts';

/** When the item of the holder, region-2, was seen to change last, on the clock of this watcher. */
const seenMs = 100_000;
const holder = { region: 'region-2', invocation: 'holder' };

/** A watcher that has counted 50 s of silence of region-3, while region-2 holds a run and says this of it. */
function beside(said: OpinionItem['stopwatches'], run: Partial<Run> = {}, invocation = 'holder'): WatcherState {
  const state = watcherOf(service);
  const register = registerWith({ epoch: 2, run: runWith({ holder, ...run }) });
  const seen = { ballot: makeBallot(1, 'x'), register };
  state.memories.set('shop', { decided: seen, newest: seen });
  const item: OpinionItem = {
    ...{ generation: 1, invocation, sequence: 1, wallMs: 0, tracks: {}, stopwatches: said },
    ...{ digests: {}, outOfContactMs: {} },
  };
  state.reads.set('region-2', { view: { opinions: item, acceptors: {} }, askedAtMs: seenMs });
  state.sightings = { 'region-2': { mark: '1.holder.1', readAtMs: seenMs, changedAtMs: seenMs } };
  state.stopwatches = { 'silent:region-3': 50_000 };
  state.lastSeenMs.set('silent:region-3', seenMs);
  state.lastTickMs = seenMs;
  return state;
}

const silenceAt = (state: WatcherState, nowMs: number) => {
  countTime(state, nowMs, 0);
  state.lastTickMs = nowMs;
  return state.stopwatches['silent:region-3'];
};

test.each([
  ['says nothing, as the region is not silent for it', {}, 1_000],
  ['has heard its functions 3 s ago', { 'silent:region-3': 3_000 }, 4_000],
  ['has counted for longer', { 'silent:region-3': 80_000 }, 51_000],
])('S11: a region is silent for no longer than the holder of an open run counts, which %s', (_, said, expected) => {
  expect(silenceAt(beside(said), seenMs + 1_000)).toBe(expected);
});

test.each([
  ['the run is over', beside({}, { state: 'done' })],
  ['nobody holds the run', beside({}, { holder: null })],
  ['the item there is of another process', beside({}, {}, 'another')],
  ['this process holds it', beside({}, { holder: { region: 'region-1', invocation: 'x' } })],
])('the own count goes on when %s', (_, state) => {
  expect(silenceAt(state, seenMs + 1_000)).toBe(51_000);
});

test('S11: when the holder is gone, what it has said last counts on', () => {
  const state = beside({ 'silent:region-3': 2_000 });
  silenceAt(state, seenMs + 1_000);

  state.reads.delete('region-2');

  expect(silenceAt(state, seenMs + 2_000)).toBe(4_000);
});
