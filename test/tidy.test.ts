import { describe, expect, test } from 'vitest';
import { biomePatternsOf, layerOf, layerRows, layers, mayUsePackage } from './support/layers.ts';
import { repositoryFiles } from './support/repository-files.ts';
import { isProgram, nodesOf, type SourceText } from './support/syntax.ts';
import { lineLimits, type Rule, rules } from './support/tidy-rules.ts';
import { crowdedFolders, folderFilesMax, importCircles, missingFiles, unusedExports } from './support/tree-rules.ts';

type Fact = keyof typeof rules;

const files = repositoryFiles();

function breachesOf(fact: Fact, source: SourceText): readonly string[] {
  const rule: Rule = rules[fact];
  return rule(source).map(({ line, message }) => `${source.path}:${line} ${message}`);
}

/** Start of a sample, for the title of its test. */
const startOf = (text: string) => text.replaceAll('\n', ' ').slice(0, 70);

const lines = (count: number) => 'call();\n'.repeat(count);
const functionOf = (lineCount: number) => `function work() {\n${lines(lineCount - 2)}}\n`;
const machinePath = (top: string) => ['', top, 'somebody', 'file.ts'].join('/');

/** What each rule must find: path, text and the number of breaches. */
const planted: Readonly<Record<Fact, readonly (readonly [path: string, text: string, count: number])[]>> = {
  'a layer imports only what the table allows it': [
    ['src/core/judge.ts', `import { x } from '../ports/clock.ts';`, 1],
    ['src/core/judge.ts', `import type { x } from '../ports/clock.ts';`, 1],
    ['src/core/judge.ts', `import { readFileSync } from 'node:fs';`, 1],
    ['src/core/judge.ts', `import { z } from 'zod';`, 1],
    ['src/core/judge.ts', `export { x } from '../sim/run.ts';`, 1],
    ['src/core/judge.ts', `export * from '../sim/run.ts';`, 1],
    ['src/core/judge.ts', `type X = import('../config/schema.ts').X;`, 1],
    ['src/core/judge.ts', `import manifest from '../../package.json' with { type: 'json' };`, 1],
    ['src/ports/clock.ts', `import '../config/load.ts';`, 1],
    ['src/config/load.ts', `import { readFile } from 'node:fs/promises';`, 1],
    ['src/adapters/net/x.ts', `import { Hono } from 'hono';`, 1],
    ['src/sim/run.ts', `import { systemClock } from '../adapters/system/clock.ts';`, 1],
    ['src/sim/run.ts', `const { readFile } = await import('node:fs');`, 1],
    ['src/dashboard/page.ts', `import '../cli/main.ts';`, 1],
    ['src/client/x.ts', `import { majorityOf } from '../core/deployment.ts';`, 1],
    ['src/cli/main.ts', `import { z } from 'zod';`, 1],
    ['src/cli/main.ts', `const verb = await import(name);`, 1],
    ['src/cli/main.ts', `const x = require('zod');`, 1],
    ['src/stray/x.ts', 'export {};', 1],
    ['lambda/watcher.lambda.ts', `import '../src/sim/run.ts';`, 1],
    ['lib/stacks/control.ts', `import { judge } from '../../src/core/verdict.ts';`, 1],
  ],
  'the environment is read in src/config/env.ts only': [
    ['src/cli/main.ts', 'const home = process.env.HOME;', 1],
    ['lambda/watcher.lambda.ts', `const { HOME } = globalThis.process['env'];`, 1],
    ['src/cli/main.ts', `import { env } from 'node:process';`, 1],
  ],
  'time and timers come from src/adapters/system only': [
    ['src/core/judge.ts', 'const nowMs = Date.now();', 1],
    ['src/client/x.ts', 'const nowMs = Date.now();', 1],
    ['src/core/judge.ts', 'const now = new Date();', 1],
    ['src/core/judge.ts', 'const now = Date();', 1],
    ['src/cli/main.ts', 'setTimeout(stop, 5);\nsetInterval(stop, 5);\nsetImmediate(stop);', 3],
    ['src/cli/main.ts', 'const later = globalThis.setTimeout;', 1],
    ['src/cli/main.ts', `import { setTimeout as sleep } from 'node:timers/promises';`, 2],
    ['src/cli/main.ts', 'const ns = process.hrtime.bigint();', 1],
    ['src/cli/main.ts', 'const startMs = performance.now();\nconst signal = AbortSignal.timeout(5);', 2],
    ['src/adapters/net/x.ts', 'const nowMs = Date.now();', 1],
  ],
  'randomness comes from src/adapters/system/rng.ts only': [['src/sim/run.ts', 'const x = Math.random();', 1]],
  'SDK clients are made in src/adapters/aws/clients.ts only': [
    [
      'src/adapters/aws/tables.ts',
      `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';\nnew DynamoDBClient({});`,
      1,
    ],
    [
      'lambda/x.lambda.ts',
      `const { EC2Client } = await import('@aws-sdk/client-ec2');\nexport const c = new EC2Client();`,
      1,
    ],
  ],
  'only configuration files have a default export': [
    ['src/core/judge.ts', 'export default function judge() {}', 1],
    ['bench/main.ts', 'const x = 1;\nexport { x as default };', 1],
  ],
  'a file is named by one noun, in kebab-case': [
    ['src/core/utils.ts', '', 1],
    ['src/core/observe.ts', '', 1],
    ['src/cli/explain-fault.ts', '', 1],
    ['src/config/strict.ts', '', 1],
    ['test/unit/core/look.test.ts', '', 1],
    ['src/core/types.ts', '', 1],
    ['test/support/helpers.ts', '', 1],
    ['src/cli/index.ts', '', 1],
    ['src/core/siteReport.ts', '', 1],
    ['src/core/Register.ts', '', 1],
    ['src/core/site_report.ts', '', 1],
  ],
  'files and functions fit their limits': [
    ['src/core/long.ts', lines(lineLimits.file + 1), 1],
    ['lambda/watcher.lambda.ts', lines(lineLimits.handler + 1), 1],
    ['src/core/long.ts', functionOf(lineLimits.function + 1), 1],
    ['src/core/long.ts', `const work = () => {\n${lines(lineLimits.function)}};`, 1],
    ['src/core/long.ts', `class C {\n  work() {\n${lines(lineLimits.function)}}\n}`, 1],
  ],
  'a name that measures something says its unit': [
    ['src/core/x.ts', 'const timeout = 5;', 1],
    ['src/core/x.ts', 'const { ttl } = record;\nconst { ttlMs: interval } = record;', 2],
    ['src/core/x.ts', 'const { ttl = 5 } = record;', 1],
    ['src/core/x.ts', 'interface X { readonly timeout: number }\nclass C { timestamp = 0; }', 2],
    ['src/core/x.ts', 'function f(interval: number) {}\nconst g = (ttl: number) => ttl;', 2],
    ['src/config/x.ts', 'const schema = { timeout: z.number() };', 1],
    ['src/adapters/net/x.ts', 'interface X { timeout: number }', 1],
  ],
  'every export has a docstring': [
    ['src/core/x.ts', 'export function f() {}', 1],
    ['src/core/x.ts', '// Not a docstring.\nexport const x = 1;', 1],
    ['src/core/x.ts', '/** A. */\nexport interface A {}\nexport type B = A;\nexport class C {}', 2],
    ['src/core/x.ts', '/** A. */\nconst a = 1;\n\nexport const b = a;', 1],
    ['lambda/watcher.lambda.ts', 'export const handler = () => {};', 1],
  ],
  'no line of prose is over 120 columns': [
    ['README.md', `${'word '.repeat(25)}\n\n| ${'cell '.repeat(30)} |\n`, 1],
    ['src/core/x.ts', `/** ${'word '.repeat(25)}*/\nexport const x = 1;\n// ${'word '.repeat(25)}`, 2],
  ],
  'the lock file names no registry': [
    ['package-lock.json', '{\n  "resolved": "https://registry.example/x.tgz"\n}', 1],
    ['website/package-lock.json', '{\n  "resolved": "https://registry.example/x.tgz"\n}', 1],
  ],
  'no path of one particular machine': [
    ['README.md', `Open ${machinePath('home')} first.`, 1],
    ['scripts/x.js', `read('${machinePath('root')}');\nread("${machinePath('work')}");`, 2],
  ],
  'nothing is left to do, to skip or to ignore': [
    ['src/core/x.ts', `// ${'TO'}DO: think\n// ${'FIX'}ME`, 2],
    ['src/core/x.ts', `// @${'ts-ignore'}\nconst x = y as any;`, 2],
    ['test/x.test.ts', `it.only('a', f);\ndescribe.skip('b', f);\ntest.only.each([1])('c', f);\ntest.todo('d');`, 4],
  ],
};

/** What looks like a breach and is none. */
const innocent: readonly (readonly [fact: Fact, path: string, text: string])[] = [
  ['a layer imports only what the table allows it', 'src/core/x.ts', `import './register/ballot.ts';`],
  ['a layer imports only what the table allows it', 'src/core/x.ts', `const text = "import 'node:fs'";`],
  ['a layer imports only what the table allows it', 'src/cli/lab/lab-command.ts', `import dynalite from 'dynalite';`],
  ['a layer imports only what the table allows it', 'src/cli/main.ts', `import m from '../../package.json';`],
  [
    'a layer imports only what the table allows it',
    'lib/x.ts',
    `import { type Site } from '../src/core/model/deployment.ts';`,
  ],
  ['a layer imports only what the table allows it', 'test/unit/x.test.ts', `import '../../src/core/judge.ts';`],
  ['the environment is read in src/config/env.ts only', 'src/config/env.ts', 'export const home = process.env.HOME;'],
  ['the environment is read in src/config/env.ts only', 'src/cli/x.ts', `const text = 'process.env';`],
  ['time and timers come from src/adapters/system only', 'src/adapters/system/clock.ts', 'setTimeout(f, Date.now());'],
  ['time and timers come from src/adapters/system only', 'src/dashboard/browser/x.js', 'setTimeout(f, Date.now());'],
  ['time and timers come from src/adapters/system only', 'src/client/system.ts', 'setTimeout(f, Date.now());'],
  ['time and timers come from src/adapters/system only', 'src/adapters/net/x.ts', 'const ms = performance.now();'],
  ['time and timers come from src/adapters/system only', 'src/cli/x.ts', 'const day = new Date(atMs).toISOString();'],
  ['time and timers come from src/adapters/system only', 'src/cli/x.ts', 'socket.setTimeout(5);'],
  ['randomness comes from src/adapters/system/rng.ts only', 'src/adapters/system/rng.ts', 'Math.random();'],
  ['randomness comes from src/adapters/system/rng.ts only', 'src/client/system.ts', 'Math.random();'],
  ['SDK clients are made in src/adapters/aws/clients.ts only', 'src/cli/lab/x.ts', 'new DrillClient();'],
  ['only configuration files have a default export', 'vitest.config.ts', 'export default {};'],
  ['only configuration files have a default export', 'website/.vitepress/config.ts', 'export default {};'],
  ['a file is named by one noun, in kebab-case', 'src/sim/checkers/s1-one-active-an-epoch.ts', ''],
  ['a file is named by one noun, in kebab-case', 'lambda/watcher.lambda.ts', ''],
  ['a file is named by one noun, in kebab-case', 'src/config/strict-object.ts', ''],
  ['files and functions fit their limits', 'src/core/x.ts', functionOf(lineLimits.function)],
  ['files and functions fit their limits', 'test/unit/x.test.ts', lines(lineLimits.file + 1)],
  [
    'a name that measures something says its unit',
    'src/core/x.ts',
    'const { timeout: timeoutMs, ttlSeconds } = foreign;',
  ],
  ['a name that measures something says its unit', 'src/adapters/net/x.ts', 'encode({ ttl: ttlSeconds });'],
  ['every export has a docstring', 'src/core/x.ts', `/** F. */\nexport function f(): 1;\nexport function f(x?: 1): 1;`],
  ['no path of one particular machine', 'README.md', `See https://aws.example${machinePath('home')}.`],
  ['nothing is left to do, to skip or to ignore', 'test/x.test.ts', `test.skipIf(isMissing)('needs moto', f);`],
];

describe.each(Object.keys(rules) as Fact[])('%s', (fact) => {
  test('in the whole tree', () => {
    const breaches = files.flatMap((source) => breachesOf(fact, source));

    expect(breaches).toEqual([]);
  });

  for (const [path, text, count] of planted[fact]) {
    test(`finds ${count} in ${path}: ${startOf(text)}`, () => {
      expect(breachesOf(fact, { path, text })).toHaveLength(count);
    });
  }

  for (const [, path, text] of innocent.filter(([innocentOf]) => innocentOf === fact)) {
    test(`finds none in ${path}: ${startOf(text)}`, () => {
      expect(breachesOf(fact, { path, text })).toEqual([]);
    });
  }
});

test('the tree that is looked at is this repository', () => {
  const paths = files.map(({ path }) => path);

  expect(paths).toEqual(expect.arrayContaining(['package.json', 'src/core/detection/verdict.ts', 'test/tidy.test.ts']));
  expect(paths.filter((path) => /^(node_modules|dist|out|\.git)\//.test(path))).toEqual([]);
  expect(files.filter(({ path }) => isProgram(path)).every((source) => nodesOf(source).length > 0)).toBe(true);
});

test(`no folder holds more than ${folderFilesMax} files`, () => {
  expect(crowdedFolders(files.map(({ path }) => path))).toEqual([]);
});

test('a folder is too full with one file more than it may hold, whatever stands below it', () => {
  const filesOf = (folder: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${folder}/${index}.ts`);
  const paths = [...filesOf('src', folderFilesMax + 1), ...filesOf('src/core', folderFilesMax)];

  expect(crowdedFolders(paths)).toEqual([{ folder: 'src', fileCount: folderFilesMax + 1 }]);
});

test('no import goes round in a circle', () => {
  expect(importCircles(files)).toEqual([]);
});

test('what is exported is named by another file', () => {
  const programs = files.filter(({ path }) => isProgram(path));

  expect(unusedExports(programs)).toEqual([]);
});

test('an export that no other file names is told, a type or a name used elsewhere is not', () => {
  const sources = [
    { path: 'src/core/one.ts', text: 'export const left = 1;\nexport type Kept = 1;\nexport function* used() {}\n' },
    { path: 'src/core/two.ts', text: `import { used } from './one.ts';\n` },
  ];

  expect(unusedExports(sources)).toEqual([{ path: 'src/core/one.ts', name: 'left' }]);
});

test('an import circle is told as the path of its files, imports of types included', () => {
  const sources = [
    { path: 'src/core/start.ts', text: `import './a.ts';` },
    { path: 'src/core/a.ts', text: `import type { B } from './x/b.ts';` },
    { path: 'src/core/x/b.ts', text: `export { c } from '../c.ts';` },
    { path: 'src/core/c.ts', text: `type A = import('./a.ts').A;` },
  ];

  expect(importCircles(sources)).toEqual([['src/core/a.ts', 'src/core/x/b.ts', 'src/core/c.ts', 'src/core/a.ts']]);
  expect(importCircles(sources.slice(0, 3))).toEqual([]);
});

test('a file that a document or a comment names exists', () => {
  expect(missingFiles(files)).toEqual([]);
});

test('finds a file that is named and missing, in a document and in a comment', () => {
  const sources = [
    { path: 'docs/x.md', text: 'See `core/verdict.ts` and `gone.ts`.' },
    { path: 'src/core/verdict.ts', text: "/** As in `src/gone.ts`. */\nconst name = '`never.ts`';" },
  ];

  expect(missingFiles(sources).map(({ named }) => named)).toEqual(['gone.ts', 'src/gone.ts']);
});

test('every layer that exists has files of its own', () => {
  const withoutFiles = layers.filter(({ name }) => !files.some(({ path }) => layerOf(path)?.name === name));

  // What is deployed comes with the constructs; until then these folders are empty.
  expect(withoutFiles.map(({ name }) => name).filter((name) => name !== 'lambda' && name !== 'lib, bin')).toEqual([]);
});

test('node:* is for adapters, cli and lib, zod for config and scenario', () => {
  const users = (specifier: string) =>
    layers.filter((layer) => mayUsePackage(layer, specifier)).map(({ name }) => name);

  expect(users('node:fs')).toEqual(['adapters', 'cli', 'lib, bin']);
  expect(users('zod')).toEqual(['config', 'scenario']);
});

test('CONTRIBUTING.md shows the table of layers as it is held here', () => {
  const text = files.find(({ path }) => path === 'CONTRIBUTING.md')?.text.split('\n') ?? [];

  expect(text).toEqual(expect.arrayContaining([...layerRows()]));
});

test('biome.json refuses in each layer of src what the table refuses', () => {
  const biome = JSON.parse(files.find(({ path }) => path === 'biome.json')?.text ?? '{}');
  const overrides: { includes: string[]; linter: { rules: { style?: Record<string, unknown> } } }[] = biome.overrides;

  for (const layer of layers.filter(({ folders }) => folders[0]?.startsWith('src/'))) {
    const override = overrides.find(({ includes }) => includes.includes(`${layer.folders[0]}**`));
    expect(override?.linter.rules.style?.noRestrictedImports).toMatchObject({
      level: 'error',
      options: { patterns: [{ group: biomePatternsOf(layer) }] },
    });
  }
});
