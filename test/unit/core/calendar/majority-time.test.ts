import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { majorityTimeMs } from '../../../../src/core/calendar/majority-time.ts';

const clock = fc.integer({ min: 0, max: 2 ** 42 });

describe('majorityTimeMs', () => {
  it.each([
    { clocks: [5_000], time: 5_000 },
    { clocks: [5_000, 9_000], time: 5_000 },
    { clocks: [9_000, 5_000, 5_100], time: 5_100 },
    { clocks: [4, 3, 2, 1], time: 2 },
    { clocks: [5, Number.NaN, 7], time: 5 },
  ])('is $time for clocks $clocks', ({ clocks, time }) => {
    expect(majorityTimeMs(clocks, 77)).toBe(time);
  });

  it('is the own time for whoever hears no clock', () => {
    expect(majorityTimeMs([], 77)).toBe(77);
  });

  it('lies between right clocks, as long as most are right, whatever the others show', () => {
    const cases = fc
      .array(clock, { minLength: 1, maxLength: 5 })
      .chain((right) => fc.tuple(fc.constant(right), fc.array(fc.integer(), { maxLength: right.length - 1 })));
    fc.assert(
      fc.property(cases, ([right, wrong]) => {
        const time = majorityTimeMs([...wrong, ...right], 0);

        expect(time).toBeGreaterThanOrEqual(Math.min(...right));
        expect(time).toBeLessThanOrEqual(Math.max(...right));
      }),
    );
  });
});
