import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { blocks, rows, sources } from '../../../scripts/compare/list.ts';
import { comparePage } from '../../../scripts/compare/page.ts';
import { schemaKeys } from '../../../scripts/compare/schema-keys.ts';
import { inputSchema } from '../../../src/config/published/json-schema.ts';

const page = fileURLToPath(new URL('../../../docs/compare.md', import.meta.url));
const keys = schemaKeys(inputSchema());
const named = new Set(rows.flatMap((row) => row.keys));

/** Choices that a reader of the comparison does not choose by. */
const unlisted = /^(mode:|failback\.mode:|traffic\.dns\.directCheck|capacity)/;

test('docs/compare.md is what its list says', () => {
  expect(readFileSync(page, 'utf8')).toBe(comparePage({ rows, blocks, sources }));
});

test('every key that the list names is in the schema', () => {
  const all = [...named, ...blocks.flatMap((block) => block.keys)];

  expect(all.filter((key) => !keys.has(key))).toEqual([]);
});

test('every choice of the schema is in the list', () => {
  const choices = [...keys].filter((key) => key.includes(':') && !unlisted.test(key));

  expect(choices.length).toBeGreaterThan(20);
  expect(choices.filter((key) => !named.has(key))).toEqual([]);
});

test('every way to move traffic is in the list', () => {
  const ways = [...keys].filter((key) => /^traffic\.\w+$/.test(key));

  expect(ways.filter((way) => ![...named].some((key) => key === way || key.startsWith(`${way}.`)))).toEqual([]);
});
