import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/sim/random.ts';

const draw = (random: () => number, count = 50) => Array.from({ length: count }, random);

test('the same seed and stream give the same numbers', () => {
  expect(draw(seededRandom(42, 'links'))).toEqual(draw(seededRandom(42, 'links')));
});

test.each([
  ['another seed', seededRandom(43, 'links')],
  ['another stream', seededRandom(42, 'sites')],
  ['no stream', seededRandom(42)],
])('%s gives other numbers', (_, other) => {
  expect(draw(other)).not.toEqual(draw(seededRandom(42, 'links')));
});

test('the numbers of a seed are the same for ever, or recorded seeds would lose their meaning', () => {
  expect(draw(seededRandom(1), 3).map((drawn) => drawn.toFixed(6))).toMatchInlineSnapshot(`
    [
      "0.357143",
      "0.314362",
      "0.979823",
    ]
  `);
});

test.each([0, 1, -1, 2 ** 32 - 1])('numbers lie from 0 to below 1, about evenly (seed=%i, draws=10000)', (seed) => {
  const drawn = draw(seededRandom(seed), 10_000);

  expect(drawn.every((one) => one >= 0 && one < 1)).toBe(true);
  expect(drawn.reduce((sum, one) => sum + one, 0) / drawn.length).toBeCloseTo(0.5, 1);
});
