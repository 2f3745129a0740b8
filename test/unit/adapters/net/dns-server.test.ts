import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type DecodedPacket, decode, encode, type Question } from 'dns-packet';
import { expect, onTestFinished, test } from 'vitest';
import { type DnsLookup, type DnsServer, startDnsServer } from '../../../../src/adapters/net/dns-server.ts';
import { PortError } from '../../../../src/ports/port-error.ts';

const zone: DnsLookup = (name, type) => {
  if (name === 'throws.example') throw new Error('planted');
  if (!name.endsWith('shop.example')) return { rcode: 'REFUSED', answers: [] };
  if (name === 'none.shop.example') return { rcode: 'NXDOMAIN', answers: [] };
  const count = name === 'many.shop.example' ? 40 : 1;
  const answers = Array.from({ length: count }, (_, index) => ({
    name,
    type,
    ttlSeconds: 30,
    data: type === 'A' ? `203.0.113.${index + 1}` : `2001:db8::${index + 1}`,
  }));
  return { rcode: 'NOERROR', answers };
};

async function start(): Promise<DnsServer> {
  const server = await startDnsServer(zone);
  onTestFinished(() => server.close());
  return server;
}

/** Sends one datagram and waits for one back; null when none comes in a while. */
async function exchangeUdp(port: number, message: Buffer, waitMs = 2_000): Promise<Buffer | null> {
  const socket = createSocket('udp4');
  onTestFinished(() => void socket.close());
  socket.send(message, port, '127.0.0.1');
  return once(socket, 'message', { signal: AbortSignal.timeout(waitMs) }).then(
    ([reply]) => reply as Buffer,
    () => null,
  );
}

const ask = (question: Question): Buffer => encode({ type: 'query', id: 4_711, questions: [question] });

async function askUdp(port: number, question: Question): Promise<DecodedPacket & { rcode?: string }> {
  const reply = await exchangeUdp(port, ask(question));
  if (!reply) throw new Error('no reply');
  return decode(reply);
}

test.each([
  ['A', '203.0.113.1'],
  ['AAAA', '2001:db8::1'],
] as const)('answers with authority by UDP and repeats the case of the question (type=%s)', async (type, data) => {
  const { port } = await start();

  const reply = await askUdp(port, { name: 'WWW.Shop.example', type });

  expect(reply).toMatchObject({ id: 4_711, flag_qr: true, flag_aa: true, flag_tc: false, rcode: 'NOERROR' });
  expect(reply.questions).toMatchObject([{ name: 'WWW.Shop.example', type }]);
  expect(reply.answers).toMatchObject([{ name: 'WWW.Shop.example', type, ttl: 30, data }]);
});

test.each([
  ['none.shop.example', 'NXDOMAIN', true],
  ['www.other.example', 'REFUSED', false],
  ['throws.example', 'SERVFAIL', false],
])('answers %s with %s (authority=%s)', async (name, rcode, isAuthority) => {
  const { port } = await start();

  const reply = await askUdp(port, { name, type: 'A' });

  expect(reply).toMatchObject({ rcode, flag_aa: isAuthority, answers: [] });
});

test.each(['MX', 'TXT', 'TLSA', 'CAA'] as const)('answers another type without data (type=%s)', async (type) => {
  const { port } = await start();

  const known = await askUdp(port, { name: 'www.shop.example', type });
  const missing = await askUdp(port, { name: 'none.shop.example', type });

  expect(known).toMatchObject({ rcode: 'NOERROR', answers: [], questions: [{ type }] });
  expect(missing).toMatchObject({ rcode: 'NXDOMAIN', answers: [] });
});

test('marks a reply over the limit of UDP as truncated, and sends no part of it (limit=512)', async () => {
  const { port } = await start();

  const reply = await exchangeUdp(port, ask({ name: 'many.shop.example', type: 'AAAA' }));

  expect(reply?.length).toBeLessThanOrEqual(512);
  expect(decode(reply as Buffer)).toMatchObject({ flag_tc: true, answers: [] });
});

test.each([
  ['cut after the question’s name', ask({ name: 'www.shop.example', type: 'A' }).subarray(0, -4), 'FORMERR'],
  ['two questions announced', patched(4, 2), 'FORMERR'],
  ['a label that points', patched(12, 0xc00c), 'FORMERR'],
  ['a NOTIFY', patched(2, 4 << 11), 'NOTIMP'],
])('replies to what it cannot read when the header can be (%s)', async (_, message, rcode) => {
  const { port } = await start();

  const reply = await exchangeUdp(port, message);

  expect(decode(reply as Buffer)).toMatchObject({ id: 4_711, rcode, answers: [] });
});

test.each([
  ['fewer bytes than a header', Buffer.from('garbage')],
  ['a reply', patched(2, 0x8000)],
])('drops %s and goes on serving', async (_, message) => {
  const { port } = await start();

  const dropped = await exchangeUdp(port, message, 100);
  const served = await askUdp(port, { name: 'www.shop.example', type: 'A' });

  expect(dropped).toBeNull();
  expect(served.answers).toHaveLength(1);
});

test('is gone when closed, once or twice, and its port is free', async () => {
  const server = await startDnsServer(zone);

  await Promise.all([server.close(), server.close()]);

  const again = await startDnsServer(zone, server.port);
  await again.close();
});

test('refuses a port that is taken', async () => {
  const { port } = await start();

  await expect(startDnsServer(zone, port)).rejects.toThrow(PortError);
});

function patched(offset: number, value: number): Buffer {
  const message = ask({ name: 'www.shop.example', type: 'A' });
  message.writeUInt16BE(value, offset);
  return message;
}
