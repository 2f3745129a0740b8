import { expect, it } from 'vitest';
import { OtlpExporter } from '../../../src/adapters/net/outgoing/otlp-exporter.ts';
import { type SecretReference, secretName } from '../../../src/core/model/probe.ts';
import type { OtlpTarget } from '../../../src/core/model/telemetry.ts';
import type { TelemetryReport } from '../../../src/core/telemetry/report.ts';
import { type Answering, faultOf, standIn } from '../../support/stand-in.ts';

const report: TelemetryReport = {
  signal: 'metrics',
  deployment: 'shop',
  region: 'us-east-1',
  atMs: 1_700_000_000_000,
  services: {
    web: { protection: 'protected', epoch: 1, active: 'left', run: null, sites: { left: { votes: { up: 3 } } } },
  },
};

/** A collector on this machine, and the exporter to it; waits are noted, and cost no time. */
async function open(answer: Answering, more: Partial<OtlpTarget> = {}) {
  const { url, seen } = await standIn([], answer);
  const waits: number[] = [];
  const target = { endpoint: `${url}/base`, headers: {}, signals: ['metrics', 'traces'], ...more } as const;
  const exporter = new OtlpExporter(target, {
    rng: { next: () => 0.5 },
    clock: {
      wallMs: () => 1_700_000_000_000,
      monotonicMs: () => waits.reduce((sum, ms) => sum + ms, 0),
      sleep: async (ms) => {
        waits.push(ms);
      },
    },
    secrets: { read: async (reference: SecretReference) => `value of ${secretName(reference)}` },
  });
  return { exporter, seen, waits, send: () => exporter.export(report) };
}

const answering =
  (...statuses: readonly number[]): Answering =>
  (_seen, response, index) =>
    response.writeHead(statuses[index] ?? 200, { 'content-type': 'application/json' }).end('{}');

/** What a request says was dropped. */
function droppedIn(body: string): string | undefined {
  return /"failover.telemetry.dropped".*?"asInt":"(\d+)"/.exec(body)?.[1];
}

it('posts JSON below the endpoint, with the headers and secrets of the configuration', async () => {
  const headers = { 'x-team': 'ops', authorization: { secret: 'shop/otlp' } };
  const { send, seen, exporter } = await open(answering(200), { headers });

  await send();

  expect(seen).toMatchObject([{ method: 'POST', path: '/base/v1/metrics' }]);
  expect(seen[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-team': 'ops',
    authorization: 'value of secret shop/otlp',
  });
  expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ resourceMetrics: [{ scopeMetrics: [{}] }] });
  expect(exporter.dropped.count).toBe(0);
});

it.each([429, 502, 503, 504])('tries again after %i, with pauses that grow', async (status) => {
  const { send, seen, waits, exporter } = await open(answering(status, status));

  await send();

  expect(waits).toEqual([500, 1_000]);
  expect([seen.length, exporter.dropped.count]).toEqual([3, 0]);
});

it('waits as long as it is asked to, and drops what there is no time for', async () => {
  const asking =
    (seconds: string): Answering =>
    (_seen, response, index) =>
      index === 0 ? response.writeHead(429, { 'retry-after': seconds }).end() : response.end();
  const [patient, late] = [await open(asking('4')), await open(asking('60'))];

  await patient.send();

  expect(patient.waits).toEqual([4_000]);
  expect((await faultOf(late.send)).kind).toBe('throttled');
  expect([late.seen.length, late.exporter.dropped.count]).toEqual([1, 1]);
});

it.each([
  [400, 'invalid'],
  [401, 'denied'],
  [404, 'invalid'],
  [408, 'unavailable'],
  [500, 'unavailable'],
] as const)('does not repeat what is refused for good (status %i is %s), and counts it', async (status, kind) => {
  const { send, seen, exporter } = await open(answering(status));

  expect((await faultOf(send)).kind).toBe(kind);
  expect([seen.length, exporter.dropped.count]).toEqual([1, 1]);
});

it('drops what a dead collector does not take, and tells the count once it lives', async () => {
  const { send, seen, exporter } = await open((_seen, response, index) =>
    index < 6 ? response.destroy() : response.end('{}'),
  );

  const faults = [await faultOf(send), await faultOf(send)];
  await send();

  expect(faults.map(({ detail }) => detail)).toEqual(Array(2).fill(expect.stringContaining('cannot be reached')));
  expect(exporter.dropped.count).toBe(2);
  expect(droppedIn(seen.at(-1)?.body ?? '')).toBe('2');
});

it.each([
  ['{"partialSuccess":{"rejectedDataPoints":"2","errorMessage":"too old"}}', 1],
  ['{"partialSuccess":{"errorMessage":"a warning"}}', 0],
  ['{"partialSuccess":{}}', 0],
  ['', 0],
  ['thanks', 0],
  ['x'.repeat(100_000), 0],
])('reads what was rejected in an answer of 200: %s', async (answer, dropped) => {
  const { send, exporter } = await open((_seen, response) => response.end(answer));

  const fault = dropped === 0 ? await send() : (await faultOf(send)).detail;

  expect(fault).toEqual(dropped === 0 ? undefined : expect.stringContaining('rejected a part: 2, too old'));
  expect(exporter.dropped.count).toBe(dropped);
});

it('sends nothing in the clear to another machine', async () => {
  const { send, exporter } = await open(answering(200), { endpoint: 'http://otlp.shop.example:4318' });

  expect(await faultOf(send)).toMatchObject({ kind: 'invalid', detail: expect.stringContaining('https://') });
  expect(exporter.dropped.count).toBe(1);
});
