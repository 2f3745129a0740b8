import fc from 'fast-check';
import { expect, test } from 'vitest';
import { healthRequest, healthStatusIn } from '../../../../src/adapters/net/grpc/grpc-messages.ts';

/** A framed message. */
function framed(...message: readonly number[]): Buffer {
  return Buffer.from([0, 0, 0, 0, message.length, ...message]);
}

test.each([
  ['', '0000000000'],
  ['a.B', '00000000050a03612e42'],
  ['x'.repeat(200), `00000000cb0ac801${'78'.repeat(200)}`],
])('asks about the service %j', (service, hex) => {
  expect(healthRequest(service).toString('hex')).toBe(hex);
});

test.each([
  ['nothing but the default', [], 'UNKNOWN'],
  ['a status', [0x08, 1], 'SERVING'],
  ['the last of two', [0x08, 1, 0x08, 2], 'NOT_SERVING'],
  ['a field of a later version', [0x12, 2, 8, 8, 0x08, 1], 'SERVING'],
  ['fields of fixed length', [0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0x1d, 0, 0, 0, 0, 0x08, 3], 'SERVICE_UNKNOWN'],
  ['a status of a later version', [0x08, 9], null],
  ['half a number', [0x08, 0x80], null],
  ['half a text', [0x12, 5, 1], null],
  ['a type that is none', [0x0f, 1], null],
])('reads %s (%j: %s)', (_, message, expected) => {
  expect(healthStatusIn(framed(...message))).toBe(expected);
});

test.each([
  ['no frame', Buffer.alloc(4)],
  ['compressed', Buffer.from([1, 0, 0, 0, 2, 8, 1])],
  ['shorter than it says', Buffer.from([0, 0, 0, 0, 3, 8, 1])],
  ['two messages', Buffer.concat([framed(8, 1), framed(8, 1)])],
])('reads nothing from what is %s', (_, bytes) => {
  expect(healthStatusIn(bytes)).toBeNull();
});

test('never throws, and ends, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (message) => {
      const status = healthStatusIn(framed(...message));

      expect([null, 'UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN']).toContain(status);
    }),
  );
});
