import { expect, test } from 'vitest';
import { isLeaseOver, leaseMsOf } from '../../../../../src/core/watcher/fencing/lease.ts';
import { serviceWith } from '../../service.fixture.ts';

test.each([
  [0, false],
  [9_999, false],
  [10_000, true],
] as const)('out of contact for %i ms the lease is over: %s (leaseMs=10000)', (outMs, expected) => {
  expect(isLeaseOver(outMs, 10_000)).toBe(expected);
});

test.each([
  ['has just begun', null, 5_000, 600_000],
  ['wrote its counts lately', 100_000, 105_000, 600_000],
  ['has never written its counts', null, 10_001, 140_000],
  ['wrote its counts until its table refused', 100_000, 110_001, 140_000],
] as const)('a lease of ten minutes, for a process of 150 s that %s', (_, handedOverAtMs, nowMs, leaseMs) => {
  const fresh = { leaseBefore: null, contacts: new Map() };
  const state = { handedOverAtMs, startedAtMs: 0, tickMs: 2_000, setup: { lifeMs: 150_000 } as never, ...fresh };

  expect(leaseMsOf(state, serviceWith({ failover: { leaseMs: 600_000 } }), nowMs)).toBe(leaseMs);
});
