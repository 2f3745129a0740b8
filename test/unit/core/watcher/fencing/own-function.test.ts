import { expect, test } from 'vitest';
import { digestsOf } from '../../../../../src/core/model/digest.ts';
import type { Routine } from '../../../../../src/core/routine.ts';
import type { OpinionItem } from '../../../../../src/core/tables/opinion-item.ts';
import { closingsSaid } from '../../../../../src/core/watcher/fencing/closing-terms.ts';
import { askFunctions } from '../../../../../src/core/watcher/fencing/own-function.ts';
import type { WatcherState } from '../../../../../src/core/watcher/state.ts';
import { runCanned, serviceWith } from '../../service.fixture.ts';
import { watcherOf } from '../change.fixture.ts';

const fence = { kind: 'read-only', functionName: 'fence' } as const;
const home = serviceWith({ sites: { one: { region: 'region-1', fence }, two: { region: 'region-2', fence } } });

/** A watcher of `region-1` after its first look. */
function looking(said: Partial<OpinionItem> | null = null): WatcherState {
  const state = watcherOf(home);
  state.ticks = 1;
  const opinions = said as OpinionItem | null;
  if (said !== null) state.reads.set('region-1', { view: { acceptors: {}, opinions }, askedAtMs: 0 });
  return state;
}

/** Has the watcher ask, and carries out what it starts; how often its function was asked. */
function asked(state: WatcherState, outcome: 'as-ordered' | 'disagreed' | 'stale', nowMs = 0): number {
  let count = 0;
  const answer = { ok: true, value: { outcome, hasWritten: false, detail: '' } };
  const run = (routine: Routine<unknown>): unknown =>
    runCanned(
      routine,
      (request) => {
        if (request.kind === 'spawn') return run(request.routine);
        if (request.kind !== 'call') return undefined;
        count += 1;
        expect(request.input).toMatchObject({
          region: 'region-1',
          order: { kind: 'fence', site: 'one', manner: 'rehearse' },
        });
        return answer;
      },
      { monotonicMs: nowMs },
    );
  run(askFunctions(state));
  return count;
}

test('a watcher whose function nobody has asked asks it once', () => {
  const state = looking();

  expect([asked(state, 'as-ordered'), asked(state, 'as-ordered', 1_000_000)]).toEqual([1, 0]);
  expect(closingsSaid(state).closes).toEqual(['shop/one', 'shop/two']);
});

test('an order that came too late says nothing of agreement', () => {
  const state = looking();

  expect(asked(state, 'stale')).toBe(1);
  expect(closingsSaid(state).closes).toEqual(['shop/two']);
});

test('a function that disagrees is asked again, as often as things are looked at', () => {
  const state = looking();
  const { reconcileMs } = home.failover;

  expect(asked(state, 'disagreed')).toBe(1);
  expect([asked(state, 'disagreed', reconcileMs - 1), asked(state, 'disagreed', reconcileMs)]).toEqual([0, 1]);
  expect(closingsSaid(state).closes).toEqual(['shop/two']);
});

test('nothing is asked before the first look, nor of what a predecessor knows', () => {
  const first = watcherOf(home);

  expect(asked(first, 'as-ordered')).toBe(0);
  expect(asked(looking({ closes: ['shop/one'], digests: digestsOf(home) }), 'as-ordered')).toBe(0);
  expect(asked(looking({ closes: ['shop/one'], digests: {} }), 'as-ordered')).toBe(1);
});
