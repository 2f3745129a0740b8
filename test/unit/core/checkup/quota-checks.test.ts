import { expect, test } from 'vitest';
import {
  addressCheck,
  concurrencyCheck,
  healthCheckCheck,
  processorCheck,
  type ReservedConcurrency,
} from '../../../../src/core/checkup/quota-checks.ts';

const region = 'us-east-1';
const read = <T>(value: T) => ({ kind: 'read' as const, value });
const late = { kind: 'unread' as const, why: 'no answer within 3 s' };

const watcher = (reserved: number | null, isThere = true): ReservedConcurrency => ({
  kind: 'watcher',
  planned: 4,
  reserved,
  isThere,
});
const doctor: ReservedConcurrency = { kind: 'doctor', planned: null, reserved: null, isThere: true };

test.each<[string, number, ReservedConcurrency, string, RegExp]>([
  ['what is planned is reserved', 960, watcher(4), 'ok', /^needs 4 executions, 960 of 1000 are unreserved$/],
  ['nothing is deployed, and there is room', 104, watcher(null, false), 'ok', /^needs 4 executions, 104 of 1000/],
  ['nothing is deployed, and there is no room', 103, watcher(null, false), 'bad', /would take 4 more.*keeps 100$/],
  ['the account is small, and all is reserved', 6, watcher(4), 'ok', /6 of 1000/],
  ['the account is small, and nothing is reserved', 10, watcher(null, false), 'bad', /would take 4 more/],
  ['somebody has taken some', 960, watcher(2), 'doubtful', /watcher has 2 of 4$/],
  ['somebody has taken all', 960, watcher(null), 'doubtful', /watcher has none of 4$/],
  ['somebody has switched it off', 960, watcher(0), 'bad', /^watcher may not run: 0 executions are reserved$/],
])('concurrency where %s', (_, unreserved, one, state, found) => {
  const check = concurrencyCheck({ region, reading: read({ limit: 1_000, unreserved, functions: [one, doctor] }) });

  expect(check).toMatchObject({ state, found: expect.stringMatching(found) });
  expect(check.todo === null).toBe(state === 'ok');
});

test.each<[boolean, number, string]>([
  [false, 191, 'ok'],
  [false, 192, 'bad'],
  [true, 199, 'ok'],
  [true, 200, 'doubtful'],
])('health checks (deployed=%s, needed=9, limit=200, there=%s): %s', (isDeployed, count, state) => {
  expect(healthCheckCheck({ needed: 9, reading: read({ limit: 200, count }) }, isDeployed)).toMatchObject({
    state,
    found: expect.stringContaining(`needs 9, and the account has ${count} of 200`),
  });
});

test('an Elastic IP that is gone is named', () => {
  const asked = { service: 'web', region, needed: ['eipalloc-1', 'eipalloc-2'] };

  expect(addressCheck({ ...asked, reading: read({ there: ['eipalloc-1'], limit: 5 }) })).toMatchObject({
    state: 'bad',
    found: 'us-east-1 has no eipalloc-2',
  });
  expect(addressCheck({ ...asked, reading: read({ there: ['eipalloc-1', 'eipalloc-2'], limit: null }) })).toMatchObject(
    {
      state: 'ok',
      found: 'needs 2; us-east-1 has 2 of an unknown limit',
    },
  );
});

test.each<[number, string]>([
  [16, 'ok'],
  [15, 'bad'],
])('instances to start (limit=%s, running=8, missing=8): %s', (limit, state) => {
  const check = processorCheck({ region, sites: ['web/oregon'], reading: read({ limit, running: 8, missing: 8 }) });

  expect(check).toMatchObject({ state, found: `web/oregon would start 8 vCPUs; 8 of ${limit} run` });
});

test('what nobody says is unknown', () => {
  const checks = [
    concurrencyCheck({ region, reading: late }),
    healthCheckCheck({ needed: 9, reading: late }, true),
    addressCheck({ service: 'web', region, needed: [], reading: late }),
    processorCheck({ region, sites: ['web/oregon'], reading: late }),
  ];

  for (const { todo } of checks) expect(todo).toMatch(/operator-rights/);
  expect(checks.map(({ state, found }) => `${state} ${found}`)).toEqual([
    'unknown no answer within 3 s',
    'unknown no answer within 3 s',
    'unknown in us-east-1: no answer within 3 s',
    'unknown for web/oregon: no answer within 3 s',
  ]);
});
