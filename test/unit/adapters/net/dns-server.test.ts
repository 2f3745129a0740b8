import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type DecodedPacket, decode, encode, type Question } from 'dns-packet';
import { expect, onTestFinished, test } from 'vitest';
import { frame } from '../../../../src/adapters/net/dns-frames.ts';
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

async function start(lookUp: DnsLookup = zone, idleMs = 5_000): Promise<DnsServer> {
  const server = await startDnsServer(lookUp, { idleMs });
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

const ask = (question: Question, udpPayloadSize?: number): Buffer =>
  encode({
    type: 'query',
    id: 4_711,
    questions: [question],
    additionals:
      udpPayloadSize === undefined
        ? []
        : [
            {
              name: '.',
              type: 'OPT',
              udpPayloadSize,
              extendedRcode: 0,
              ednsVersion: 0,
              flags: 0,
              flag_do: false,
              options: [],
            },
          ],
  });

async function askUdp(
  port: number,
  question: Question,
  udpPayloadSize?: number,
): Promise<DecodedPacket & { rcode?: string }> {
  const reply = await exchangeUdp(port, ask(question, udpPayloadSize));
  if (!reply) throw new Error('no reply');
  return decode(reply);
}

function openTcp(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
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

test.each([
  ['plain', undefined, 512],
  ['EDNS', 700, 700],
  ['EDNS', 100, 512],
  ['EDNS', 4_096, 1_232],
])('marks a reply over the limit of UDP as truncated (%s, asked=%s, limit=%i)', async (_, asked, limit) => {
  const { port } = await start();

  const reply = await exchangeUdp(port, ask({ name: 'many.shop.example', type: 'AAAA' }, asked));

  expect(reply?.length).toBeLessThanOrEqual(limit);
  expect(decode(reply as Buffer)).toMatchObject({ flag_tc: true, answers: [] });
});

test('answers within the EDNS size whole, with EDNS of its own (answers=40, size=4096)', async () => {
  const { port } = await start((name, type) => {
    const { rcode, answers } = zone(name, type);
    return { rcode, answers: answers.slice(0, 20) };
  });

  const reply = await askUdp(port, { name: 'many.shop.example', type: 'A' }, 4_096);

  expect(reply.answers).toHaveLength(20);
  expect(reply.flag_tc).toBe(false);
  expect(reply.additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 1_232 }]);
});

test('answers several queries of one TCP connection, however they are cut, over 512 bytes too', async () => {
  const { port } = await start();
  const socket = openTcp(port);
  const queries = Buffer.concat([
    frame(ask({ name: 'many.shop.example', type: 'A' })),
    frame(ask({ name: 'none.shop.example', type: 'A' })),
  ]);

  for (const byte of queries) socket.write(Buffer.of(byte));
  const bytes = await readUntil(socket, (all) => all.length > 2 && all.length > 2 + all.readUInt16BE(0) + 12);

  const length = bytes.readUInt16BE(0);
  expect(decode(bytes.subarray(2, 2 + length)).answers).toHaveLength(40);
  expect(decode(bytes.subarray(4 + length))).toMatchObject({ rcode: 'NXDOMAIN' });
});

test.each([
  ['says nothing', Buffer.alloc(0)],
  ['stops in the middle of a message', frame(Buffer.alloc(40)).subarray(0, 20)],
])('ends a TCP connection that %s (idle limit=100 ms)', async (_, bytes) => {
  const { port } = await start(zone, 100);
  const socket = openTcp(port);

  socket.write(bytes);
  socket.resume();

  await once(socket, 'close', { signal: AbortSignal.timeout(2_000) });
});

test('ends a TCP connection at once that announces a query over the maximum (bytes=65535)', async () => {
  const { port } = await start();
  const socket = openTcp(port);

  socket.write(Buffer.from([0xff, 0xff]));
  socket.resume();

  await once(socket, 'close', { signal: AbortSignal.timeout(2_000) });
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

test('stops both listeners and ends connections when closed, once or twice', async () => {
  const server = await startDnsServer(zone);
  const socket = openTcp(server.port);
  await once(socket, 'connect');
  const closed = once(socket.resume(), 'close');

  await Promise.all([server.close(), server.close()]);
  await closed;

  const again = await startDnsServer(zone, { port: server.port });
  await again.close();
});

test('refuses a port that is taken (by=tcp)', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as { port: number };

  await expect(startDnsServer(zone, { port })).rejects.toThrow(PortError);
});

function patched(offset: number, value: number): Buffer {
  const message = ask({ name: 'www.shop.example', type: 'A' });
  message.writeUInt16BE(value, offset);
  return message;
}

function readUntil(socket: Socket, isEnough: (all: Buffer) => boolean): Promise<Buffer> {
  let all = Buffer.alloc(0);
  return new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      all = Buffer.concat([all, chunk]);
      if (isEnough(all)) resolve(all);
    });
  });
}
