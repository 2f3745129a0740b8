import { expect, test } from 'vitest';
import {
  blockLeftMs,
  countedMoves,
  dayMs,
  type LimitedMove,
  type LimitInput,
  limitedBecause,
} from '../../../../src/core/decision/limits.ts';
import type { AutomaticMove } from '../../../../src/core/register/register.ts';
import { madeMove, registerWith, serviceWith } from '../service.fixture.ts';

const failover = (from: string, to: string): LimitedMove => ({ kind: 'failover', from, to });
const failback: LimitedMove = { kind: 'failback', from: 'two', to: 'one' };

/** After some automatic moves, so long ago (blockMs=3600000, maxMovesPerDay=2). */
function after(moves: readonly AutomaticMove[], agoMs = 0): LimitInput {
  return {
    service: serviceWith({ failover: { blockMs: 3_600_000, maxMovesPerDay: 2 } }),
    register: registerWith({ epoch: 9, moves }),
    stopwatches: Object.fromEntries(moves.map(({ epoch }) => [`epoch:shop:${epoch}`, agoMs])),
  };
}

const oneLeft = madeMove(2, { from: 'one', to: 'two' });

test.each<[string, LimitedMove, LimitInput, string | null]>([
  ['back to the site that was left', failover('two', 'one'), after([oneLeft]), 'blocked'],
  ['on to a site that has not failed', failover('two', 'far'), after([oneLeft]), null],
  [
    'back over a third site',
    failover('far', 'one'),
    after([oneLeft, madeMove(3, { from: 'two', to: 'far' })]),
    'blocked',
  ],
  ['back, as a failback', failback, after([oneLeft]), 'blocked'],
  ['back after the block period', failover('two', 'one'), after([oneLeft], 3_600_000), null],
  ['back after an ack', failover('two', 'one'), after([{ ...oneLeft, isAcknowledged: true }]), null],
  ['the same way again, after a person moved back', failover('one', 'two'), after([oneLeft]), null],
  ['back to a site that a failback left', failover('one', 'two'), after([madeMove(2, failback)]), null],
])('within a block period: %s', (_, move, given, reason) => {
  expect(limitedBecause(given, move)?.reason ?? null).toBe(reason);
});

const seen = { isAcknowledged: true };

test.each<[string, LimitedMove, readonly AutomaticMove[], string | null]>([
  [
    'two moves of the pair',
    failover('one', 'two'),
    [madeMove(2, seen), madeMove(3, { from: 'one', to: 'two', ...seen })],
    'daily-limit',
  ],
  [
    'two moves of other pairs',
    failover('one', 'two'),
    [madeMove(2, { to: 'far', ...seen }), madeMove(3, { from: 'far', ...seen })],
    null,
  ],
  ['two failbacks, before a failover', failover('one', 'two'), [madeMove(2, failback), madeMove(3, failback)], null],
  ['two failbacks, before a failback', failback, [madeMove(2, failback), madeMove(3, failback)], 'daily-limit'],
  ['two failovers, before a failback', failback, [madeMove(2, seen), madeMove(3, seen)], null],
  [
    'two readmissions, before a third',
    { kind: 'readmit', from: 'one', to: 'far' },
    [madeMove(2, { kind: 'readmit' }), madeMove(3, { kind: 'readmit' })],
    'daily-limit',
  ],
])('the daily limit after %s', (_, move, moves, reason) => {
  expect(limitedBecause(after(moves), move)?.reason ?? null).toBe(reason);
});

test('a move counts for a day or for the block period, whichever is longer, and is forgotten then', () => {
  const given = after([oneLeft], dayMs);
  const long = { ...given, service: serviceWith({ failover: { blockMs: 2 * dayMs } }) };

  expect([countedMoves(given), countedMoves(long)]).toEqual([[], [oneLeft]]);
});

test('what is left of a block period is the longest of all sites, or that of one', () => {
  const given = after([oneLeft, madeMove(3, { from: 'two', to: 'far' })]);
  const stopwatches = { 'epoch:shop:2': 600_000, 'epoch:shop:3': 60_000 };

  const left = [undefined, 'one', 'two', 'far'].map((to) => blockLeftMs({ ...given, stopwatches }, to));

  expect(left).toEqual([3_540_000, 3_000_000, 3_540_000, 0]);
});
