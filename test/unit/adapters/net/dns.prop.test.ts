import { decode, encode } from 'dns-packet';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replyTo } from '../../../../src/adapters/net/dns-server.ts';

const label = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
const name = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.'));
const address = fc.ipV4();

test('what is asked and answered is what is read (any name, any addresses)', () => {
  fc.assert(
    fc.property(
      name,
      fc.array(address, { maxLength: 5 }),
      fc.nat(0xffff),
      fc.nat(0x7fffffff),
      (asked, addresses, id, ttlSeconds) => {
        const query = encode({ type: 'query', id, questions: [{ name: asked, type: 'A' }] });
        const seen: string[] = [];

        const reply = decode(
          replyTo(query, (looked, type) => {
            seen.push(looked);
            return { rcode: 'NOERROR', answers: addresses.map((data) => ({ name: looked, type, ttlSeconds, data })) };
          }) as Buffer,
        );

        expect(seen).toEqual([asked.toLowerCase()]);
        expect(reply).toMatchObject({ id, flag_aa: true, questions: [{ name: asked, type: 'A', class: 'IN' }] });
        expect(reply.answers).toMatchObject(addresses.map((data) => ({ name: asked, ttl: ttlSeconds, data })));
      },
    ),
  );
});

test('any bytes are dropped or replied to with what a client can read', () => {
  const header = fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => {
    const query = Buffer.from(bytes);
    query.writeUInt16BE(query.readUInt16BE(2) & 0x01ff, 2);
    query.writeUInt16BE(1, 4);
    return query;
  });
  const mutated = fc.tuple(name, fc.nat(60), fc.nat(255)).map(([asked, at, byte]) => {
    const query = encode({ type: 'query', id: 1, questions: [{ name: asked, type: 'A' }] });
    query[at % query.length] = byte;
    return query;
  });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 64 }).map((some) => Buffer.from(some)),
    fc.tuple(header, fc.uint8Array({ maxLength: 64 })).map((parts) => Buffer.concat(parts)),
    mutated,
  );
  fc.assert(
    fc.property(bytes, (message) => {
      const reply = replyTo(message, () => ({ rcode: 'NOERROR', answers: [] }));

      if (reply !== null) expect(decode(reply)).toMatchObject({ id: message.readUInt16BE(0), flag_qr: true });
    }),
    { numRuns: 2_000 },
  );
});
