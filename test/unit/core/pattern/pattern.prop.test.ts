import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPattern } from '../../../../src/core/pattern/pattern.ts';

const atoms = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\s', '\\b', '^', '$', 'B', '\\.', '0');
const pattern = fc.letrec<{ readonly node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atoms,
    fc.tuple(tie('node'), tie('node')).map(([one, other]) => `${one}${other}`),
    fc.tuple(tie('node'), tie('node')).map(([one, other]) => `(${one}|${other})`),
    fc
      .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '*?'))
      .map(([item, how]) => `(?:${item})${how}`),
  ),
})).node;
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '0', ' ', '.', '\n', '_'), maxLength: 12 });

test('finds what the regular expressions of JavaScript find, in upper and lower case', () => {
  fc.assert(
    fc.property(pattern, text, fc.boolean(), (source, within, isCaseIgnored) => {
      const reading = readPattern(source, isCaseIgnored);
      if (reading.isRefused) return;

      expect(reading.pattern.isIn(within)).toBe(new RegExp(source, isCaseIgnored ? 'i' : '').test(within));
    }),
    { numRuns: 2_000 },
  );
});

test('never fails, whatever it is given to read', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab([{*+?|)]}\\^$-,19:=!<nbdx'), maxLength: 20 }), (source) => {
      const reading = readPattern(source, false);

      expect(reading.isRefused ? reading.why : reading.pattern.isIn('ab1')).toBeDefined();
    }),
    { numRuns: 2_000 },
  );
});
