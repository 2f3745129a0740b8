import type { SeededRandom } from '../../../src/sim/random.ts';

/** Changes a text in a way in which people and machines spoil one. */
export type Mutation = (text: string, random: SeededRandom) => string;

/** Deeper than any sound file, and than the stack of a careless parser. */
const depth = 5_000;
const hugeNumbers = ['1e309', '99999999999999999999999', '-1', '0', '0x7fffffffffffffff', '.inf', '.nan', '1e-320'];
const strangeTexts = ['\u0000', '\ud800', '\u202e', 'é\u0301', '😀', '__proto__', 'constructor', '*x', '&x', '!!js'];
const wrongValues = ['null', '[]', '{}', '[1, 2]', '{ a: 1 }', 'true', '""', '2001-01-01', '~', '- -', 'toString'];

const pick = <T>(items: readonly T[], random: SeededRandom): T => items[Math.floor(random() * items.length)] as T;
const linesOf = (text: string) => text.split('\n');
const someLine = (lines: readonly string[], random: SeededRandom) => Math.floor(random() * lines.length);

function withLine(text: string, random: SeededRandom, change: (line: string) => readonly string[]): string {
  const lines = linesOf(text);
  const index = someLine(lines, random);
  return [...lines.slice(0, index), ...change(lines[index] ?? ''), ...lines.slice(index + 1)].join('\n');
}

/** Puts something in the place of the value after one of the colons, or else of one of the words. */
function withValue(text: string, random: SeededRandom, value: string): string {
  const places = [...text.matchAll(/(?<=: )[^\n,{}[\]]+/g)];
  const found = places.length > 0 ? places : [...text.matchAll(/\S+/g)];
  const place = pick(found, random);
  if (place === undefined) return value;
  return text.slice(0, place.index) + value + text.slice(place.index + place[0].length);
}

function inserted(text: string, random: SeededRandom, value: string): string {
  const index = Math.floor(random() * (text.length + 1));
  return text.slice(0, index) + value + text.slice(index);
}

/** Every mutation by name. */
export const mutations: Readonly<Record<string, Mutation>> = {
  drop: (text, random) => withLine(text, random, () => []),
  duplicate: (text, random) => withLine(text, random, (line) => [line, line]),
  swap: (text, random) => {
    const lines = linesOf(text);
    const [from, to] = [someLine(lines, random), someLine(lines, random)];
    return lines.map((line, index) => lines[index === from ? to : index === to ? from : index] ?? line).join('\n');
  },
  truncate: (text, random) => text.slice(0, Math.floor(random() * text.length)),
  indent: (text, random) => withLine(text, random, (line) => [`  ${line}`]),
  tab: (text, random) => withLine(text, random, (line) => [`\t${line}`]),
  unicode: (text, random) => inserted(text, random, pick(strangeTexts, random)),
  strange: (text, random) => withValue(text, random, pick(strangeTexts, random)),
  huge: (text, random) => withValue(text, random, pick(hugeNumbers, random)),
  long: (text, random) => withValue(text, random, 'x'.repeat(70_000)),
  type: (text, random) => withValue(text, random, pick(wrongValues, random)),
  deep: (text, random) => withValue(text, random, '['.repeat(depth) + ']'.repeat(depth)),
  quote: (text, random) => inserted(text, random, pick(['"', "'", '`', '\\', '{', ']', ':', '#', '%', '|'], random)),
  word: (text, random) => {
    const words = [...text.matchAll(/[A-Za-z][\w-]*/g)].map(([word]) => word);
    const [from = '', to = ''] = [pick(words, random), pick(words, random)];
    return text.replace(from, to);
  },
};

/**
 * Spoils a text by one to three mutations.
 *
 * @returns the text and the names of the mutations, in order
 */
export function mutated(text: string, random: SeededRandom): { readonly text: string; readonly by: readonly string[] } {
  const by = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(Object.keys(mutations), random));
  return { text: by.reduce((spoiled, name) => mutations[name]?.(spoiled, random) ?? spoiled, text), by };
}
