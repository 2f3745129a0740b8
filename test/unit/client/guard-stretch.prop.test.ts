import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oracleCacheMs, waitMsOf } from '../../../src/client/guard-stretch.ts';
import { type GuardWorldPlan, runGuards } from './guard-world.fixture.ts';

const leaseMs = 3_000;

/** Worlds with everything that a guard must bear; clocks are off by up to 2.4 %, as its docstring allows. */
const worlds = fc.record({
  seed: fc.integer(),
  tableCount: fc.constantFrom<3 | 5>(3, 5),
  leaseMs: fc.constant(leaseMs),
  waitMs: fc.constant(waitMsOf(leaseMs)),
  cacheMs: fc.constant(oracleCacheMs),
  driftMax: fc.constantFrom(0, 0.024),
  lossShare: fc.constantFrom(0, 0.05, 0.3),
  delayMsMax: fc.constantFrom(25, 150, 600),
  changeMs: fc.constantFrom(1_500, 6_000, 20_000),
  troubleMs: fc.constantFrom(0, 8_000, 30_000),
});

/** The world in which a mistake has the best chance to do harm. */
const hard: Omit<GuardWorldPlan, 'seed'> = {
  tableCount: 3,
  leaseMs,
  waitMs: waitMsOf(leaseMs),
  cacheMs: oracleCacheMs,
  driftMax: 0.024,
  lossShare: 0.05,
  delayMsMax: 150,
  changeMs: 6_000,
  troubleMs: 8_000,
};

const seeds = Array.from({ length: 200 }, (_, seed) => seed);
const clashesOf = (plan: Omit<GuardWorldPlan, 'seed'>) =>
  seeds.filter((seed) => runGuards({ ...plan, seed }).clash !== null).length;

describe('guards of three sites', () => {
  it('are never true at two sites at once, whatever clocks, network, processes and epochs do', () => {
    fc.assert(
      fc.property(worlds, (plan) => {
        expect(runGuards(plan).clash).toBeNull();
      }),
      { numRuns: 400 },
    );
  });

  it('are true at the active site most of the time when little changes', () => {
    const calm = { ...hard, lossShare: 0, driftMax: 0, troubleMs: 0, delayMsMax: 50, changeMs: 20_000 };
    const shares = seeds.slice(0, 50).map((seed) => runGuards({ ...calm, seed }));

    expect(Math.min(...shares.map(({ activeShare }) => activeShare))).toBeGreaterThan(0.4);
    expect(shares.reduce((sum, { takeovers }) => sum + takeovers, 0)).toBeGreaterThan(50);
  });

  it('bear the hard world in 200 seeds', () => {
    expect(clashesOf(hard)).toBe(0);
  });

  it.each([
    ['no wait at all', { waitMs: 0 }],
    ['a wait that forgets the lease of the former site', { waitMs: oracleCacheMs }],
    ['oracles that answer from older reads than the wait covers', { cacheMs: 8_000 }],
    ['clocks far beyond the margin', { driftMax: 0.8 }],
  ])('are caught with a planted mistake: %s', (_, mistake) => {
    expect(clashesOf({ ...hard, ...mistake })).toBeGreaterThan(0);
  });
});
