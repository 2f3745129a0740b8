import { expect, test } from 'vitest';
import type { Answer } from '../../../../src/core/fault.ts';
import type { Placed } from '../../../../src/core/kinds/kind.ts';
import type { Desired } from '../../../../src/core/kinds/kinds.ts';
import type { StepReport } from '../../../../src/core/kinds/order.ts';
import { hasAnswered, noteAnswer, noteReach } from '../../../../src/core/watcher/reach.ts';
import { service } from '../service.fixture.ts';
import { watcherOf } from './change.fixture.ts';

type Given = Answer<StepReport>;
const done: Given = { ok: true, value: { outcome: 'as-ordered', hasWritten: true } };
const failed: Given = { ok: true, value: { outcome: 'failed', fault: { kind: 'denied', detail: 'no' } } };
const fault = (kind: 'timeout' | 'unavailable' | 'throttled' | 'denied' | 'invalid'): Given => ({
  ok: false,
  fault: { kind, detail: 'none' },
});

const fenceIn = (region: string): Placed<Desired> => ({
  region,
  desired: { kind: 'fence', site: 'one', isIsolated: true, isSelfFence: false },
});
const recordBy = (region: string): Placed<Desired> => ({ region, desired: { kind: 'dns', site: 'one' } });

test('L1: what is in no region and cannot be done from one is left to another', () => {
  const state = watcherOf(service);

  const seen = [failed, done].map((answer) => {
    noteReach(state, recordBy('region-1'), answer);
    return state.unanswered;
  });

  expect(seen).toEqual([['region-1'], []]);
});

test('L1: a region is unanswered from the first order without an answer to the next with one, whatever it says', () => {
  const state = watcherOf(service);

  const seen = [fault('timeout'), fault('throttled'), failed].map((answer) => {
    noteReach(state, fenceIn('region-2'), answer);
    return state.unanswered;
  });

  expect(seen).toEqual([['region-2'], ['region-2'], []]);
});

test('L1: each region is noted apart', () => {
  const state = watcherOf(service);

  noteReach(state, fenceIn('region-2'), fault('timeout'));
  noteReach(state, fenceIn('region-3'), fault('timeout'));
  noteReach(state, fenceIn('region-2'), done);

  expect(state.unanswered).toEqual(['region-3']);
});

test.each([
  [done, true],
  [failed, true],
  [fault('throttled'), true],
  [fault('denied'), true],
  [fault('invalid'), true],
  [fault('timeout'), false],
  [fault('unavailable'), false],
] as const)('%j comes from something in the region that lives: %s', (answer, expected) => {
  expect(hasAnswered(answer)).toBe(expected);
});

test.each([
  [done, { 'silent:region-3': 9_000 }],
  [fault('denied'), { 'silent:region-3': 9_000 }],
  [fault('timeout'), { 'silent:region-2': 9_000, 'silent:region-3': 9_000 }],
] as const)('S11: after %j in region-2 these silences go on: %j', (answer, expected) => {
  const state = watcherOf(service);
  state.stopwatches = { 'silent:region-2': 9_000, 'silent:region-3': 9_000 };

  noteAnswer(state, fenceIn('region-2'), answer);

  expect(state.stopwatches).toEqual(expected);
});
