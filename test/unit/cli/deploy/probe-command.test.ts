import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { probe } from '../../../../src/cli/deploy/probe-command.ts';
import { plainPage } from '../../../../src/cli/show/layout.ts';
import type { ProbeJson } from '../../../../src/cli/show/probe.ts';
import { answering, closedPort, readPem, startTarget, startTlsTarget } from '../../adapters/net/target.ts';
import { recordTerminal } from '../terminal.fixture.ts';

/** Deadline of a probe that an answer ends: far off, so that a busy machine does not end it first. */
const answerMs = 30_000;

type ProbeInput = Readonly<Record<string, unknown>>;

/** A configuration of one service with these sites, in a folder of its own. */
function writeConfig(sites: Readonly<Record<string, ProbeInput>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'probe-command-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const regions = ['us-east-1', 'us-west-2', 'us-east-2'];
  const file = join(folder, 'failover.config.yaml');
  const placed = Object.entries(sites).map(([name, site], index) => [
    name,
    { region: regions[index], priority: 100 - index, ...site },
  ]);
  const web = {
    mode: 'active-passive',
    sites: Object.fromEntries(placed),
    detection: { intervalMs: 60_000 },
    failover: { leaseMs: 600_000 },
    traffic: {
      dns: {
        zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
        record: 'www',
        addresses: { virginia: { a: '203.0.113.10' }, oregon: { a: '198.51.100.20' } },
      },
    },
  };
  writeFileSync(file, JSON.stringify({ name: 'shop', controlRegions: regions, services: { web } }));
  return file;
}

async function ask(sites: Readonly<Record<string, ProbeInput>>, only: string | null = null, width = 80) {
  const file = writeConfig(sites);
  const terminal = recordTerminal({ page: { ...plainPage, width } });
  const exit = await probe(file, only, {}, terminal);
  return { exit, out: terminal.printed.out, file };
}

async function askJson(sites: Readonly<Record<string, ProbeInput>>) {
  const terminal = recordTerminal();
  const exit = await probe(writeConfig(sites), null, { json: true }, terminal);
  return { exit, json: JSON.parse(terminal.printed.out) as ProbeJson };
}

/** A site that answers each request with these bytes, probed with these expectations. */
async function page(answer: string, more: ProbeInput = {}): Promise<ProbeInput> {
  const { port } = await startTarget(answering(answer));
  return { type: 'http', url: `http://127.0.0.1:${port}/healthz`, timeoutMs: answerMs, ...more };
}

const good = [
  'HTTP/1.1 200 OK',
  'x-failover-role: active',
  'x-failover-lag-ms: 120',
  'x-failover-load: 40',
  'x-failover-ready: true',
  'content-length: 9',
  '',
  '{"db":""}',
].join('\r\n');

const bare = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const broken = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n';

test('exits 0 when every site passes, and says what each probe wanted, saw and was told', async () => {
  const sites = {
    virginia: { probes: [await page(good, { expect: { status: [200, 204], body: '"db"' } })] },
    oregon: { probes: [await page(bare)] },
  };

  const { exit, out } = await ask(sites);

  expect(exit).toBe(0);
  expect(out).toMatch(
    /^web\/virginia: PASS \(1 of 1 probe passed, all must\)\n {2}pass {2}http http:\/\/127.0.0.1:\d+\//,
  );
  expect(out).toContain('    wanted  status 200, 204, body with "\\"db\\"", within 30.0 s\n');
  expect(out).toMatch(/\n {4}saw {5}after \d.*: status 200\n/);
  expect(out).toContain('    says    role active, lag 120 ms, load 40, ready\n');
  expect(out).toContain('\n\nweb/oregon: PASS (1 of 1 probe passed, all must)\n');
});

test.each<[string, () => Promise<ProbeInput>, RegExp]>([
  ['status', () => page(broken), /wrong-status after .*: status 503/],
  ['body', () => page(bare, { expect: { body: 'UP' } }), /wrong-body after .*: status 200, body "ok" without "UP"/],
  [
    'JSON',
    () => page(bare, { expect: { json: { db: true } } }),
    /wrong-body after .*: status 200, body "ok" is no JSON/,
  ],
  [
    'connection',
    async () => ({ type: 'tcp', host: '127.0.0.1', port: await closedPort(), timeoutMs: answerMs }),
    /refused after .*: nothing takes connections there/,
  ],
])('exits 1 and says why a site fails by its %s', async (_, broken, why) => {
  const { exit, out } = await ask({
    virginia: { probes: [await broken()] },
    oregon: { probes: [await page(bare)] },
  });

  expect(exit).toBe(1);
  expect(out).toContain('web/virginia: FAIL (0 of 1 probe passed, all must)\n  fail  ');
  expect(out).toMatch(why);
});

test('a certificate is told by its end, or by why it is refused', async () => {
  const authorityPem = readPem('site.cert');
  const expired = readPem('expired.cert');
  const known = await startTlsTarget('site', () => undefined);
  const old = await startTlsTarget('expired', () => undefined);
  const tls = (port: number, pem: string) => ({
    probes: [{ type: 'tls', host: '127.0.0.1', port, authorityPem: pem, timeoutMs: answerMs }],
  });

  const { exit, out } = await ask({ virginia: tls(known.port, authorityPem), oregon: tls(old.port, expired) });

  expect(exit).toBe(1);
  expect(out).toMatch(/says {4}certificate ends in \d+ days/);
  expect(out.replace(/\s+/g, ' ')).toMatch(
    /bad-certificate after .*: the certificate is not accepted; CERT_HAS_EXPIRED/,
  );
});

test('a site is judged by its require, and a corroborating probe does not count', async () => {
  const probes = [await page(broken), await page(bare), await page(broken, { corroborating: true })];
  const oregon = { probes: [await page(bare)] };

  const any = await ask({ virginia: { probes, require: 'any' }, oregon });
  const two = await ask({ virginia: { probes, require: { atLeast: 2 } }, oregon });

  expect([any.exit, two.exit]).toEqual([0, 1]);
  expect(any.out).toContain('web/virginia: PASS (1 of 2 probes passed, one must)');
  expect(two.out).toContain('web/virginia: FAIL (1 of 2 probes passed, 2 must)');
  expect(any.out).toContain('(corroborating)');
});

test('a role that only the register can judge is said, and fails nothing here', async () => {
  const standby = good.replace('role: active', 'role: standby');

  const { exit, out } = await ask({
    virginia: { probes: [await page(bare)] },
    oregon: { probes: [await page(standby)] },
  });

  expect(exit).toBe(0);
  expect(out).toContain('  says role standby: a watcher fails it for that while the register calls it');
});

test('one site is probed alone, by its name or after its service', async () => {
  const sites = { virginia: { probes: [await page(broken)] }, oregon: { probes: [await page(bare)] } };

  for (const only of ['oregon', 'web/oregon']) {
    const { exit, out } = await ask(sites, only);

    expect(exit).toBe(0);
    expect(out).toContain('web/oregon: PASS');
    expect(out).not.toContain('virginia');
  }
});

test.each([
  ['oregno', 'no site "oregno"; did you mean oregon?'],
  ['tokyo', 'no site "tokyo"; name one of virginia, oregon, web/virginia, web/oregon'],
])('an unknown site is refused before anything is probed (%s)', async (only, message) => {
  const { port, connectionCount } = await startTarget(answering(bare));
  const probeOf = (path: string) => ({ probes: [{ type: 'http', url: `http://127.0.0.1:${port}/${path}` }] });

  const asking = ask({ virginia: probeOf('virginia'), oregon: probeOf('oregon') }, only);

  await expect(asking).rejects.toMatchObject({ code: 'USAGE', message });
  expect(connectionCount()).toBe(0);
});

test('a file that is not there is one line', async () => {
  await expect(probe('/absent/failover.config.yaml', null, {}, recordTerminal())).rejects.toThrow(
    '/absent/failover.config.yaml: no such file or folder',
  );
});

test.each([60, 80])('no line is wider than the page (%d), unless by one long word', async (width) => {
  const body = 'a text that is expected and is long enough to be cut in the middle';
  const sites = {
    virginia: { probes: [await page(good, { expect: { body, json: { 'checks.database.isReady': true } } })] },
    oregon: { probes: [await page(good.replace('active', 'standby'), { dependency: 'payments' })] },
  };

  const { out } = await ask(sites, null, width);

  expect(out).toContain('FAIL');
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
});

test('--json has each observation, and what the site is by all of them', async () => {
  const { exit, json } = await askJson({
    virginia: { probes: [await page(good)] },
    oregon: { probes: [await page(broken, { dependency: 'payments' })] },
  });

  expect(exit).toBe(1);
  expect(json).toMatchObject({
    deployment: 'shop',
    isPassed: false,
    services: {
      web: {
        sites: {
          virginia: { outcome: 'pass', require: 'all', report: { role: 'active', replicationLagMs: 120, ready: true } },
          oregon: {
            outcome: 'fail',
            probes: [
              { type: 'http', dependency: 'payments', observation: { outcome: 'fail', reason: 'wrong-status' } },
            ],
          },
        },
      },
    },
  });
});

test('a probe that is never answered is over by its own deadline', { retry: 10 }, async () => {
  const silent = await startTarget(() => undefined);

  const { exit, out } = await ask({
    virginia: { probes: [{ type: 'http', url: `http://127.0.0.1:${silent.port}/`, timeoutMs: 300 }] },
    oregon: { probes: [await page(bare)] },
  });

  expect(exit).toBe(1);
  expect(out).toMatch(/saw {5}timeout after \d.*: no whole answer in time/);
});
