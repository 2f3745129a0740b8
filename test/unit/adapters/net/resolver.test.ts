import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { type DnsLookup, startDnsServer } from '../../../../src/adapters/net/dns-server.ts';
import { createResolve } from '../../../../src/adapters/net/resolver.ts';
import { PortError } from '../../../../src/ports/port-error.ts';

/** A resolver that asks a server which answers as it is told. */
async function resolveBy(lookUp: DnsLookup) {
  const server = await startDnsServer(lookUp);
  onTestFinished(() => server.close());
  return createResolve([{ host: server.address, port: server.port }]);
}

async function faultKindOf(action: () => Promise<unknown>): Promise<string> {
  const error = await action().then(
    () => expect.fail('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PortError)) throw error;
  return error.fault.kind;
}

const held: Readonly<Record<string, readonly string[]>> = {
  A: ['203.0.113.20', '203.0.113.10'],
  AAAA: ['2001:db8::1'],
};

it('tells the addresses of both types, sorted', async () => {
  const resolve = await resolveBy((name, type) => ({
    rcode: 'NOERROR',
    answers: (held[type] ?? []).map((data) => ({ name, type, ttlSeconds: 1, data })),
  }));

  expect(await resolve('www.shop.example')).toEqual({ addresses: ['2001:db8::1', '203.0.113.10', '203.0.113.20'] });
});

it('tells the addresses of the one type that there is', async () => {
  const resolve = await resolveBy((name, type) => ({
    rcode: 'NOERROR',
    answers: type === 'A' ? [{ name, type, ttlSeconds: 1, data: '203.0.113.10' }] : [],
  }));

  expect(await resolve('www.shop.example')).toEqual({ addresses: ['203.0.113.10'] });
});

it.each(['NXDOMAIN', 'NOERROR'] as const)('tells of no address when there is none (%s)', async (rcode) => {
  const resolve = await resolveBy(() => ({ rcode, answers: [] }));

  expect(await resolve('www.shop.example')).toEqual({ addresses: [] });
});

it.each([
  {
    what: 'fails (SERVFAIL)',
    lookUp: () => {
      throw new Error('planted');
    },
  },
  { what: 'refuses (REFUSED)', lookUp: () => ({ rcode: 'REFUSED', answers: [] }) },
] satisfies readonly { what: string; lookUp: DnsLookup }[])(
  'is unavailable when the server $what',
  async ({ lookUp }) => {
    const resolve = await resolveBy(lookUp);

    expect(await faultKindOf(() => resolve('www.shop.example'))).toBe('unavailable');
  },
);

it('is unavailable when one of the two types gets no answer, whatever the other says', async () => {
  const resolve = await resolveBy((name, type) => {
    if (type === 'AAAA') return { rcode: 'REFUSED', answers: [] };
    return { rcode: 'NOERROR', answers: [{ name, type, ttlSeconds: 1, data: '203.0.113.10' }] };
  });

  expect(await faultKindOf(() => resolve('www.shop.example'))).toBe('unavailable');
});

it('times out when no answer comes, well within a step', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  onTestFinished(() => void socket.close());
  await once(socket, 'listening');
  const resolve = createResolve([{ host: '127.0.0.1', port: socket.address().port }]);
  const startedMs = performance.now();

  expect(await faultKindOf(() => resolve('www.shop.example'))).toBe('timeout');
  expect(performance.now() - startedMs).toBeLessThan(6_000);
});

it('is invalid to resolve what is no name', async () => {
  const resolve = await resolveBy(() => ({ rcode: 'NOERROR', answers: [] }));

  expect(await faultKindOf(() => resolve('www..shop.example'))).toBe('invalid');
});
