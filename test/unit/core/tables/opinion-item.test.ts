import { expect, test } from 'vitest';
import { isOlderMark } from '../../../../src/core/tables/opinion-item.ts';

test.each<[string, string, string, boolean]>([
  ['an earlier write of the same process', '3.a.b.4', '3.a.b.5', true],
  ['the same write', '3.a.b.5', '3.a.b.5', false],
  ['a later write', '3.a.b.10', '3.a.b.9', false],
  ['a predecessor', '9.x.70', '10.y.1', true],
  ['a successor', '10.y.1', '9.x.70', false],
  ['another process of the same generation', '3.y.1', '3.x.70', false],
])('the mark of %s', (_, mark, other, isOlder) => {
  expect(isOlderMark(mark, other)).toBe(isOlder);
});
