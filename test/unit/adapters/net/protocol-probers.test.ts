import { createSocket } from 'node:dgram';
import { type Answer, decode, encode } from 'dns-packet';
import { expect, onTestFinished, test } from 'vitest';
import { createNetProber } from '../../../../src/adapters/net/net-prober.ts';
import type { DnsProbe, NetProbe, TcpProbe, TlsProbe, UdpProbe } from '../../../../src/core/model/probe.ts';
import { answering, closedPort, readPem, startTarget, startTlsTarget } from './target.ts';

/** Deadline of a probe that an answer ends: far off, so that a busy machine does not end it first. */
const answerMs = 30_000;
/** Deadline of a probe that nothing else ends. */
const silenceMs = 300;
/** A process that stood still at the deadline says `unknown`, as it should; on a busy machine it is asked again. */
const byDeadline = { retry: 10 };

const base = { host: '127.0.0.1', timeoutMs: answerMs, corroborating: false };

async function wordOf(probe: NetProbe): Promise<string> {
  const observation = await createNetProber({ controlTargets: [], controlTimeoutMs: answerMs }).probe(probe);
  return observation.outcome === 'fail' ? observation.reason : observation.outcome;
}

function tlsProbe(port: number, more: Partial<TlsProbe> = {}): TlsProbe {
  return { ...base, type: 'tls', port, authorityPem: readPem('site.cert'), ...more };
}

test.each<[string, 'site' | 'stranger' | 'expired', Partial<TlsProbe>, string]>([
  ['the declared authority', 'site', {}, 'pass'],
  ['another name', 'site', { serverName: 'www.shop.example' }, 'bad-certificate'],
  ['an unknown authority', 'site', { authorityPem: undefined }, 'bad-certificate'],
  ['an expired certificate', 'expired', { authorityPem: readPem('expired.cert') }, 'bad-certificate'],
  ['an authority that cannot be read', 'site', { authorityPem: 'no PEM' }, 'unknown'],
])('tls: judges the certificate by the handshake alone (%s)', async (_, pair, more, expected) => {
  const { port } = await startTlsTarget(pair, () => undefined);

  expect(await wordOf(tlsProbe(port, more))).toBe(expected);
});

test('tls: reports how long the certificate lasts', async () => {
  const { port } = await startTlsTarget('site', () => undefined);

  const observation = await createNetProber({ controlTargets: [], controlTimeoutMs: answerMs }).probe(tlsProbe(port));

  expect(observation).toMatchObject({ outcome: 'pass', report: { certificateDaysLeft: expect.any(Number) } });
});

test('tls: fails where nothing listens, where nothing speaks TLS, and where nothing is said', byDeadline, async () => {
  const garbage = await startTarget(answering('220 mail\r\n'));
  const silent = await startTarget(() => undefined);

  expect(await wordOf(tlsProbe(await closedPort()))).toBe('refused');
  expect(await wordOf(tlsProbe(garbage.port))).toBe('garbage');
  expect(await wordOf(tlsProbe(silent.port, { timeoutMs: silenceMs }))).toBe('timeout');
});

test.each([
  ['+PONG', 'pass'],
  ['-NOAUTH Authentication required.', 'wrong-banner'],
])('tcp: sends its text and judges what comes back (%s: %s)', async (answer, expected) => {
  const asked: string[] = [];
  const { port } = await startTarget((socket) =>
    socket.once('data', (bytes) => {
      asked.push(bytes.toString());
      socket.end(`${answer}\r\n`);
    }),
  );
  const probe: TcpProbe = { ...base, type: 'tcp', port, send: 'PING\r\n', expectBanner: '+PONG' };

  expect(await wordOf(probe)).toBe(expected);
  expect(asked).toEqual(['PING\r\n']);
});

/** A server of datagrams on loopback; what it does not answer stays unanswered. */
async function startUdp(answer: (asked: Buffer) => Buffer | null): Promise<{ port: number; asked: Buffer[] }> {
  const socket = createSocket('udp4');
  const asked: Buffer[] = [];
  socket.on('message', (bytes, from) => {
    asked.push(bytes);
    const reply = answer(bytes);
    if (reply) socket.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => void socket.close());
  return { port: socket.address().port, asked };
}

test.each<[Partial<UdpProbe>, string]>([
  [{ sendHex: '00ff' }, 'pass'],
  [{ sendHex: '00FF', expectHex: '00ff' }, 'pass'],
  [{ send: 'hello', expect: 'hell' }, 'pass'],
  [{ send: 'hello', expect: 'bye' }, 'wrong-body'],
])('udp: judges the answer by %j (%s)', async (more, expected) => {
  const { port } = await startUdp((asked) => asked);

  expect(await wordOf({ ...base, type: 'udp', port, ...more })).toBe(expected);
});

test('udp: sends again when the first datagram is lost', async () => {
  let count = 0;
  const { port } = await startUdp((asked) => {
    count += 1;
    return count === 1 ? null : asked;
  });

  expect(await wordOf({ ...base, type: 'udp', port, send: 'x', timeoutMs: 3_000 })).toBe('pass');
});

test(
  'udp: is done by the deadline when nothing comes back, and at once where the port is closed',
  byDeadline,
  async () => {
    const silent = await startUdp(() => null);
    const gone = createSocket('udp4');
    await new Promise<void>((resolve) => gone.bind(0, '127.0.0.1', resolve));
    const { port } = gone.address();
    await new Promise<void>((resolve) => gone.close(() => resolve()));

    expect(await wordOf({ ...base, type: 'udp', port: silent.port, send: 'x', timeoutMs: silenceMs })).toBe('timeout');
    expect(await wordOf({ ...base, type: 'udp', port, send: 'x' })).toBe('refused');
  },
);

function dnsProbe(port: number, more: Partial<DnsProbe> = {}): DnsProbe {
  const { timeoutMs, corroborating } = base;
  return { type: 'dns', server: '127.0.0.1', port, name: 'a.example', record: 'A', timeoutMs, corroborating, ...more };
}

function dnsAnswering(rcode: number, answers: Answer[] = []) {
  return (asked: Buffer): Buffer => {
    const { id, questions } = decode(asked);
    return encode({ type: 'response', id, flags: 0x0100 | rcode, questions, answers });
  };
}

const address: Answer = { type: 'A', name: 'a.example', ttl: 60, data: '192.0.2.1' };

test.each<[string, number, Answer[], Partial<DnsProbe>, string]>([
  ['an address', 0, [address], {}, 'pass'],
  ['the expected address', 0, [address], { expect: ['192.0.2.1'] }, 'pass'],
  ['another address', 0, [address], { expect: ['192.0.2.2'] }, 'wrong-body'],
  ['no such name', 3, [], {}, 'unresolved'],
  ['no value', 0, [], {}, 'unresolved'],
  ['a failure', 2, [], {}, 'wrong-status'],
  ['a refusal', 5, [], {}, 'wrong-status'],
])('dns: judges what a name server answers (%s: %s)', async (_, rcode, answers, more, expected) => {
  const { port } = await startUdp(dnsAnswering(rcode, answers));

  expect(await wordOf(dnsProbe(port, more))).toBe(expected);
});

test(
  'dns: fails by the deadline when a name server says nothing, or nothing that can be read',
  byDeadline,
  async () => {
    const silent = await startUdp(() => null);
    const garbage = await startUdp(() => Buffer.from('hello'));

    expect(await wordOf(dnsProbe(silent.port, { timeoutMs: silenceMs }))).toBe('timeout');
    expect(['timeout', 'garbage']).toContain(await wordOf(dnsProbe(garbage.port, { timeoutMs: silenceMs })));
  },
);
