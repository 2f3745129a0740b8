import { expect, test } from 'vitest';
import { examineTables } from '../../../../../src/adapters/aws/checkup/table-inquiry.ts';
import { type Check, exitOf } from '../../../../../src/core/checkup/check.ts';
import { personTimes, unhurriedTimes } from '../../../../../src/core/checkup/checkup-times.ts';
import { fakeTarget, memoriesSaying } from '../../../cli/operator/target.fixture.ts';

/** @param dark - control regions whose table gives no answer */
function examine(dark: readonly string[] = []): Promise<readonly Check[]> {
  const target = fakeTarget(dark);
  return examineTables(target.deployment, target, personTimes);
}

test('with every watcher heard, a service that has never moved is doubtful about that alone', async () => {
  const checks = await examine();

  expect(checks.filter(({ state }) => state !== 'ok')).toMatchObject([{ name: 'last move', state: 'doubtful' }]);
  expect(exitOf(checks)).toBe(0);
});

test('a dark region is unknown and never ok, and the rest is still told', async () => {
  const checks = await examine(['us-east-2']);

  const dark = checks.filter(({ subject }) => subject === 'us-east-2');
  expect(dark.map(({ name, state }) => [name, state])).toEqual([
    ['state table', 'unknown'],
    ['watcher', 'unknown'],
  ]);
  expect(checks.find(({ name }) => name === 'protection')?.state).toBe('ok');
});

test('where DNS leads clients elsewhere it is bad', async () => {
  const target = fakeTarget([], { dns: memoriesSaying(() => 'ALARM') });

  const checks = await examineTables(target.deployment, target, personTimes);

  expect(checks[0]).toMatchObject({ name: 'protection', subject: 'web', state: 'bad' });
  expect(checks[0]?.found).toContain('DNS leads clients to oregon, and the register to virginia');
});

test('without a majority it is bad', async () => {
  const checks = await examine(['us-west-2', 'us-east-2']);

  expect(checks[0]).toMatchObject({ name: 'quorum', state: 'bad' });
  expect(exitOf(checks)).toBe(1);
});

test('tables that never answer are not waited for, and nobody is taken for well', async () => {
  const target = fakeTarget();
  const never = () => new Promise<never>(() => {});
  const ports = { ...target.ports, handlers: { ...target.ports.handlers, readTable: never } };

  const checks = await examineTables(
    target.deployment,
    { ports, readSilent: async () => ({}) },
    { ...personTimes, patienceMs: 20 },
  );

  expect(checks.filter(({ state }) => state === 'ok')).toEqual([]);
  expect(checks.find(({ name }) => name === 'state table')?.found).toBe('no answer within 20 ms');
});

test('who is not waited for listens until the slowest opinion counts no longer', () => {
  const { deployment } = fakeTarget();
  const { web } = deployment.services;
  if (web === undefined) throw new TypeError('the deployment has a service web');
  const slow = { ...web, detection: { ...web.detection, opinionTtlMs: 180_000 } };

  const times = unhurriedTimes({ ...deployment, services: { web, slow } });

  expect(times).toEqual({ answerMsMax: 3_000, listenMsMax: 180_000, patienceMs: 186_000 });
});
