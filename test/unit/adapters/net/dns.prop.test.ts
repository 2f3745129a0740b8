import { decode, encode } from 'dns-packet';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameReader, frame } from '../../../../src/adapters/net/dns-frames.ts';
import { readQuery, writeError, writeReply } from '../../../../src/adapters/net/dns-message.ts';

const label = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
const name = fc.array(label, { minLength: 1, maxLength: 6 }).map((labels) => labels.join('.'));
const address = fc.ipV4();
const queryBytesMax = 4_096;

test('what is asked and answered is what is read (any name, any addresses)', () => {
  fc.assert(
    fc.property(name, fc.array(address), fc.nat(0xffff), fc.nat(0x7fffffff), (asked, addresses, id, ttlSeconds) => {
      const query = readQuery(encode({ type: 'query', id, questions: [{ name: asked, type: 'A' }] }));
      if (query.kind !== 'query') throw new Error(`read as ${query.kind}`);
      const records = addresses.map((data) => ({ name: asked.toLowerCase(), type: 'A' as const, ttlSeconds, data }));

      const reply = decode(writeReply(query, 'NOERROR', records, 0xffff));

      expect(reply).toMatchObject({ id, flag_aa: true, questions: [{ name: asked, type: 'A', class: 'IN' }] });
      expect(reply.answers).toMatchObject(addresses.map((data) => ({ name: asked, ttl: ttlSeconds, data })));
    }),
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
      const query = readQuery(message);
      if (query.kind === 'drop') return;
      const reply = query.kind === 'error' ? writeError(query) : writeReply(query, 'NOERROR', [], 512);

      expect(decode(reply)).toMatchObject({ id: message.readUInt16BE(0), flag_qr: true });
    }),
    { numRuns: 2_000 },
  );
});

test('any split of framed messages into chunks gives the same messages', () => {
  const messages = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 6 });
  fc.assert(
    fc.property(messages, fc.boolean(), fc.array(fc.nat(300)), (sent, isOverflown, cuts) => {
      const tail = isOverflown ? Buffer.from([0xff, 0xff, 1, 2]) : Buffer.alloc(0);
      const bytes = Buffer.concat([...sent.map((message) => frame(Buffer.from(message))), tail]);
      const places = [0, ...cuts.filter((cut) => cut < bytes.length), bytes.length].sort((a, b) => a - b);
      const reader = new FrameReader(queryBytesMax);

      const read = places.slice(1).flatMap((place, index) => reader.push(bytes.subarray(places[index], place)));

      expect(read.map((message) => [...message])).toEqual(sent.map((message) => [...message]));
      expect(reader.isOverflown).toBe(isOverflown);
    }),
  );
});
