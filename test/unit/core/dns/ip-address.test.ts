import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areSameAddresses, canonicalAddress } from '../../../../src/core/dns/ip-address.ts';

test.each([
  ['2001:DB8::1', '2001:db8::1'],
  ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['0:0:0:0:0:0:0:0', '::'],
  ['::ffff:192.0.2.1', '::ffff:c000:201'],
  ['64:FF9B::192.0.2.33', '64:ff9b::c000:221'],
  ['203.0.113.10', '203.0.113.10'],
  ['www.shop.example', 'www.shop.example'],
  ['1::2::3', '1::2::3'],
  ['1:2:3', '1:2:3'],
])('%s is spelled %s', (text, spelling) => {
  expect(canonicalAddress(text)).toBe(spelling);
});

test('every spelling of an address has the same canonical one, which is an address and its own', () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const long = groups.map((value) => value.toString(16).padStart(4, '0').toUpperCase()).join(':');
      const short = canonicalAddress(long);

      expect(isIPv6(short)).toBe(true);
      expect([short, new URL(`http://[${long}]`).hostname.slice(1, -1)].map(canonicalAddress)).toEqual([short, short]);
      expect(new URL(`http://[${long}]`).hostname).toBe(`[${short}]`);
    }),
  );
});

test('lists are the same in any order and spelling, and not with one more', () => {
  expect(areSameAddresses(['192.0.2.1', '2001:DB8::1'], ['2001:db8:0::1', '192.0.2.1'])).toBe(true);
  expect(areSameAddresses(['192.0.2.1'], ['192.0.2.1', '2001:db8::1'])).toBe(false);
});
