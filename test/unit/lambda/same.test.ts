import { describe, expect, it } from 'vitest';
import { isSame } from '../../../lambda/same.ts';

describe('parts of a configuration', () => {
  it.each([
    { a: { kind: 'custom', functions: { x: '1', y: '2' } }, b: { functions: { y: '2', x: '1' }, kind: 'custom' } },
    { a: { ids: ['1', '2'], none: undefined }, b: { ids: ['1', '2'] } },
    { a: null, b: null },
  ])('are the same in whatever order their keys are: $a', ({ a, b }) => {
    expect(isSame(a, b)).toBe(true);
  });

  it.each([
    { a: { x: '1' }, b: { x: '2' } },
    { a: { x: '1' }, b: { x: '1', y: '1' } },
    { a: { x: '1' }, b: { x: 1 } },
    { a: ['1', '2'], b: ['2', '1'] },
    { a: { x: {} }, b: { x: null } },
    { a: undefined, b: {} },
  ])('are not the same: $a and $b', ({ a, b }) => {
    expect(isSame(a, b)).toBe(false);
  });
});
