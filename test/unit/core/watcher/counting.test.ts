import { expect, test } from 'vitest';
import { makeBallot } from '../../../../src/core/register/ballot.ts';
import type { Run } from '../../../../src/core/register/run.ts';
import type { OpinionItem } from '../../../../src/core/tables/opinion-item.ts';
import { countTime, isHeardByOthers } from '../../../../src/core/watcher/counting.ts';
import type { WatcherState } from '../../../../src/core/watcher/state.ts';
import { registerWith, runWith, service } from '../service.fixture.ts';
import { watcherOf } from './change.fixture.ts';
import { OwnRegion } from './fencing/own-region.fixture.ts';

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

test.each([
  ['hears it', 0, [], true],
  ['hears it say that it has missed tables for less than three ticks', 2_999, [], true],
  ['hears it say that it reaches too few tables', 3_000, [], false],
  ['hears it, and of a version that says neither', undefined, undefined, true],
  ['hears it say that functions somewhere do not answer it', 0, ['region-3'], false],
])('a watcher that %s tells the others so, who may not', (_, outOfContactMs, unanswered, isTold) => {
  const run = runWith({ epoch: 2, attempt: 1, holder: { region: 'region-2', invocation: 'region-2' } });
  const own = new OwnRegion(service, registerWith({ epoch: 2, run }));
  for (const atMs of [400, 500]) {
    own.speak(['region-1', 'region-2', 'region-3']);
    own.look(atMs);
  }
  const read = own.state.reads.get('region-2');
  if (!read?.view.opinions) throw new Error('nobody has spoken');
  const { unanswered: _none, outOfContactMs: _nor, ...rest } = read.view.opinions;
  const said = outOfContactMs === undefined ? {} : { unanswered, outOfContactMs: { shop: outOfContactMs } };
  const opinions = { ...rest, ...said } as OpinionItem;
  own.state.reads.set('region-2', { ...read, view: { ...read.view, opinions } });

  const { setup } = own.state;
  const state = { ...own.state, setup: { ...setup, deployment: { ...setup.deployment, groups: {} } } };

  countTime(state, 600, 0);

  expect('held:shop:2.1' in state.stopwatches).toBe(isTold);
  expect('unheld:shop:2.1' in state.stopwatches).toBe(false);
});

test.each([
  ['one that is heard hears it', ['region-3'], { 'held:shop:2.1': 4_000 }, {}, true],
  ['one that is heard hears another attempt', ['region-3'], { 'held:shop:2.0': 4_000 }, {}, false],
  ['one that is silent by now has heard it', [], { 'held:shop:2.1': 4_000 }, {}, false],
  ['nobody hears it', ['region-3'], {}, {}, false],
  ['it was the own region that held it', ['region-3'], { 'held:shop:2.1': 4_000 }, { region: 'region-1' }, false],
  ['nobody holds it', ['region-3'], { 'held:shop:2.1': 4_000 }, null, false],
])('whether a run is left to its holder when %s', (_, fresh, said, whose, isLeft) => {
  const state = beside({});
  const item = state.reads.get('region-2')?.view.opinions;
  if (!item) throw new Error('the fixture has an item');
  state.reads.set('region-3', { view: { opinions: { ...item, stopwatches: said }, acceptors: {} }, askedAtMs: seenMs });
  const serviceView = { freshWatchers: ['region-1', ...fresh], members: [] };
  const run = runWith({ holder: whose === null ? null : { ...holder, ...whose } });

  expect(isHeardByOthers(state, service, serviceView, { ...run, epoch: 2, attempt: 1 }, seenMs)).toBe(isLeft);
});

test('the silence of a voter that the configuration does not name is counted, and said', () => {
  const state = beside({});
  const voters = [...registerWith().voters, { region: 'region-9', incarnation: 'a' }];
  const seen = { ballot: makeBallot(1, 'x'), register: registerWith({ voters }) };
  state.memories.set('shop', { decided: seen, newest: seen });

  countTime(state, seenMs + 1_000, 0);

  expect(state.stopwatches).toHaveProperty('silent:region-9', 0);
});

const members = ['region-1', 'region-2', 'region-3'];

test.each([
  ['one that was heard a moment ago', members, 2_999, true],
  ['one that has fallen silent', members, 3_001, false],
  ['one that is no member any more', ['region-1', 'region-2'], 0, false],
])('whether a run is left to its holder while the table of %s does not answer', (_, all, sinceMs, isLeft) => {
  const state = beside({});
  const changedAtMs = seenMs - sinceMs;
  state.sightings = { ...state.sightings, 'region-3': { mark: '1.x.1', readAtMs: changedAtMs, changedAtMs } };
  const run = runWith({ holder, epoch: 2, attempt: 1 });
  const serviceView = { freshWatchers: ['region-1'], members: all };

  expect(isHeardByOthers(state, service, serviceView, run, seenMs)).toBe(isLeft);
});

test.each([
  ['the own watcher alone has heard it', 'region-1', { 'held:shop:2.1': 4_000 }],
  ['the holder alone says so', 'region-2', { 'held:shop:2.1': 4_000 }],
  ['a table that has answered has no item', 'region-3', null],
])('a run is not left to its holder when %s', (_, region, said) => {
  const state = beside({});
  const item = state.reads.get('region-2')?.view.opinions;
  if (!item) throw new Error('the fixture has an item');
  const opinions = said && { ...item, stopwatches: said };
  state.reads.set(region, { view: { opinions, acceptors: {} }, askedAtMs: seenMs });
  const serviceView = { freshWatchers: members, members };
  const run = runWith({ holder, epoch: 2, attempt: 1 });

  expect(isHeardByOthers(state, service, serviceView, run, seenMs)).toBe(false);
});

test.each([
  ['has seen no register', {}],
  ['has seen only one that is not decided', { shop: { decided: null, newest: null } }],
  [
    'has seen one that never moved',
    { shop: { decided: null, newest: { ballot: makeBallot(1, 'x'), register: registerWith() } } },
  ],
])('the own count of a silence goes on while a watcher %s', (_, memories) => {
  const state = beside({});
  state.memories.clear();
  for (const [name, memory] of Object.entries(memories)) state.memories.set(name, memory as never);

  expect(silenceAt(state, seenMs + 1_000)).toBe(51_000);
});

test('the own word of a run that this process holds, as a table still has it, stops no count', () => {
  const state = beside({}, { holder: { region: 'region-2', invocation: 'x' } }, 'x');

  expect(silenceAt(state, seenMs + 1_000)).toBe(51_000);
});

test('a region that this watcher does not find silent is not made so by the holder of a run', () => {
  const state = beside({ 'silent:region-1': 9_000 });

  silenceAt(state, seenMs + 1_000);

  expect('silent:region-1' in state.stopwatches).toBe(false);
});
