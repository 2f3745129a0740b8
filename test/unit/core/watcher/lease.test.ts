import { expect, test } from 'vitest';
import { isLeaseOver } from '../../../../src/core/watcher/lease.ts';
import { service } from '../service.fixture.ts';

test.each([
  [null, 0, true],
  [5_000, 5_000, false],
  [5_000, 14_999, false],
  [5_000, 15_000, true],
] as const)('last contact at %s ms, now %i ms: the lease is over: %s (leaseMs=10000)', (contactMs, nowMs, expected) => {
  expect(isLeaseOver(contactMs, service, nowMs)).toBe(expected);
});
