import { describe, expect, test } from 'vitest';
import {
  joinersOf,
  partOf,
  percentsJoined,
  percentsLeft,
  percentTakenOver,
  rampWithdrawn,
  type SharePlanInput,
} from '../../../../../src/core/decision/share-plan.ts';
import type { SiteReport } from '../../../../../src/core/detection/observation.ts';
import type { Verdict } from '../../../../../src/core/detection/verdict.ts';
import { lastResortName } from '../../../../../src/core/model/service.ts';
import type { Shares } from '../../../../../src/core/register/share.ts';
import { serviceWith, weightedDns } from '../../service.fixture.ts';

// Three sites of 100, each full at 90.
const scaled = {
  capacity: 100,
  scale: [{ kind: 'auto-scaling-group', name: 'asg', size: 4, asActive: false, standbySize: 1 }],
} as const;
const pool = serviceWith({
  mode: 'active-active',
  traffic: { dns: weightedDns },
  sites: { one: scaled, two: scaled, far: scaled },
});
const all = ['one', 'far', 'two'];

function plan(
  demand: number | null,
  shares: Partial<Shares> = {},
  verdicts: Readonly<Record<string, Verdict>> = {},
  reports: Readonly<Record<string, SiteReport>> = {},
): SharePlanInput {
  const knowledge = { verdicts: { one: 'up', two: 'up', far: 'up', ...verdicts }, reports, dependencies: {} } as const;
  return { service: pool, shares: { serving: all, ramp: {}, ...shares }, knowledge, demand };
}

describe('what a site that leaves keeps', () => {
  test.each([
    [180, 0],
    [200, 23],
    [270, 100],
    [900, 100],
    [null, 0],
  ])('is what the others cannot carry (demand=%d): %i %%', (demand, percent) => {
    expect(percentsLeft(plan(demand), ['two'], 'full')).toEqual({ two: percent });
  });

  test('is all of it when nobody who gets traffic would gain, whoever is well beside', () => {
    expect(percentsLeft(plan(10, { serving: ['one', 'two'] }, { two: 'down' }), ['one'], 'full')).toEqual({ one: 100 });
  });

  test('is nothing when it had nothing, with the others full to the brim', () => {
    expect(percentsLeft(plan(90, { serving: ['one'] }), ['two'], 'full')).toEqual({ two: 0 });
  });

  test('does not depend on the size of a site that is dead itself', () => {
    const reports = { one: { inService: 4 }, far: { inService: 1 } };

    expect(percentsLeft(plan(120, {}, { far: 'down' }, reports), ['two'], 'present')).toEqual({ two: 0 });
    expect(percentsLeft(plan(120, {}, {}, reports), ['two'], 'present')).toEqual({ two: 100 });
  });
});

describe('the ramp once a site has left', () => {
  const halves = { ramp: { one: 50, far: 50 } };
  const leave = { from: 'two', serving: ['one', 'far'] };

  test('gives those who stay their full share where that fits, if only just', () => {
    expect(rampWithdrawn(plan(180, halves), leave, 'full')).toEqual({ two: 0 });
    expect(rampWithdrawn(plan(270, halves), leave, 'full')).toEqual({});
  });

  test('leaves them as they are where it does not', () => {
    expect(rampWithdrawn(plan(300, halves), leave, 'full')).toEqual({ one: 50, far: 50, two: 67 });
  });

  test('raises none that is down', () => {
    expect(rampWithdrawn(plan(30, halves, { far: 'down' }), leave, 'full')).toEqual({ far: 50, two: 0 });
  });
});

describe('what a site that comes in gets', () => {
  test.each([
    [90, 100],
    [180, 100],
    [360, 33],
    [null, 100],
  ])('is as much as it can carry beside the one that is there (demand=%d): %i %%', (demand, percent) => {
    expect(percentsJoined(plan(demand, { serving: ['one'] }), ['two'], 'full')).toEqual({ two: percent });
  });

  test('is all of its share where it serves alone, at its very limit', () => {
    expect(percentsJoined(plan(90, { serving: [] }), ['two'], 'full')).toEqual({ two: 100 });
  });

  test('is never less than it has', () => {
    const shares = { serving: ['one'], ramp: { two: 60 } };

    expect(percentsJoined(plan(360, shares), ['two'], 'full')).toEqual({ two: 60 });
  });
});

describe('what a site takes over from another, where one serves', () => {
  const shares = { serving: ['one'] };

  test.each([
    [null, 100],
    [0, 100],
    [45, 100],
    [90, 100],
    [100, 90],
    [180, 50],
  ])('is as much of the demand as it can carry (demand=%d): %i %%', (demand, percent) => {
    expect(percentTakenOver(plan(demand, shares), 'two', 'full')).toBe(percent);
  });

  test('grows with its size', () => {
    const sized = (size: number) => plan(90, shares, {}, { two: { inService: size } });

    expect([1, 2, 4].map((size) => percentTakenOver(sized(size), 'two', 'present'))).toEqual([25, 50, 100]);
  });

  test('is never less than it has taken already', () => {
    expect(percentTakenOver(plan(180, { serving: ['one'], ramp: { two: 70 } }), 'two', 'full')).toBe(70);
  });

  test('is all of it where the service would rather overload it', () => {
    const service = { ...pool, capacity: { ...pool.capacity, shortage: 'shift' } } as const;

    expect(percentTakenOver({ ...plan(180, shares), service }, 'two', 'full')).toBe(100);
  });
});

describe('the part of all traffic', () => {
  test('is what sites get of what all get', () => {
    expect(partOf(pool, { serving: all, ramp: { two: 0 } }, ['one'])).toBe(0.5);
    expect(partOf(pool, { serving: all, ramp: {} }, all)).toBe(1);
  });

  test('is none while the static endpoint serves', () => {
    expect(partOf(pool, { serving: [lastResortName], ramp: {} }, ['one'])).toBe(0);
  });
});

test('those raised beside a site that comes in have a part, serve, and are up', () => {
  const shares = { serving: ['one', 'far'], ramp: { one: 50, far: 50 } };
  const verdicts = { one: 'up', far: 'degraded', two: 'up' } as const;

  expect(joinersOf({ to: 'two', serving: all }, shares, { verdicts })).toEqual(['two', 'one']);
  expect(joinersOf({ to: 'two', serving: all }, { ...shares, ramp: {} }, { verdicts })).toEqual(['two']);
});
