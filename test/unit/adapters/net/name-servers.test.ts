import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode, type Packet } from 'dns-packet';
import { expect, onTestFinished, test } from 'vitest';
import { createResolveNameServers } from '../../../../src/adapters/net/name-servers.ts';
import { PortError } from '../../../../src/ports/port-error.ts';

/** RFC 1035, 4.1.1, in the low bits of the flags. */
const codes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 } as const;

/** A resolver on loopback, until the test ends. */
async function resolver(code: keyof typeof codes, servers: readonly string[] = []): Promise<string> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  socket.on('message', (message, from) => {
    const { id, questions = [] } = decode(message);
    const answers = servers.map((data) => ({ type: 'NS' as const, name: questions[0]?.name ?? '', ttl: 60, data }));
    const reply: Packet = { type: 'response', id: id ?? 0, flags: 0x0180 | codes[code], questions, answers };
    socket.send(encode(reply), from.port, from.address);
  });
  return `127.0.0.1:${socket.address().port}`;
}

test('name servers come in lower case, sorted', async () => {
  const at = await resolver('NOERROR', ['NS-2.awsdns.net', 'ns-1.awsdns.com']);

  expect(await createResolveNameServers([at])('shop.example')).toEqual(['ns-1.awsdns.com', 'ns-2.awsdns.net']);
});

test.each(['NXDOMAIN', 'NOERROR'] as const)('there are none where the answer is %s without any', async (code) => {
  const at = await resolver(code);

  expect(await createResolveNameServers([at])('shop.example')).toBeNull();
});

test('a resolver that fails says nothing of the domain', async () => {
  const at = await resolver('SERVFAIL');

  const asked = createResolveNameServers([at])('shop.example');

  await expect(asked).rejects.toBeInstanceOf(PortError);
  await expect(asked).rejects.toMatchObject({
    fault: { kind: 'unavailable', detail: expect.stringContaining('ESERVFAIL') },
  });
});
