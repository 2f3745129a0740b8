import { expect, test } from 'vitest';
import { parseDocument } from '../../../src/config/document.ts';
import { complaintsOf } from './shop.fixture.ts';

const refusal = (text: string) => complaintsOf(() => parseDocument(text, 'c.yaml'));

/** A list of lists, so many levels of collections deep. */
function brackets(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`;
}

/** A mapping whose entries hold each other: the last is twenty levels deep for each of them, and no line is deeper. */
function anchors(count: number): string {
  const entry = (at: number) => `${'['.repeat(20)}${at === 0 ? 'x' : `*l${at - 1}`}${']'.repeat(20)}`;
  return Array.from({ length: count }, (_, at) => `l${at}: &l${at} ${entry(at)}`).join('\n');
}

test.each([
  ['a syntax error', 'a: 1\nb: [1, 2\nc: 3\n', /^c\.yaml:\d: not YAML: /],
  ['a duplicate key', 'a: 1\nb: 2\na: 3\n', /^c\.yaml:3: the key "a" stands twice in one mapping$/],
  ['a duplicate key in a flow', 'a: { b: 1, c: 2, b: 3 }\n', /^c\.yaml:1: the key "b" stands twice in one mapping$/],
  ['nothing', ' \n', /^c\.yaml: the file is empty$/],
  ['a tab', 'a:\n\tb: 1\n', /^c\.yaml:2: not YAML: a tab at the beginning of the line; indent with spaces$/],
  ['two documents', 'a: 1\n---\nb: 2\n', /^c\.yaml:2: not YAML: a second document begins here/],
  ['an alias of nothing', 'a: *b\n', /^c\.yaml: not usable as YAML: Unresolved alias /],
  [
    'a function of CloudFormation',
    'a: 1\nb: !GetAtt x.y\n',
    /^c\.yaml:2: the tag !GetAtt means nothing here; .*write the value itself$/,
  ],
  ['a tag of another language', 'a: !!js/function "x"\n', /^c\.yaml:1: the tag !!js\/function means nothing here/],
  [
    'UTF-16, read as UTF-8',
    Buffer.from('a: 1\n', 'utf16le').toString(),
    /^c\.yaml: not a text in UTF-8; save it as UTF-8/,
  ],
  ['a program', 'a: 1\0\u0001', /^c\.yaml: not a text in UTF-8/],
  ['a level too many', brackets(101), /^c\.yaml: nested deeper than 100 levels$/],
  ['brackets within brackets', brackets(5_000), /^c\.yaml: nested deeper than 100 levels$/],
  ['a stack of brackets', brackets(100_000), /^c\.yaml: nested deeper than 100 levels$/],
  ['depth by anchors', anchors(6), /^c\.yaml: nested deeper than 100 levels$/],
  ['brackets without end', '['.repeat(100_000), /^c\.yaml: nested deeper than 100 levels$/],
  ['dashes without end', '- '.repeat(100_000), /^c\.yaml: nested deeper than 100 levels$/],
  ['more than a megabyte', `a: ${'x'.repeat(1_000_001)}`, /^c\.yaml: longer than 1000000 characters$/],
])('%s is one clear line', (_what, text, says) => {
  const lines = refusal(text);

  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(says);
});

test('a hundred levels are read', () => {
  expect(refusal(brackets(100))).toEqual([]);
});

test('a bomb of aliases is refused at once', () => {
  const levels = Array.from({ length: 12 }, (_, level) => {
    const inner = level === 0 ? '"x"' : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array.from({ length: 9 }, () => inner).join(', ')}]`;
  });
  const startMs = performance.now();

  expect(refusal(levels.join('\n'))).toEqual([expect.stringMatching(/^c\.yaml: not usable as YAML: .*[Aa]lias/)]);
  expect(performance.now() - startMs).toBeLessThan(2_000);
});

test('a key that is a collection is read without a word on the terminal', async () => {
  const warnings: Error[] = [];
  const hear = (warning: Error) => warnings.push(warning);
  process.on('warning', hear);

  expect(parseDocument('? [a, b]\n: 1\n', 'c.yaml').value).toEqual({ '[ a, b ]': 1 });
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', hear);

  expect(warnings).toEqual([]);
});

test('an anchor may be used by fifty services', () => {
  const uses = Array.from({ length: 50 }, (_, index) => `s${index}: { detection: *d, again: *d }`);

  expect(refusal(['d: &d { quorum: 2 }', ...uses].join('\n'))).toEqual([]);
});

test('a mapping takes over the keys of an anchor by <<, and its own stand above them', () => {
  const { value, lineOf } = parseDocument('a: &s { b: 1, c: 2 }\nd:\n  <<: *s\n  c: 3\n', 'c.yaml');

  expect(value).toEqual({ a: { b: 1, c: 2 }, d: { b: 1, c: 3 } });
  expect(lineOf(['d', 'b'])).toBe(2);
});

test('a path has the line of its key, and an item its own; below the file the nearest above counts', () => {
  const { lineOf } = parseDocument('# first\na:\n  b:\n    - 1\n    - { c: 2 }\n  d: &x\n    e: 3\nf: *x\n', 'c.yaml');

  expect(lineOf(['a'])).toBe(2);
  expect(lineOf(['a', 'b'])).toBe(3);
  expect(lineOf(['a', 'b', 1])).toBe(5);
  expect(lineOf(['a', 'b', 1, 'c'])).toBe(5);
  expect(lineOf(['a', 'd', 'e'])).toBe(7);
  expect(lineOf(['a', 'b', 7, 'z'])).toBe(3);
  expect(lineOf(['f', 'e'])).toBe(8);
  expect(lineOf(['nowhere'])).toBe(2);
  expect(parseDocument('# nothing', 'c.yaml').lineOf(['a'])).toBeNull();
});
