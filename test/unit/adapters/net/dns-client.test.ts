import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type DecodedPacket, decode, encode, type Packet } from 'dns-packet';
import { expect, onTestFinished, test } from 'vitest';
import { askNameServer } from '../../../../src/adapters/net/dns-client.ts';
import { type DnsLookup, startDnsServer } from '../../../../src/adapters/net/dns-server.ts';
import type { PortError } from '../../../../src/ports/port-error.ts';
import { closedPort } from './target.ts';

const timeoutMs = 400;
const slackMs = 250;
const name = 'www.shop.example';

async function startServer(lookUp: DnsLookup): Promise<{ host: string; port: number }> {
  const server = await startDnsServer(lookUp);
  onTestFinished(() => server.close());
  return { host: server.address, port: server.port };
}

/** A name server by UDP of which the test decides every reply. */
async function startPuppet(reply: (query: DecodedPacket, count: number) => readonly Packet[]): Promise<{
  readonly server: { readonly host: string; readonly port: number };
  readonly queries: DecodedPacket[];
}> {
  const socket: Socket = createSocket('udp4');
  const queries: DecodedPacket[] = [];
  socket.on('message', (message, { address, port }) => {
    const query = decode(message);
    queries.push(query);
    for (const packet of reply(query, queries.length)) socket.send(encode(packet), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return { server: { host: '127.0.0.1', port: socket.address().port }, queries };
}

const goodReply = (query: DecodedPacket): Packet => ({
  type: 'response',
  id: query.id ?? 0,
  questions: query.questions ?? [],
  answers: [{ name, type: 'A', ttl: 30, data: '203.0.113.10' }],
});

test('gives the addresses sorted and the least lifetime (answers=2)', async () => {
  const server = await startServer(() => ({
    rcode: 'NOERROR',
    answers: [
      { name, type: 'A', ttlSeconds: 60, data: '203.0.113.20' },
      { name, type: 'A', ttlSeconds: 30, data: '203.0.113.10' },
    ],
  }));

  const found = await askNameServer(server, `${name}.`, 'A', { timeoutMs });

  expect(found).toEqual({ addresses: ['203.0.113.10', '203.0.113.20'], ttlSeconds: 30 });
});

test.each(['NOERROR', 'NXDOMAIN'] as const)('gives no address for a name without one (rcode=%s)', async (rcode) => {
  const server = await startServer(() => ({ rcode, answers: [] }));

  const found = await askNameServer(server, name, 'AAAA', { timeoutMs });

  expect(found).toEqual({ addresses: [], ttlSeconds: 0 });
});

test('asks again by TCP when the reply was truncated (answers=100)', async () => {
  const answers = Array.from({ length: 100 }, (_, index) => ({
    name,
    type: 'A' as const,
    ttlSeconds: 30,
    data: `203.0.113.${index}`,
  }));
  const server = await startServer(() => ({ rcode: 'NOERROR', answers }));

  const found = await askNameServer(server, name, 'A', { timeoutMs });

  expect(found.addresses).toHaveLength(100);
});

test('tries again with a new id when a query is lost (lost=2 of 3)', async () => {
  const { server, queries } = await startPuppet((query, count) => (count < 3 ? [] : [goodReply(query)]));

  const found = await askNameServer(server, name, 'A', { timeoutMs, attemptsMax: 3 });

  expect(found.addresses).toEqual(['203.0.113.10']);
  expect(new Set(queries.map(({ id }) => id)).size).toBeGreaterThan(1);
});

test('passes over replies with another id, another question, or none of its bits', async () => {
  const { server } = await startPuppet((query) => {
    const lie = { ...goodReply(query), answers: [{ name, type: 'A' as const, ttl: 30, data: '198.51.100.66' }] };
    return [
      { ...lie, id: ((query.id ?? 0) + 1) % 0x10000 },
      { ...lie, questions: [{ name: 'www.evil.example', type: 'A' }] },
      { ...lie, questions: [{ name, type: 'AAAA' }] },
      { ...lie, type: 'query' },
      goodReply(query),
    ];
  });

  const found = await askNameServer(server, name, 'A', { timeoutMs });

  expect(found.addresses).toEqual(['203.0.113.10']);
});

test('is a timeout by its deadline when no reply comes (attempts=3)', async () => {
  const { server, queries } = await startPuppet(() => []);
  const startMs = performance.now();

  const error = await faultOf(askNameServer(server, name, 'A', { timeoutMs, attemptsMax: 3 }));

  expect(error.kind).toBe('timeout');
  expect(queries).toHaveLength(3);
  expect(performance.now() - startMs).toBeLessThan(timeoutMs + slackMs);
});

test('is unavailable when the truncated reply cannot be had by TCP', async () => {
  const { server } = await startPuppet((query) => [{ ...goodReply(query), flags: 0x0200, answers: [] }]);

  const error = await faultOf(askNameServer(server, name, 'A', { timeoutMs }));

  expect(error.kind).toBe('unavailable');
});

test('is unavailable at once where nothing listens', async () => {
  const port = await closedPort();

  const error = await faultOf(askNameServer({ host: '127.0.0.1', port }, name, 'A', { timeoutMs }));

  expect(error.kind).toBe('unavailable');
});

test.each([
  ['REFUSED', 5, 'denied'],
  ['SERVFAIL', 2, 'unavailable'],
  ['FORMERR', 1, 'invalid'],
])('tells what the server said (rcode=%s)', async (_, rcode, kind) => {
  const { server } = await startPuppet((query) => [{ ...goodReply(query), flags: rcode, answers: [] }]);

  const error = await faultOf(askNameServer(server, name, 'A', { timeoutMs }));

  expect(error.kind).toBe(kind);
});

test.each(['', 'a..b', `${'x'.repeat(64)}.example`, 'two words.example'])(
  'refuses what is no name (%j)',
  async (bad) => {
    const error = await faultOf(askNameServer({ host: '127.0.0.1', port: 9 }, bad, 'A', { timeoutMs }));

    expect(error.kind).toBe('invalid');
  },
);

async function faultOf(pending: Promise<unknown>): Promise<PortError['fault']> {
  const error = await pending.then(
    () => null,
    (reason: unknown) => reason,
  );
  return (error as PortError).fault;
}
