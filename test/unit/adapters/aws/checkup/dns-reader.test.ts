import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { DnsReader, type DnsSources } from '../../../../../src/adapters/aws/checkup/dns-reader.ts';
import { sourcesOfLab } from '../../../../../src/cli/operator/lab-target.ts';
import { type MemoryReading, memoriesIn, questionsIn } from '../../../../../src/core/dns/readings.ts';
import { PortError } from '../../../../../src/ports/port-error.ts';
import { deploymentOf } from '../../../cli/deployment.fixture.ts';

const deployment = deploymentOf('web', 'api');
const [east, west, witness] = deployment.controlRegions as readonly [string, string, string];
const remembered: MemoryReading = { kind: 'read', states: { [memoriesIn(deployment)[0]?.alarm ?? '']: 'OK' } };

const nothing: DnsSources = { findOracle: null, readMemory: null, patienceMs: 5_000, keptMs: 0 };

/** An oracle on loopback until the test ends; null hangs. */
async function oracle(answer: (path: string) => number | null): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const status = answer(url);
    if (status !== null) response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test('an oracle is asked every question of the checkers, and what has no answer says why', async () => {
  const [first, second] = questionsIn(deployment);
  const well = await oracle((path) => (path === first?.path ? 200 : 503));
  const half = await oracle((path) => (path === first?.path ? 503 : null));
  const urls: Readonly<Record<string, string>> = { [east]: well.url, [west]: half.url };
  const sources = { ...nothing, findOracle: async (region: string) => urls[region] ?? null, patienceMs: 300 };

  const inquiry = new DnsReader(deployment, sources).read();
  await inquiry.over;

  expect(well.asked.toSorted()).toEqual([first?.path, second?.path].toSorted());
  expect(inquiry.soFar()).toEqual({
    oracles: {
      [east]: { kind: 'answered', statuses: { 'web/virginia': 200, 'api/virginia': 503 }, why: null },
      [west]: { kind: 'answered', statuses: { 'web/virginia': 503 }, why: 'no answer: timeout' },
      [witness]: { kind: 'no-address' },
    },
    memories: null,
  });
});

test('what has not answered yet is not known, and what cannot be read does not hide the others', async () => {
  let tell = (_: MemoryReading) => {};
  const late = new Promise<MemoryReading>((resolve) => {
    tell = resolve;
  });
  const readMemory = async (region: string): Promise<MemoryReading> => {
    if (region === east) return remembered;
    if (region === west) throw new Error('no such thing');
    return late;
  };
  const inquiry = new DnsReader(deployment, { ...nothing, readMemory }).read();
  await new Promise((resolve) => setImmediate(resolve));
  const early = { ...inquiry.soFar(), isOver: inquiry.isOver() };
  tell(remembered);
  await inquiry.over;

  expect(early).toEqual({
    isOver: false,
    oracles: null,
    memories: {
      [east]: remembered,
      [west]: { kind: 'unread', why: 'Error: no such thing' },
      [witness]: { kind: 'unread', why: 'no answer yet' },
    },
  });
  expect(inquiry.soFar().memories?.[witness]).toEqual(remembered);
  expect(inquiry.isOver()).toBe(true);
});

test('all who ask within the time that a reading is kept share it', async () => {
  let nowMs = 0;
  let reads = 0;
  const readMemory = async () => {
    reads += 1;
    return remembered;
  };
  const clock = { monotonicMs: () => nowMs };
  const reader = new DnsReader(deployment, { ...nothing, readMemory, keptMs: 10_000 }, clock);

  const first = reader.read();
  await first.over;
  nowMs = 9_999;
  const second = reader.read();
  nowMs = 10_000;
  const third = reader.read();
  const fourth = reader.read();
  await third.over;

  expect(second).toBe(first);
  expect(third).not.toBe(first);
  expect(fourth).toBe(third);
  expect(reads).toBe(2 * deployment.controlRegions.length);
});

test('an address that cannot be read is named as such', async () => {
  const findOracle = async () => {
    throw new PortError({ kind: 'denied', detail: 'not allowed' });
  };
  const inquiry = new DnsReader(deployment, { ...nothing, findOracle }).read();
  await inquiry.over;

  expect(inquiry.soFar().oracles?.[east]).toEqual({
    kind: 'silent',
    why: 'its address could not be read: denied',
  });
});

test.each([
  ['that names its oracles has votes and no memories', {}, ['object', null]],
  ['that does not name them has neither', undefined, [null, null]],
] as const)('a lab %s', async (_, oracles, [votes, memories]) => {
  const inquiry = new DnsReader(deployment, sourcesOfLab(oracles)).read();
  await inquiry.over;

  const said = inquiry.soFar();
  expect([said.oracles === null ? null : typeof said.oracles, said.memories]).toEqual([votes, memories]);
});

test.each([
  ['before it is asked', () => Promise.resolve()],
  ['while it is asked', (asked: readonly string[]) => expect.poll(() => asked.length).toBeGreaterThan(0)],
])('nothing is waited for once it is closed, %s', async (_, wait) => {
  const { url, asked } = await oracle(() => null);
  const reader = new DnsReader(deployment, { ...nothing, findOracle: async () => url, patienceMs: 60_000 });
  const inquiry = reader.read();

  await wait(asked);
  reader.close();
  await inquiry.over;

  expect(inquiry.soFar().oracles?.[east]).toEqual({ kind: 'silent', why: 'no answer: unknown' });
});
