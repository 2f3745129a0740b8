import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type KindName, kindNames } from '../src/core/kinds/kind-name.ts';

const root = join(import.meta.dirname, '..');

/** Files and folders that each kind has, as CONTRIBUTING's "Adding a kind" names them. */
const columns: readonly string[] = [
  'src/core/kinds/<kind>.ts',
  'src/config/kinds/<kind>.ts',
  'src/adapters/aws/<kind>.ts',
  'lambda/<kind>.lambda.ts',
  'src/config/plan/permissions/<kind>.ts',
  'src/sim/world/kinds/<kind>.ts',
  'test/contract/<kind>.contract.test.ts',
];

/** Folders in which a line of a registry, or of what is derived by hand, may name a kind. */
const recipe =
  readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').split('## Adding a kind\n')[1]?.split('\n## ')[0] ?? '';

const all = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (path) => !/(^|\/)(node_modules|dist|\.git|cdk\.out|out|coverage)(\/|$)/.test(path),
);

test.each(kindNames.flatMap((kind) => columns.map((column) => ({ kind, column }))))(
  'the kind $kind has $column',
  ({ kind, column }) => {
    expect(all).toContain(column.replace('<kind>', kind));
  },
);

test('the recipe has ten places at most, and names each column', () => {
  const places = recipe.split('\n').filter((line) => /^\d+\. /.test(line));

  expect(places.length).toBeGreaterThan(0);
  expect(places.length).toBeLessThanOrEqual(10);
  for (const column of columns) expect(recipe).toContain(`\`${column}\``);
});

test('no column is of a kind that there is not', () => {
  const known = new Set<string>(kindNames);
  const functions = all.flatMap((path) => /^lambda\/([a-z-]+)\.lambda\.ts$/.exec(path)?.[1] ?? []);
  const others = ['watcher', 'oracle', 'endpoints', 'survey', 'notify', 'doctor', 'deploy'];

  expect(functions.filter((name) => !known.has(name) && !others.includes(name))).toEqual([]);
});

/**
 * Files of the product that name the kind `route` as a whole word in code, by the places of the recipe. What else names
 * it would be a place that the recipe does not know. The newest kind stands for all: nothing was written for it by
 * habit.
 */
test('every file that names the kind "route" is in a place of the recipe', () => {
  const kind: KindName = 'route';
  const patterns = [...recipe.matchAll(/`([^`]+)`/g)].map(([, pattern = '']) => pattern.replaceAll('<kind>', kind));
  const isInRecipe = (path: string) =>
    patterns.some((pattern) => path === pattern || (pattern.endsWith('/') && path.startsWith(pattern)));
  const code = all.filter((path) => /^(src|lambda|lib|bin)\/.*\.ts$/.test(path));

  const naming = code.filter((path) =>
    /(['"`.]route\b['"`]?|\broute[:?,]|\{ route\b|kinds\/route\.ts)/.test(readFileSync(join(root, path), 'utf8')),
  );

  expect(naming.filter((path) => !isInRecipe(path))).toEqual([]);
});
