import { expect, test } from 'vitest';
import { isLeaseOver } from '../../../../../src/core/watcher/fencing/lease.ts';

test.each([
  [0, false],
  [9_999, false],
  [10_000, true],
] as const)('out of contact for %i ms the lease is over: %s (leaseMs=10000)', (outMs, expected) => {
  expect(isLeaseOver(outMs, 10_000)).toBe(expected);
});
