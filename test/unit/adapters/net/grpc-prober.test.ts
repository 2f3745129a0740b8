import {
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { probeGrpc } from '../../../../src/adapters/net/grpc/grpc-prober.ts';
import type { GrpcProbe } from '../../../../src/core/model/probe.ts';
import { answering, closedPort, readPem, startTarget, startTlsTarget, type Target } from './target.ts';

/** Deadline of a probe that an answer ends: far off, so that a busy machine does not end it first. */
const answerMs = 30_000;
/** Deadline of a probe that nothing else ends. */
const silenceMs = 300;
/** A process that stood still at the deadline says `unknown`, as it should; on a busy machine it is asked again. */
const byDeadline = { retry: 10 };

interface GrpcTarget {
  readonly port: number;
  readonly asked: readonly { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** Resolves when no session is left. */
  readonly emptied: () => Promise<void>;
}

type Behaviour = (stream: ServerHttp2Stream, session: ServerHttp2Session) => void;

/** A server of HTTP/2 whose sessions end with the test. */
async function startGrpc(behave: Behaviour, pair?: 'site' | 'stranger'): Promise<GrpcTarget> {
  const sessions = new Set<ServerHttp2Session>();
  const asked: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server: Http2Server =
    pair === undefined
      ? createServer()
      : createSecureServer({ key: readPem(`${pair}.key`), cert: readPem(`${pair}.cert`) });
  let noteEmpty = (): void => undefined;
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
    session.on('close', () => {
      sessions.delete(session);
      if (sessions.size === 0) noteEmpty();
    });
  });
  server.on('sessionError', () => undefined);
  server.on('stream', (stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      asked.push({ headers, body: Buffer.concat(chunks).toString('hex') });
      if (stream.session) behave(stream, stream.session as ServerHttp2Session);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  const emptied = () =>
    new Promise<void>((resolve) => {
      noteEmpty = resolve;
      if (sessions.size === 0) resolve();
    });
  return { port: (server.address() as AddressInfo).port, asked, emptied };
}

/** Answers with a status of health and a code of gRPC. */
function health(status: number, code = '0'): Behaviour {
  return (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': code }));
    stream.end(Buffer.from(status === 0 ? [0, 0, 0, 0, 0] : [0, 0, 0, 0, 2, 8, status]));
  };
}

/** Answers with a head alone. */
function head(headers: Readonly<Record<string, string | number>>): Behaviour {
  return (stream) => stream.respond({ ':status': 200, ...headers }, { endStream: true });
}

function grpcProbe({ port }: Pick<Target, 'port'>, more: Partial<GrpcProbe> = {}): GrpcProbe {
  const base = { host: '127.0.0.1', port, timeoutMs: answerMs, corroborating: false };
  return { ...base, type: 'grpc', service: '', tls: false, ...more };
}

async function wordOf(probe: GrpcProbe): Promise<string> {
  const seen = await probeGrpc(probe);
  return seen.outcome === 'fail' ? seen.reason : seen.outcome;
}

test.each([
  ['SERVING', health(1), 'pass', 'SERVING'],
  ['NOT_SERVING', health(2), 'not-ok', 'NOT_SERVING'],
  ['UNKNOWN', health(0), 'wrong-status', 'UNKNOWN: the server does not say SERVING'],
  ['SERVICE_UNKNOWN', health(3), 'wrong-status', 'SERVICE_UNKNOWN: the server does not say SERVING'],
  ['a status that is none', health(9), 'garbage', 'no health status'],
  ['SERVING, and then an error', health(1, '13'), 'wrong-status', 'INTERNAL'],
  [
    'no such service',
    head({ 'content-type': 'application/grpc', 'grpc-status': '5' }),
    'wrong-status',
    'NOT_FOUND: the server does not know the service',
  ],
  [
    'no health protocol',
    head({ 'content-type': 'application/grpc', 'grpc-status': '12' }),
    'wrong-status',
    'UNIMPLEMENTED: the server has no grpc.health.v1.Health',
  ],
  [
    'another code',
    head({ 'content-type': 'application/grpc', 'grpc-status': '11' }),
    'wrong-status',
    'the code 11 of gRPC',
  ],
  ['a status of HTTP', head({ ':status': 503 }), 'wrong-status', 'HTTP status 503'],
  ['a page', head({ 'content-type': 'text/html' }), 'garbage', 'an answer without gRPC'],
  ['no code', head({ 'content-type': 'application/grpc' }), 'reset', 'the call was broken off'],
] as const)('judges %s', async (_, behave, expected, saw) => {
  const target = await startGrpc(behave);

  const seen = await probeGrpc(grpcProbe(target));

  expect(seen).toMatchObject(
    expected === 'pass' ? { outcome: 'pass', saw } : { outcome: 'fail', reason: expected, saw },
  );
  await target.emptied();
});

test('asks for the service, by the name and within the time that is declared', async () => {
  const target = await startGrpc(health(1));

  await probeGrpc(grpcProbe(target, { service: 'a.B' }));
  await probeGrpc(grpcProbe(target, { authority: 'orders.shop.example' }));

  expect(target.asked.map(({ body }) => body)).toEqual(['00000000050a03612e42', '0000000000']);
  expect(target.asked[0]?.headers).toMatchObject({
    ':path': '/grpc.health.v1.Health/Check',
    ':authority': `127.0.0.1:${target.port}`,
    'content-type': 'application/grpc',
    'grpc-timeout': `${answerMs}m`,
    te: 'trailers',
  });
  expect(target.asked[1]?.headers[':authority']).toBe('orders.shop.example');
});

const silent: Behaviour = () => undefined;
const halfAnswered: Behaviour = (stream) => {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
  stream.write(Buffer.from([0, 0, 0]));
};

test.each([
  ['says nothing', silent],
  ['says half of it', halfAnswered],
])('ends at the deadline, and leaves no session, when the server %s', byDeadline, async (_, behave) => {
  const target = await startGrpc(behave);

  expect(await wordOf(grpcProbe(target, { timeoutMs: silenceMs }))).toBe('timeout');
  await target.emptied();
});

test('ends at the deadline when the connection is accepted and never answered', byDeadline, async () => {
  const target = await startTarget(() => undefined);

  expect(await wordOf(grpcProbe(target, { timeoutMs: silenceMs }))).toBe('timeout');
  expect(await wordOf(grpcProbe(target, { timeoutMs: silenceMs, tls: true }))).toBe('timeout');
});

test.each<[string, Behaviour, string]>([
  ['a stream that is broken off', (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR), 'reset'],
  ['a stream that is refused', (stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM), 'reset'],
  ['GOAWAY with an error', (_, session) => session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM), 'reset'],
  ['the end of the session', (_, session) => session.destroy(), 'reset'],
])('fails at once, and leaves no session: %s', async (_, behave, expected) => {
  const target = await startGrpc(behave);

  expect(await wordOf(grpcProbe(target))).toBe(expected);
  await target.emptied();
});

test('an answer after GOAWAY without an error counts: the server only takes no more calls', async () => {
  const target = await startGrpc((stream, session) => {
    session.goaway(constants.NGHTTP2_NO_ERROR, stream.id);
    health(1)(stream, session);
  });

  expect(await wordOf(grpcProbe(target))).toBe('pass');
});

test('an answer that is longer than any right one is too large', async () => {
  const target = await startGrpc((stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
    stream.end(Buffer.alloc(1_000_000));
  });

  expect(await wordOf(grpcProbe(target))).toBe('too-large');
  await target.emptied();
});

test('fails where nothing listens, where nothing speaks HTTP/2, and where the other closes', async () => {
  const page = await startTarget(answering('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n'));
  const closing = await startTarget((socket) => socket.end());
  const secret = await startTlsTarget('site', () => undefined);

  expect(await wordOf(grpcProbe({ port: await closedPort() }))).toBe('refused');
  expect(await wordOf(grpcProbe(page))).toBe('garbage');
  expect(await wordOf(grpcProbe(closing))).toBe('reset');
  expect(await wordOf(grpcProbe(secret, { tls: true, authorityPem: readPem('site.cert') }))).toBe('garbage');
});

test.each<[string, 'site' | 'stranger', Partial<GrpcProbe>, string]>([
  ['the declared authority', 'site', { authorityPem: readPem('site.cert') }, 'pass'],
  ['another name', 'site', { authorityPem: readPem('site.cert'), serverName: 'www.shop.example' }, 'bad-certificate'],
  ['an unknown authority', 'stranger', { authorityPem: readPem('site.cert') }, 'bad-certificate'],
  ['an authority that cannot be read', 'site', { authorityPem: 'no PEM' }, 'unknown'],
])('over TLS, judges the certificate first (%s)', async (_, pair, more, expected) => {
  const target = await startGrpc(health(1), pair);

  expect(await wordOf(grpcProbe(target, { tls: true, ...more }))).toBe(expected);
});

test('over TLS, reports how long the certificate lasts; in the clear asked by TLS it is garbage', async () => {
  const secure = await startGrpc(health(1), 'site');
  const clear = await startGrpc(health(1));

  const seen = await probeGrpc(grpcProbe(secure, { tls: true, authorityPem: readPem('site.cert') }));

  expect(seen).toMatchObject({ outcome: 'pass', report: { certificateDaysLeft: expect.any(Number) } });
  expect(['garbage', 'reset']).toContain(await wordOf(grpcProbe(clear, { tls: true })));
});
