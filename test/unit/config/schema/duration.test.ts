import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duration, durationMs, durationText } from '../../../../src/config/schema/duration.ts';
import { hintOf } from '../../../../src/config/schema/spelling.ts';

test.each([
  ['250ms', 250],
  ['30s', 30_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['2d', 172_800_000],
  ['1.5s', 1_500],
  ['2.3s', 2_300],
  ['-90s', -90_000],
  ['0s', 0],
])('%s is %i ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each(['', '5', 's', '5 s', '5S', '5w', '1e3s', '5s ', '--5s', '.5s', `${'9'.repeat(13)}s`])(
  '%j is none',
  (text) => {
    expect(durationMs(text)).toBeNaN();
  },
);

test.each([
  [0, true],
  ['1m', true],
  [60_001, false],
  [-1, false],
  [0.5, false],
  ['61s', false],
  ['five', false],
  [Number.NaN, false],
  [Number.POSITIVE_INFINITY, false],
  [null, false],
  [{}, false],
])('from 0 to 1m: %j is allowed: %s', (value, isAllowed) => {
  expect(duration(0, 60_000).safeParse(value).success).toBe(isAllowed);
});

test('what is written is read back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (ms) => {
      expect(durationMs(durationText(ms))).toBe(ms);
    }),
  );
});

test.each([
  ['60', '60s'],
  ['1.5', '1.5s'],
  ['PT1H', '1h'],
  ['PT1H30M', '90m'],
  ['P2DT12H', '60h'],
  ['pt90s', '90s'],
  ['1 hour', '1h'],
  ['30 seconds', '30s'],
  ['1h 30m', '90m'],
  ['2 days, 1 hour', '49h'],
  ['5M', '5m'],
])('%j is refused with what to write: %s', (written, instead) => {
  const { error } = duration(0, 3_600_000_000).safeParse(written);

  expect(error?.issues.map(hintOf)).toEqual([`write ${instead}`]);
});

test.each(['P1M', 'P1Y', 'soon', '1 fortnight', '', 'PT'])('what %j means nobody can tell', (written) => {
  const { error } = duration(0, 3_600_000_000).safeParse(written);

  expect(error?.issues.map(hintOf)).toEqual([null]);
});
