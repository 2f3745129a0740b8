import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { probeHttp } from '../../../../src/adapters/net/http-prober.ts';
import { stallMsMax } from '../../../../src/adapters/net/probe-attempt.ts';
import type { Observation } from '../../../../src/core/detection/observation.ts';
import { type HttpProbe, plainProbe } from '../../../../src/core/model/probe.ts';
import { answering, closedPort, flood, readPem, startTarget, startTlsTarget } from './target.ts';

/** Deadline of a probe that an answer ends: far off, so that a busy machine does not end it first. */
const answerMs = 30_000;
/** Deadline of a probe that nothing else ends. */
const timeoutMs = 400;
/** A process that stood still at the deadline says `unknown`, as it should; on a busy machine it is asked again. */
const byDeadline = { retry: 10 };
/** More than the kernel's buffers of a loopback connection hold, far less than what a target tries to send. */
const takenBytesMax = 8 * 1024 * 1024;

type Overrides = Partial<Omit<HttpProbe, 'expect'>> & { readonly expect?: Partial<HttpProbe['expect']> };

function probeOf(port: number, overrides: Overrides = {}): HttpProbe {
  return {
    ...plainProbe(`http://127.0.0.1:${port}/healthz?deep=1`, answerMs),
    ...overrides,
    expect: { status: [[200, 200]], body: 'ok', role: 'active', ...overrides.expect },
  };
}

async function timed(probe: HttpProbe): Promise<{ readonly observation: Observation; readonly tookMs: number }> {
  const startMs = performance.now();
  const observation = await probeHttp(probe);
  return { observation, tookMs: performance.now() - startMs };
}

const okAnswer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

test('passes for the expected status and body, and asks for the path with a closing connection', async () => {
  let request = '';
  const { port } = await startTarget((socket) =>
    socket.once('data', (bytes) => {
      request = bytes.toString();
      socket.end(okAnswer);
    }),
  );

  const observation = await probeHttp(probeOf(port));

  expect(observation).toMatchObject({ outcome: 'pass', latencyMs: expect.any(Number) });
  expect(request).toMatch(/^GET \/healthz\?deep=1 HTTP\/1\.1\r\n/);
  expect(request).toContain(`\r\nHost: 127.0.0.1:${port}\r\n`);
  expect(request).toContain('\r\nConnection: close\r\n');
});

test('reports role, lag and readiness, and leaves the role to the watcher to judge (role=standby)', async () => {
  const { port } = await startTarget(
    answering(
      'HTTP/1.1 200 OK\r\nX-Failover-Role: standby\r\nX-Failover-Lag-Ms: 61000.5\r\nX-Failover-Ready: False\r\n',
      'Content-Length: 2\r\n\r\nok',
    ),
  );

  const observation = await probeHttp(probeOf(port));

  expect(observation).toMatchObject({
    outcome: 'pass',
    report: { role: 'standby', replicationLagMs: 61_000.5, ready: false },
  });
});

test.each(['-1', 'soon', '1e9', 'Infinity', ''])('passes over a lag that is no number from 0 up (%j)', async (lag) => {
  const { port } = await startTarget(
    answering(`HTTP/1.1 200 OK\r\nX-Failover-Lag-Ms: ${lag}\r\nX-Failover-Ready: maybe\r\nContent-Length: 2\r\n\r\nok`),
  );

  const observation = await probeHttp(probeOf(port));

  expect(observation).toMatchObject({ outcome: 'pass', report: {} });
});

test.each([
  ['chunked', ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n', '1\r\nk\r\n0\r\n\r\n']],
  ['to the close', ['HTTP/1.0 200 OK\r\n\r\nall is o', 'k']],
  ['length shorter than what is sent', [`${okAnswer} and much more`]],
])('passes for a body sent so: %s', async (_, pieces) => {
  const { port } = await startTarget(answering(...pieces));

  const observation = await probeHttp(probeOf(port));

  expect(observation.outcome).toBe('pass');
});

test.each([
  ['wrong-status', 'HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nok'],
  ['wrong-body', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno'],
  ['redirect', 'HTTP/1.1 302 Found\r\nLocation: /healthz\r\nContent-Length: 0\r\n\r\n'],
  ['garbage', 'SSH-2.0-OpenSSH_9.6\r\n'],
  ['garbage', '\u0000\u0001\u0002'],
  ['reset', 'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok'],
  ['reset', ''],
  ['too-large', `HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n${'x'.repeat(100_000)}`],
  ['wrong-status', `HTTP/1.1 503 No\r\nContent-Length: 10000000\r\n\r\n${'ok'.repeat(50_000)}`],
])('fails with %s (answer=%.60j)', async (reason, answer) => {
  const { port } = await startTarget(answering(answer));

  const observation = await probeHttp(probeOf(port));

  expect(observation).toMatchObject({ outcome: 'fail', reason });
});

test('never follows a redirect, and passes for one that is expected (status=302)', async () => {
  const target = await startTarget(answering('HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 2\r\n\r\nok'));

  const observation = await probeHttp(probeOf(target.port, { expect: { status: [[302, 302]] } }));

  expect(observation.outcome).toBe('pass');
  expect(target.connectionCount()).toBe(1);
});

test('fails with refused where nothing listens', async () => {
  const observation = await probeHttp(probeOf(await closedPort()));

  expect(observation).toMatchObject({ outcome: 'fail', reason: 'refused' });
});

test('fails with reset when the target resets the connection', async () => {
  const { port } = await startTarget((socket) => socket.once('data', () => socket.resetAndDestroy()));

  const observation = await probeHttp(probeOf(port));

  expect(observation).toMatchObject({ outcome: 'fail', reason: 'reset' });
});

test('asks the system for the addresses of a name and tries them in turn (host=localhost)', async () => {
  const { port } = await startTarget(answering(okAnswer));

  const observation = await probeHttp(probeOf(port, { url: `http://localhost:${port}/` }));

  expect(observation.outcome).toBe('pass');
});

test.each<[string, string, (target: { socket: Socket }) => void]>([
  ['silence after accepting', 'timeout', () => undefined],
  [
    'headers one byte at a time',
    'timeout',
    ({ socket }) => void drip(socket, 'HTTP/1.1 200 OK\r\nA: '.padEnd(500, 'x')),
  ],
  [
    'a body one byte at a time',
    'timeout',
    ({ socket }) => void drip(socket, 'HTTP/1.1 200 OK\r\n\r\n'.padEnd(500, 'x')),
  ],
  ['headers without end', 'too-large', ({ socket }) => floodAfter(socket, 'HTTP/1.1 200 OK\r\n', 'A: b\r\n')],
  ['one header without end', 'too-large', ({ socket }) => floodAfter(socket, 'HTTP/1.1 200 OK\r\nA: ', 'bbbb')],
  ['a body without end', 'too-large', ({ socket }) => floodAfter(socket, 'HTTP/1.1 200 OK\r\n\r\n', 'no')],
  [
    'chunks without end',
    'too-large',
    ({ socket }) => floodAfter(socket, 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '2\r\nok\r\n'),
  ],
  [
    'interim responses without end',
    'too-large',
    ({ socket }) => floodAfter(socket, 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 100 Continue\r\n\r\n'),
  ],
])(
  'is done by the deadline and takes little from a target that sends %s (%s)',
  byDeadline,
  async (_, reason, behave) => {
    const limitMs = reason === 'timeout' ? timeoutMs : answerMs;
    const target = await startTarget((socket) => behave({ socket }));

    const { observation, tookMs } = await timed(probeOf(target.port, { timeoutMs: limitMs }));

    expect(observation).toMatchObject({ outcome: 'fail', reason });
    expect(tookMs).toBeLessThan(answerMs);
    expect(target.sentBytes()).toBeLessThan(takenBytesMax);
  },
);

test.each([
  ['with the expected text at its beginning', 'ok'],
  ['without any expected text', undefined],
])('passes for a page of 1 MB %s, by its status and its first 64 KiB', async (_, body) => {
  const page = `HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nok${'x'.repeat(999_998)}`;
  const target = await startTarget(answering(page));

  const observation = await probeHttp({
    ...probeOf(target.port),
    expect: { status: [[200, 200]], role: 'any', ...(body ? { body } : {}) },
  });

  expect(observation.outcome).toBe('pass');
});

test('takes little of 10 MB of headers and is done by the deadline', async () => {
  const header = `A: ${'b'.repeat(1_021)}\r\n`;
  const target = await startTarget((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\n${header.repeat(10_000)}\r\nok`);
  });

  const { observation, tookMs } = await timed(probeOf(target.port));

  expect(observation).toMatchObject({ outcome: 'fail', reason: 'too-large' });
  expect(tookMs).toBeLessThan(answerMs);
});

test('is done by the deadline when the target listens and never accepts', byDeadline, async () => {
  const hung = `const server = require('node:net').createServer().listen(0, '127.0.0.1', () => {
    process.stdout.write(String(server.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;
  const child = spawn(process.execPath, ['-e', hung], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [port] = await once(child.stdout, 'data');

  const { observation, tookMs } = await timed(probeOf(Number(port), { timeoutMs }));

  expect(observation).toMatchObject({ outcome: 'fail', reason: 'timeout' });
  expect(tookMs).toBeGreaterThanOrEqual(timeoutMs - 5);
  expect(tookMs).toBeLessThan(answerMs);
});

test('is unknown when this process stood still past the deadline: the answer may wait unread', async () => {
  const { port } = await startTarget(() => undefined);
  const asleep = new Int32Array(new SharedArrayBuffer(4));

  const pending = probeHttp(probeOf(port, { timeoutMs: 50 }));
  Atomics.wait(asleep, 0, 0, 50 + stallMsMax + 100);
  const observation = await pending;

  expect(observation.outcome).toBe('unknown');
});

/** A deadline that a good target keeps however busy the machine is, and that a test can wait for. */
const shortMs = 5_000;

test('leaves no connection behind after its deadline when a good target never closes', async () => {
  let isClosed = false;
  const { port } = await startTarget((socket) => {
    socket.once('data', () => socket.write(okAnswer));
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      isClosed = true;
    });
  });

  const { observation, tookMs } = await timed(probeOf(port, { timeoutMs: shortMs }));

  expect(observation.outcome).toBe('pass');
  expect(tookMs).toBeLessThan(shortMs);
  // The connection ends at the deadline itself, so the wait has to be longer.
  await expect.poll(() => isClosed, { timeout: 2 * answerMs }).toBe(true);
});

test('opens a new connection for each probe (probes=3)', async () => {
  const target = await startTarget(answering(okAnswer));
  const probe = probeOf(target.port);

  for (let count = 0; count < 3; count += 1) await probeHttp(probe);

  expect(target.connectionCount()).toBe(3);
});

test.each<[string, 'site' | 'stranger' | 'expired', string | undefined, string]>([
  ['the declared authority', 'site', 'site', 'pass'],
  ['an unknown authority', 'site', undefined, 'bad-certificate'],
  ['a certificate for another name', 'stranger', 'stranger', 'bad-certificate'],
  ['an expired certificate', 'expired', 'expired', 'bad-certificate'],
])('judges the certificate (%s)', async (_, pair, authority, expected) => {
  const { port } = await startTlsTarget(pair, answering(okAnswer));

  const observation = await probeHttp(secureProbe(port, authority));

  expect(observation.outcome === 'fail' ? observation.reason : observation.outcome).toBe(expected);
});

test('fails with garbage when the target does not speak TLS', async () => {
  const { port } = await startTarget(answering('HTTP/1.1 400 Bad Request\r\n\r\n'));

  const observation = await probeHttp(secureProbe(port, 'site'));

  expect(observation).toMatchObject({ outcome: 'fail', reason: 'garbage' });
});

test('is done by the deadline when the target never ends the TLS handshake', byDeadline, async () => {
  const { port } = await startTarget(() => undefined);

  const { observation, tookMs } = await timed({ ...secureProbe(port, 'site'), timeoutMs });

  expect(observation).toMatchObject({ outcome: 'fail', reason: 'timeout' });
  expect(tookMs).toBeLessThan(answerMs);
});

test('is unknown when the authority cannot be read: that is not the site’s failure', async () => {
  const observation = await probeHttp(
    probeOf(1, { type: 'https', url: 'https://127.0.0.1:1/', authorityPem: 'no PEM' }),
  );

  expect(observation.outcome).toBe('unknown');
});

function secureProbe(port: number, authority: string | undefined): HttpProbe {
  return probeOf(port, {
    type: 'https',
    url: `https://127.0.0.1:${port}/`,
    authorityPem: authority === undefined ? undefined : readPem(`${authority}.cert`),
  });
}

/** What a target was asked, whole requests as text. */
function recording(answer: (request: string) => string): {
  readonly requests: string[];
  readonly behave: (socket: Socket) => void;
} {
  const requests: string[] = [];
  const behave = (socket: Socket): void => {
    socket.once('data', (bytes) => {
      requests.push(bytes.toString());
      socket.end(answer(bytes.toString()));
    });
  };
  return { requests, behave };
}

test('asks for another name than the one it connects to, with the headers that it is given', async () => {
  const { requests, behave } = recording(() => okAnswer);
  const { port } = await startTarget(behave);

  const observation = await probeHttp(
    probeOf(port, { host: 'www.shop.example', headers: { 'X-Api-Key': 'abc', 'user-agent': 'mine' } }),
  );

  expect(observation.outcome).toBe('pass');
  expect(requests[0]).toContain('\r\nHost: www.shop.example\r\n');
  expect(requests[0]).toContain('\r\nX-Api-Key: abc\r\n');
  expect(requests[0]).toContain('\r\nuser-agent: mine\r\n');
  expect(requests[0]).not.toContain('User-Agent');
});

test('takes the answer to HEAD without a body, whatever length it names', async () => {
  const { requests, behave } = recording(
    () => 'HTTP/1.1 200 OK\r\nContent-Length: 2000\r\nX-Failover-Role: standby\r\n\r\n',
  );
  const { port } = await startTarget(behave);

  const observation = await probeHttp({ ...plainProbe(`http://127.0.0.1:${port}/`, answerMs), method: 'HEAD' });

  expect(observation).toMatchObject({ outcome: 'pass', report: { role: 'standby' } });
  expect(requests[0]).toMatch(/^HEAD \/ HTTP/);
});

test('sends the body of a POST with its length in bytes', async () => {
  const { requests, behave } = recording(() => okAnswer);
  const { port } = await startTarget(behave);
  const send = '{"query":"{ größe }"}';

  const observation = await probeHttp(
    probeOf(port, { method: 'POST', send, headers: { 'Content-Type': 'application/json' } }),
  );

  expect(observation.outcome).toBe('pass');
  expect(requests[0]).toMatch(/^POST /);
  expect(requests[0]).toContain('\r\nContent-Length: 23\r\n');
  expect(requests[0]?.endsWith(`\r\n\r\n${send}`)).toBe(true);
});

test.each([
  [204, 'pass'],
  [302, 'pass'],
  [404, 'wrong-status'],
])('takes every status of its ranges (status=%i, %s)', async (status, expected) => {
  const { port } = await startTarget(answering(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`));

  const observation = await probeHttp({
    ...plainProbe(`http://127.0.0.1:${port}/`, answerMs),
    expect: { status: [[200, 399]], role: 'any' },
  });

  expect(observation.outcome === 'fail' ? observation.reason : observation.outcome).toBe(expected);
});

test.each([
  ['{"status":"UP","checks":[{"ok":true}]}', 'pass', 'status 200'],
  ['{"status":"DOWN","checks":[{"ok":true}]}', 'wrong-body', 'status 200, status is "DOWN", expected "UP"'],
  ['{"status":"UP","checks":[]}', 'wrong-body', 'status 200, checks[0].ok is not there, expected true'],
  ['{"status":"UP"', 'wrong-body', 'status 200, body "{\\"status\\":\\"UP\\"" is no JSON'],
])('judges %s by its JSON (%s)', async (body, expected, saw) => {
  const { port } = await startTarget(answering(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`));

  const observation = await probeHttp({
    ...plainProbe(`http://127.0.0.1:${port}/`, answerMs),
    expect: { status: [[200, 200]], json: { status: 'UP', 'checks[0].ok': true }, role: 'any' },
  });

  expect(observation.outcome === 'fail' ? observation.reason : observation.outcome).toBe(expected);
  expect(observation).toMatchObject({ saw });
});

/** More than is ever read. */
const tooLong = `{"lag":1,"more":"${'x'.repeat(70_000)}"}`;

const paths = { activeRoles: ['primary'], lagUnitMs: 1_000 };

test.each([
  [
    '{"role":"Primary","db":[{"lag":2.5}]}',
    { role: 'role', lag: '$.db[0].lag' },
    { role: 'active', replicationLagMs: 2_500, load: 7 },
  ],
  [
    '{"role":"replica","load":"12","ok":false}',
    { role: 'role', load: 'load', ready: 'ok' },
    { role: 'replica', replicationLagMs: 9, load: 12, ready: false },
  ],
  ['{}', { role: 'role', lag: 'db.lag', load: 'load', ready: 'ok' }, {}],
  ['{"lag":-1,"load":"many","ok":"perhaps","role":3}', { role: 'role', lag: 'lag', load: 'load', ready: 'ok' }, {}],
  ['no JSON', { lag: 'lag' }, { role: 'standby', load: 7 }],
  [tooLong, { lag: 'lag' }, { role: 'standby', load: 7 }],
])('reads what %.40s says of the site in place of the headers (%j)', async (body, report, expected) => {
  const headers = 'x-failover-role: standby\r\nx-failover-lag-ms: 9\r\nx-failover-load: 7';
  const answer = `HTTP/1.1 200 OK\r\n${headers}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const { port } = await startTarget(answering(answer));

  const observation = await probeHttp({
    ...plainProbe(`http://127.0.0.1:${port}/`, answerMs),
    report: { ...paths, ...report },
  });

  expect(observation).toMatchObject({ outcome: 'pass' });
  expect(observation.outcome === 'pass' ? observation.report : null).toEqual(expected);
});

test('what a page with a wrong status says of the site in its JSON is not known', async () => {
  const body = '{"ready":true}';
  const head = 'HTTP/1.1 503 No\r\nx-failover-ready: true\r\nx-failover-load: 7';
  const { port } = await startTarget(answering(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`));

  const observation = await probeHttp(probeOf(port, { report: { ...paths, ready: 'ready' } }));

  expect(observation).toMatchObject({ outcome: 'fail', reason: 'wrong-status', report: { load: 7 } });
  expect(observation.outcome === 'fail' ? observation.report : null).toEqual({ load: 7 });
});

test.each([
  ['up, all is well', 'pass'],
  ['down', 'wrong-body'],
  ['u'.repeat(100_000), 'too-large'],
])('judges the first 64 KiB by a regular expression (body=%.20s, %s)', async (body, expected) => {
  const { port } = await startTarget(answering(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`));

  const observation = await probeHttp(probeOf(port, { expect: { body: { regex: '^UP\\b', ignoreCase: true } } }));

  expect(observation.outcome === 'fail' ? observation.reason : observation.outcome).toBe(expected);
});

test.each<[string, (port: number) => string, string]>([
  ['a path', () => '/Moved?to=1', 'pass'],
  ['the whole URL', (port) => `http://127.0.0.1:${port}/Moved?to=1`, 'pass'],
  ['the name that it asks for', (port) => `http://www.shop.example:${port}/Moved?to=1`, 'pass'],
  ['another host', () => 'http://elsewhere.example/', 'redirect'],
  ['no URL', () => 'http://[', 'redirect'],
  ['itself, without end', () => '/healthz?deep=1', 'redirect'],
])('follows a redirect within the host and the bound (to %s: %s)', async (_, location, expected) => {
  const { requests, behave } = recording((request) =>
    request.startsWith('GET /Moved?to=1 ')
      ? okAnswer
      : `HTTP/1.1 302 Found\r\nLocation: ${location(target.port)}\r\nContent-Length: 0\r\n\r\n`,
  );
  const target = await startTarget(behave);

  const observation = await probeHttp(probeOf(target.port, { host: 'www.shop.example', followRedirects: true }));

  expect(observation.outcome === 'fail' ? observation.reason : observation.outcome).toBe(expected);
  expect(requests.length).toBeLessThanOrEqual(6);
});

test('never follows a redirect from HTTPS to HTTP', async () => {
  const { port } = await startTlsTarget(
    'site',
    answering('HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n'),
  );

  const observation = await probeHttp({ ...secureProbe(port, 'site'), followRedirects: true });

  expect(observation).toMatchObject({ outcome: 'fail', reason: 'redirect', saw: 'redirect to http://127.0.0.1/' });
});

test('ends the redirects of a slow target by the deadline of the whole probe', byDeadline, async () => {
  const { port } = await startTarget((socket) =>
    socket.once('data', () => {
      void sleep(150).then(() => socket.end('HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n'));
    }),
  );

  const { observation, tookMs } = await timed(probeOf(port, { followRedirects: true, timeoutMs }));

  expect(observation).toMatchObject({ outcome: 'fail', reason: 'timeout' });
  expect(tookMs).toBeLessThan(answerMs);
});

test.each<[string, Overrides, string]>([
  ['the name of serverName', { serverName: 'localhost' }, 'pass'],
  ['the name of host', { host: 'localhost:8443' }, 'pass'],
  ['another name of serverName', { serverName: 'www.shop.example', host: 'localhost' }, 'bad-certificate'],
  ['another name of host', { host: 'www.shop.example' }, 'bad-certificate'],
])('demands a certificate for %s (%j: %s)', async (_, overrides, expected) => {
  const { port } = await startTlsTarget('site', answering(okAnswer));

  const observation = await probeHttp({ ...secureProbe(port, 'site'), ...(overrides as Partial<HttpProbe>) });

  expect(observation.outcome === 'fail' ? observation.reason : observation.outcome).toBe(expected);
});

async function drip(socket: Socket, text: string): Promise<void> {
  for (const letter of text) {
    if (socket.destroyed) return;
    socket.write(letter);
    await sleep(5);
  }
}

function floodAfter(socket: Socket, start: string, piece: string): void {
  socket.write(start);
  flood(socket, Buffer.from(piece.repeat(4_096)));
}
