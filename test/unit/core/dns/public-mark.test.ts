import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { publicMark } from '../../../../src/core/dns/public-mark.ts';

describe('publicMark', () => {
  it.each([0, 1, 10, 55, 56, 63, 64, 119, 120, 1_000])(
    'is the beginning of SHA-256 (length=%i, beyond ASCII too)',
    (length) => {
      const part = 'ab\u00e9'.repeat(length).slice(0, length);

      const expected = createHash('sha256').update(part).digest('hex').slice(0, 12);
      expect(publicMark(part)).toBe(expected);
    },
  );

  it('tells parts apart that would be one text without a border', () => {
    expect(publicMark('shop', 'web', 'a')).not.toBe(publicMark('shop', 'weba', ''));
    expect(publicMark('shop', 'web', 'a')).not.toBe(publicMark('shopweb', 'a'));
  });
});
