import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HttpResponseReader } from '../../../../src/adapters/net/http-response.ts';

const statusLine = fc.constantFrom(
  'HTTP/1.1 200 OK',
  'HTTP/1.0 503 No',
  'HTTP/1.1 100 Go on',
  'HTTP/1.1 204',
  'HTTX',
  '',
);
const lineEnd = fc.constantFrom('\r\n', '\n');
const headerLine = fc.oneof(
  fc.constantFrom('Content-Length: 5', 'Transfer-Encoding: chunked', 'X-Failover-Role: standby', 'no colon', 'A:'),
  fc.integer({ min: 0, max: 200_000 }).map((length) => `Content-Length: ${length}`),
  fc.integer({ min: 15_000, max: 17_000 }).map((length) => `Long: ${'x'.repeat(length)}`),
);
const bodyPiece = fc.oneof(
  fc.constantFrom('ok', '\r\n', '2\r\nok\r\n', '0\r\n\r\n', '0\r\nT: 1\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\n'),
  fc.integer({ min: 60_000, max: 70_000 }).map((length) => 'y'.repeat(length)),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const responseBytes = fc
  .tuple(
    fc.array(fc.tuple(statusLine, fc.array(headerLine, { maxLength: 4 })), { maxLength: 2 }),
    lineEnd,
    fc.array(bodyPiece),
  )
  .map(([heads, end, pieces]) => {
    const blocks = heads.map(([status, headers]) => [status, ...headers, '', ''].join(end));
    return Buffer.from(blocks.join('') + pieces.join(''), 'latin1');
  });

/** Most near the start, where the lines are. */
const cutsOfBytes = fc.array(fc.oneof(fc.nat({ max: 200 }), fc.nat({ max: 90_000 })), { maxLength: 40 });

test('any split of the bytes into chunks gives the same result', () => {
  fc.assert(
    fc.property(responseBytes, cutsOfBytes, (bytes, cuts) => {
      expect(read(split(bytes, cuts))).toEqual(read([bytes]));
    }),
    { numRuns: 500 },
  );
});

test('the property fails for a reader that forgets the part of a line that it had', () => {
  const forgetful = (chunks: readonly Buffer[]) => read(chunks.slice(-1));

  const outcome = fc.check(
    fc.property(responseBytes, cutsOfBytes, (bytes, cuts) => {
      expect(forgetful(split(bytes, cuts))).toEqual(forgetful([bytes]));
    }),
  );

  expect(outcome.failed).toBe(true);
});

test('one byte at a time gives the same result as all at once', () => {
  fc.assert(
    fc.property(responseBytes, (bytes) => {
      const few = bytes.subarray(0, 3_000);

      expect(read(Array.from(few, (byte) => Buffer.of(byte)))).toEqual(read([few]));
    }),
    { numRuns: 200 },
  );
});

test('never throws and never keeps more than its maximum, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const { body } = read([Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'), Buffer.from(bytes)]);

      expect(body.length).toBeLessThanOrEqual(bytes.length);
    }),
  );
});

function split(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [0, ...cuts.filter((cut) => cut < bytes.length), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

function read(chunks: readonly Buffer[]) {
  const reader = new HttpResponseReader();
  for (const chunk of chunks) reader.push(chunk);
  const progress = reader.end();
  return { progress, head: reader.head, body: reader.body.toString('latin1') };
}
