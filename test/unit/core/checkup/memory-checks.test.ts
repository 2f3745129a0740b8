import { expect, test } from 'vitest';
import { memoryChecks } from '../../../../src/core/checkup/memory-checks.ts';
import { type MemoryReading, type MemoryState, memoriesIn } from '../../../../src/core/dns/readings.ts';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import { deploymentOf } from '../group.fixture.ts';
import { poolWith } from '../pool.fixture.ts';

const chain = { ...poolWith({ policy: 'failover', memory: true }), mode: 'active-passive' } as const;
const deployment = deploymentOf({ web: chain }, {});
const [first, second] = memoriesIn(deployment);

function said(one: MemoryState, other: MemoryState = 'OK'): MemoryReading {
  return { kind: 'read', states: { [first?.alarm ?? '']: one, [second?.alarm ?? '']: other } };
}

function checkOf(...readings: readonly MemoryReading[]) {
  const byRegion = Object.fromEntries(readings.map((reading, place) => [`region-${place + 1}`, reading]));
  return memoryChecks(deployment, byRegion)[0];
}

test('there is one memory for each record of a chain but the last', () => {
  expect(memoriesIn(deployment).map(({ sites }) => sites.length)).toEqual([1, 2]);
});

test.each<[string, readonly MemoryReading[], string, string]>([
  ['nothing was left', [said('OK'), said('OK')], 'ok', 'remembers no site as left'],
  ['the first site was left', [said('ALARM'), said('ALARM')], 'ok', 'remembers as left: web at virginia'],
  ['another region says the opposite', [said('ALARM'), said('OK')], 'doubtful', 'other regions differ'],
  ['no watcher has written', [said('INSUFFICIENT_DATA'), said('OK')], 'doubtful', 'has no data for web at virginia'],
  ['only another region has no data', [said('ALARM'), said('INSUFFICIENT_DATA')], 'ok', 'remembers as left'],
  ['the alarm was never made', [said('missing')], 'doubtful', `has no alarm ${first?.alarm}`],
  ['nobody may read it', [{ kind: 'unread', why: 'its alarms could not be read: denied' }], 'unknown', 'denied'],
])('what a region remembers: %s', (_, readings, state, found) => {
  const check = checkOf(...readings);

  expect(check).toMatchObject({ name: 'dns memory', subject: 'region-1', state });
  expect(check?.found).toContain(found);
});

test('a deployment that remembers nothing has nothing to check', () => {
  const forgetful = { web: { ...chain, traffic: { dns: { ...chain.traffic.dns, memory: false } } } };

  expect(memoryChecks(deploymentOf(forgetful as Deployment['services'], {}), { 'region-1': said('OK') })).toEqual([]);
});
