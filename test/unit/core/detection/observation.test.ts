import { expect, test } from 'vitest';
import {
  combineObservations,
  mergeReports,
  type Observation,
  type SiteReport,
  type WeighedObservation,
} from '../../../../src/core/detection/observation.ts';

const pass: Observation = { outcome: 'pass', latencyMs: 1 };
const fail: Observation = { outcome: 'fail', reason: 'timeout', latencyMs: 1 };
const unknown: Observation = { outcome: 'unknown', detail: 'no sockets' };
const plain = (observation: Observation): WeighedObservation => ({ observation, isCorroborating: false });
const corroborating = (observation: Observation): WeighedObservation => ({ observation, isCorroborating: true });

test.each([
  ['pass', 'all', [pass, pass]],
  ['fail', 'all', [pass, fail]],
  ['unknown', 'all', [pass, unknown]],
  ['fail', 'all', [fail, unknown]],
  ['pass', 'any', [fail, pass]],
  ['unknown', 'any', [fail, unknown]],
  ['fail', 'any', [fail, fail]],
  ['pass', { atLeast: 2 }, [pass, pass, fail]],
  ['unknown', { atLeast: 2 }, [pass, unknown, fail]],
  ['fail', { atLeast: 2 }, [pass, fail, fail]],
] as const)('is %s when %j is required of %j', (outcome, require, observations) => {
  const combined = combineObservations(observations.map(plain), require);

  expect(combined.outcome).toBe(outcome);
});

test('names the first failure as the reason, and none while the site has not failed', () => {
  const refused: Observation = { outcome: 'fail', reason: 'refused', latencyMs: 1 };

  const failed = combineObservations([plain(refused), plain(fail)], 'all');
  const passed = combineObservations([plain(refused), plain(pass)], 'any');

  expect(failed.reason).toBe('refused');
  expect(passed.reason).toBeNull();
});

test('a corroborating probe sees life but neither meets nor fails a requirement', () => {
  const alive = combineObservations([plain(fail), corroborating(pass)], 'any');
  const dead = combineObservations([plain(pass), corroborating(fail)], 'all');

  expect(alive).toMatchObject({ outcome: 'fail', isCorroboratedAlive: true });
  expect(dead).toMatchObject({ outcome: 'pass', isCorroboratedAlive: false });
});

test('reports the worst that the answers say: any other role, the highest lag, not ready if one says so', () => {
  const said = (report: Observation & { outcome: 'pass' } extends { report?: infer R } ? R : never) =>
    plain({ ...pass, report });

  const combined = combineObservations(
    [
      said({ role: 'active', replicationLagMs: 5, ready: true }),
      said({ role: 'standby', replicationLagMs: 9, ready: false }),
      said({ role: 'active', replicationLagMs: 7, ready: true }),
      plain(unknown),
    ],
    'any',
  );

  expect(combined.report).toEqual({ role: 'standby', replicationLagMs: 9, ready: false });
});

test('reports nothing when no answer says anything', () => {
  const combined = combineObservations([plain(pass)], 'all');

  expect(combined.report).toEqual({});
});

test('takes of several clocks the furthest off, of certificates the first to end, and keeps a clock that is right', () => {
  const merged = mergeReports([
    { clockOffsetMs: 3, certificateDaysLeft: 40, dataRole: 'replica' as const, canTakeRole: true, size: 2 },
    {
      clockOffsetMs: -9,
      certificateDaysLeft: 12,
      dataRole: 'takes-writes' as const,
      canTakeRole: false,
      isSelfFenced: true,
      size: 1,
    },
    { clockOffsetMs: 5, dataRole: 'replica' as const },
  ]);
  const right = mergeReports([{ clockOffsetMs: 0 }]);

  expect(merged).toEqual({
    ...{
      clockOffsetMs: -9,
      certificateDaysLeft: 12,
      dataRole: 'takes-writes' as const,
      canTakeRole: false,
      isSelfFenced: true,
    },
    size: 2,
  });
  expect(right).toEqual({ clockOffsetMs: 0 });
});

test('takes of several backups the older, and none before any', () => {
  const ages = (...backups: readonly (number | null)[]) =>
    mergeReports(backups.map((backupAgeMs) => ({ backupAgeMs }))).backupAgeMs;

  expect([ages(3, 5), ages(5, 3), ages(3, null), ages(null, 3)]).toEqual([5, 5, null, null]);
});

test.each([
  ['the slowest plain probe that passes', [plain({ ...pass, latencyMs: 7 }), plain({ ...pass, latencyMs: 3 })], 7],
  ['none that failed', [plain({ ...pass, latencyMs: 3 }), plain({ ...fail, latencyMs: 900 })], 3],
  ['none that only corroborates', [plain({ ...pass, latencyMs: 3 }), corroborating({ ...pass, latencyMs: 900 })], 3],
  ['nothing while the site does not pass', [plain(fail)], null],
] as const)('the latency of a site is that of %s', (_, observations, latencyMs) => {
  expect(combineObservations(observations, 'any').latencyMs).toBe(latencyMs);
});

test.each([
  ['one probe of two fails', [pass, fail], 'any', true],
  ['both pass', [pass, pass], 'any', false],
  ['one is not known', [pass, unknown], 'any', false],
  ['it fails itself', [pass, fail], 'all', false],
] as const)('a site passes in part while %s: %#', (_, observations, require, isPartial) => {
  expect(combineObservations(observations.map(plain), require).isPartial).toBe(isPartial);
});

test('names the dependencies whose probes fail, each once and in order', () => {
  const of = (observation: Observation, dependency: string) => ({ ...corroborating(observation), dependency });

  const combined = combineObservations(
    [
      plain(pass),
      plain(fail),
      of(fail, 'queue'),
      of(fail, 'cache'),
      of(fail, 'cache'),
      of(pass, 'mail'),
      of(unknown, 'x'),
    ],
    'any',
  );

  expect(combined.dependencies).toEqual(['cache', 'queue']);
});

test('a site without plain probes, of which one must pass, fails for no reason of a probe', () => {
  expect(combineObservations([corroborating(pass)], 'any')).toMatchObject({ outcome: 'fail', reason: null });
});

test('a site without plain probes passes, at once', () => {
  expect(combineObservations([corroborating(pass)], 'all')).toMatchObject({ outcome: 'pass', latencyMs: 0 });
});

test.each([
  [[{ role: 'active' }, { role: 'active' }], { role: 'active' }],
  [[{ role: 'standby' }, { role: 'active' }], { role: 'standby' }],
  [[{ ready: true }, { ready: true }], { ready: true }],
  [[{ ready: false }, { ready: true }], { ready: false }],
  [[{ dataRole: 'takes-writes' }, { dataRole: 'replica' }], { dataRole: 'takes-writes' }],
  [[{ dataRole: 'replica' }, { dataRole: 'sole-writer' }], { dataRole: 'sole-writer' }],
  [[{ dataRole: 'takes-writes' }, { dataRole: 'sole-writer' }], { dataRole: 'takes-writes' }],
  [[{ dataRole: 'replica' }, {}], { dataRole: 'replica' }],
  [[{ canTakeRole: false }, { canTakeRole: true }], { canTakeRole: false }],
  [[{ canTakeRole: true }, { canTakeRole: true }], { canTakeRole: true }],
  [[{ isSelfFenced: true }, { isSelfFenced: false }], { isSelfFenced: true }],
  [[{ isSelfFenced: false }], {}],
  [[{ load: 0 }, { load: 5 }], { load: 5 }],
  [[{ findings: 2 }, { findings: 1 }], { findings: 2 }],
  [[{ restoreAgeMs: 3 }, { restoreAgeMs: null }], { restoreAgeMs: null }],
  [[{ certificateDaysLeft: 3 }, { certificateDaysLeft: 30 }], { certificateDaysLeft: 3 }],
  [[{ clockOffsetMs: -9 }, { clockOffsetMs: 9 }], { clockOffsetMs: -9 }],
] as const)('of the reports %j the least favourable is %j', (reports, merged) => {
  expect(mergeReports(reports)).toEqual(merged);
});

test('a report that says nothing changes nothing, before others or after them', () => {
  const full: SiteReport = {
    ...{ role: 'active', ready: true, canTakeRole: true, isSelfFenced: true, clockOffsetMs: 3 },
    dataRole: 'replica',
    ...{
      certificateDaysLeft: 9,
      load: 1,
      size: 2,
      findings: 0,
      replicationLagMs: 4,
      backupAgeMs: 5,
      restoreAgeMs: null,
    },
  } as const;

  expect(mergeReports([full, {}])).toStrictEqual(full);
  expect(mergeReports([{}, full])).toStrictEqual(full);
  expect(mergeReports([{}, {}])).toStrictEqual({});
});
