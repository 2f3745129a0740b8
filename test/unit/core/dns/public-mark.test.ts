import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { publicMark } from '../../../../src/core/dns/public-mark.ts';

const lengths = [0, 1, 10, 55, 56, 63, 64, 65, 119, 120, 1_000];
const textOf = (length: number) => 'ab\u00e9'.repeat(length).slice(0, length);
const expected = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex').slice(0, 12);

describe('publicMark', () => {
  it.each(lengths)('is the beginning of HMAC-SHA-256 (length=%i, beyond ASCII too)', (length) => {
    expect(publicMark('Z0EXAMPLE', textOf(length))).toBe(expected('Z0EXAMPLE', textOf(length)));
  });

  it.each(lengths)('takes a key of any length (length=%i)', (length) => {
    expect(publicMark(textOf(length), 'shop', 'web')).toBe(expected(textOf(length), 'shop\nweb'));
  });

  it('says with another key nothing of the same names', () => {
    expect(publicMark('Z0EXAMPLE', 'shop', 'web')).not.toBe(publicMark('Z1EXAMPLE', 'shop', 'web'));
  });

  it('tells parts apart that would be one text without a border', () => {
    expect(publicMark('Z0EXAMPLE', 'shop', 'web', 'a')).not.toBe(publicMark('Z0EXAMPLE', 'shop', 'weba', ''));
    expect(publicMark('Z0EXAMPLE', 'shop', 'web', 'a')).not.toBe(publicMark('Z0EXAMPLE', 'shopweb', 'a'));
  });
});
