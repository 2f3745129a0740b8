import type {
  ClientHttp2Session,
  connect as connectHttp2,
  IncomingHttpHeaders,
  IncomingHttpStatusHeader,
} from 'node:http2';
import { connect, isIPv6, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, TLSSocket } from 'node:tls';
import type { Observation } from '../../../core/detection/observation.ts';
import type { GrpcProbe } from '../../../core/model/probe.ts';
import { deadline } from '../../system/deadline.ts';
import { certificateDaysLeft, withCertificate } from '../certificate.ts';
import { connectOptions, secureContextOf, tlsOptions } from '../connection.ts';
import { expire, type Finding, judgeError, observe, unknownBecause } from '../probe-attempt.ts';
import { healthRequest, healthStatusIn } from './grpc-messages.ts';

/** Most bytes of an answer that are read; a right one has less than ten. */
const answerBytesMax = 4 * 1024;

/** Code of an end that is no error. Source: RFC 9113, 7. */
const noError = 0;

/** Ports that are left out of a name that is asked for. Source: RFC 9113, 8.3.1; RFC 9110, 4.2. */
const defaultPort = { tls: 443, cleartext: 80 } as const;

/**
 * Names of the codes of gRPC that a health check ends with, and what they mean here. Source: grpc/grpc, "Status codes
 * and their use in gRPC"; "GRPC Health Checking Protocol".
 */
const codes: ReadonlyMap<string, string> = new Map([
  ['4', 'DEADLINE_EXCEEDED'],
  ['5', 'NOT_FOUND: the server does not know the service'],
  ['7', 'PERMISSION_DENIED'],
  ['8', 'RESOURCE_EXHAUSTED'],
  ['12', 'UNIMPLEMENTED: the server has no grpc.health.v1.Health'],
  ['13', 'INTERNAL'],
  ['14', 'UNAVAILABLE'],
  ['16', 'UNAUTHENTICATED'],
]);

/** Status and headers of an answer; empty while there is none. */
type Head = IncomingHttpHeaders & IncomingHttpStatusHeader;

/** Kept by the probe itself: to make one parses every public authority. */
const contexts = new WeakMap<GrpcProbe, SecureContext>();

/**
 * Calls `grpc.health.v1.Health/Check` over a new connection.
 *
 * Session and socket are destroyed with the first finding, whatever it is: an answer, an error, an end, the deadline.
 *
 * @returns `not-ok` for NOT_SERVING, `wrong-status` for any other end of the call; never rejects
 */
export async function probeGrpc(probe: GrpcProbe): Promise<Observation> {
  // Loaded at the first call: it takes about 10 ms, and most deployments have no such probe.
  const { connect: begin } = await import('node:http2');
  return new Promise((resolve) => {
    const startMs = performance.now();
    let socket: Socket;
    try {
      socket = open(probe);
    } catch (error) {
      resolve(unknownBecause(error));
      return;
    }

    let session: ClientHttp2Session | null = null;
    let isSettled = false;
    const settle = (finding: Finding): void => {
      if (isSettled) return;
      isSettled = true;
      cancel();
      const daysLeft = socket instanceof TLSSocket && !socket.destroyed ? certificateDaysLeft(socket) : null;
      session?.destroy();
      socket.destroy();
      resolve(observe(withCertificate(finding, daysLeft) ?? finding, performance.now() - startMs));
    };
    const cancel = deadline(probe.timeoutMs, () => settle(expire(performance.now() - startMs - probe.timeoutMs)));
    socket.on('error', (error) => settle(judgeError(socket, error)));
    socket.once(probe.tls ? 'secureConnect' : 'connect', () => {
      if (isSettled) return;
      if (socket instanceof TLSSocket && socket.alpnProtocol !== 'h2') {
        settle({ outcome: 'fail', reason: 'garbage', saw: 'TLS without HTTP/2' });
        return;
      }
      try {
        session = converse(begin, socket, probe, settle);
      } catch (error) {
        settle(unknownBecause(error));
      }
    });
    socket.on('close', () =>
      settle({ outcome: 'fail', reason: 'reset', saw: 'the connection ended before the answer' }),
    );
  });
}

function open(probe: GrpcProbe): Socket {
  const address = { ...connectOptions(probe.host, probe.port, probe.timeoutMs), allowHalfOpen: false };
  if (!probe.tls) return connect(address);
  const context = contexts.get(probe) ?? secureContextOf(probe.authorityPem);
  contexts.set(probe, context);
  return connectTls({ ...address, ...tlsOptions(context, probe.serverName ?? probe.host, ['h2']) });
}

/** One call over a connection that stands. */
function converse(
  begin: typeof connectHttp2,
  socket: Socket,
  probe: GrpcProbe,
  settle: (finding: Finding) => void,
): ClientHttp2Session {
  const session = begin(`${probe.tls ? 'https' : 'http'}://${authorityOf(probe)}`, {
    createConnection: () => socket,
    settings: { enablePush: false },
    maxSessionMemory: 1,
  });
  session.on('error', (error) => settle(judgeError(socket, error)));
  session.on('goaway', (code) => {
    if (code !== noError) settle({ outcome: 'fail', reason: 'reset', saw: `GOAWAY with code ${code}` });
  });

  const stream = session.request(
    {
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      ':authority': authorityOf(probe),
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-timeout': `${probe.timeoutMs}m`,
      'user-agent': 'cdk-failover',
    },
    { endStream: false },
  );
  let head: Head = {};
  let trailers: IncomingHttpHeaders = {};
  let body: Buffer = Buffer.alloc(0);
  stream.on('response', (headers) => {
    head = headers;
  });
  stream.on('trailers', (headers) => {
    trailers = headers;
  });
  stream.on('data', (chunk: Buffer) => {
    body = Buffer.concat([body, chunk]);
    if (body.length > answerBytesMax) settle({ outcome: 'fail', reason: 'too-large' });
  });
  stream.on('error', (error) => settle(judgeError(socket, error)));
  // After everything else of the stream, however it ends.
  stream.on('close', () => settle(judge(head, { ...head, ...trailers }['grpc-status'], body)));
  stream.end(healthRequest(probe.service));
  return session;
}

/**
 * @param code - of gRPC: from the trailers, or from the head of an answer that has nothing else
 */
function judge(head: Head, code: string | readonly string[] | undefined, body: Buffer): Finding {
  const status = head[':status'];
  if (status === undefined) return { outcome: 'fail', reason: 'reset', saw: 'the call ended without an answer' };
  const type = String(head['content-type'] ?? '');
  if (status !== 200) return { outcome: 'fail', reason: 'wrong-status', saw: `HTTP status ${status}` };
  if (!type.startsWith('application/grpc'))
    return { outcome: 'fail', reason: 'garbage', saw: 'an answer without gRPC' };
  if (code === undefined) return { outcome: 'fail', reason: 'reset', saw: 'the call was broken off' };
  if (code !== '0') {
    return {
      outcome: 'fail',
      reason: 'wrong-status',
      saw: codes.get(String(code)) ?? `the code ${String(code)} of gRPC`,
    };
  }
  const health = healthStatusIn(body);
  switch (health) {
    case 'SERVING':
      return { outcome: 'pass', saw: health };
    case 'NOT_SERVING':
      return { outcome: 'fail', reason: 'not-ok', saw: health };
    case 'UNKNOWN':
    case 'SERVICE_UNKNOWN':
      return { outcome: 'fail', reason: 'wrong-status', saw: `${health}: the server does not say SERVING` };
    case null:
      return { outcome: 'fail', reason: 'garbage', saw: 'no health status' };
  }
}

/** The name that is asked for, with a port that is not the usual one. */
function authorityOf({ authority, serverName, host, port, tls }: GrpcProbe): string {
  if (authority !== undefined) return authority;
  const name = serverName ?? (isIPv6(host) ? `[${host}]` : host);
  return port === (tls ? defaultPort.tls : defaultPort.cleartext) ? name : `${name}:${port}`;
}
