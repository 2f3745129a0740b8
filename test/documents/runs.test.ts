import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { splitWords } from '../../src/cli/words.ts';
import { commandsIn, configurationsIn, documents } from './document.fixture.ts';
import { wayOf } from './way.fixture.ts';

const root = join(import.meta.dirname, '../..');
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

interface Ended {
  readonly exit: number;
  readonly printed: string;
}

/** Runs commands of documents for real, one after another; a verb alone is asked for its help. */
async function runIn(folder: string, commands: readonly string[]): Promise<readonly Ended[]> {
  const lines = commands.map((command) => {
    const [verb = '', ...words] = splitWords(command.replace(/^(?:npx )?cdk-failover /, ''));
    return words.length === 0
      ? [verb, '--help']
      : [verb, ...words.map((word) => (word === 'FILE' ? configuration : word))];
  });
  const args = ['--import', loader, join(root, 'test/documents/batch.fixture.ts'), JSON.stringify(lines)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 100_000_000 });
  return JSON.parse(stdout);
}

/** What `FILE` stands for: what the reader's own `init` wrote. */
const configuration = 'failover.config.yaml';

const commands = [...new Set(documents.flatMap(({ text }) => commandsIn(text)))].filter(
  (command) => wayOf(command)?.kind === 'here',
);
const inits = commands.filter((command) => command.includes('cdk-failover init '));
const others = commands.filter((command) => !inits.includes(command));

/** The reader's folder, with what documents let the reader have there. */
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'documents-'));
  const program = readFileSync(join(root, 'failover.config.ts'), 'utf8');
  writeFileSync(join(folder, 'failover.config.ts'), program.replace("'./src/", `'${root}/src/`));
  for (const name of ['scenarios', 'examples', 'node_modules']) symlinkSync(join(root, name), join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('commands that need neither AWS nor a lab do what the documents say', async () => {
  const begun = await runIn(folder, inits);
  copyFileSync(join(folder, configuration), join(folder, 'next.yaml'));
  const gone = await runIn(folder, others);

  expect(inits.length).toBe(1);
  expect(others.length).toBeGreaterThan(10);
  const failed = [...begun, ...gone].flatMap(({ exit, printed }, index) =>
    exit === 0 ? [] : [{ command: [...inits, ...others][index], printed }],
  );
  expect(failed).toEqual([]);
});

test('a command that fails is told', async () => {
  const [ended] = await runIn(folder, ['npx cdk-failover validate gone.yaml']);

  expect(ended).toEqual({ exit: 2, printed: expect.stringContaining('gone.yaml') });
});

const configurations = documents.flatMap(({ file, text }) => configurationsIn(text).map((yaml) => ({ file, yaml })));

test('every configuration that a document shows whole is valid, without a finding', async () => {
  const names = configurations.map(({ file }, index) => `${file.replaceAll('/', '-')}-${index}.yaml`);
  for (const [index, { yaml }] of configurations.entries()) writeFileSync(join(folder, names[index] ?? ''), yaml);

  const [ended] = await runIn(folder, [`cdk-failover validate ${names.join(' ')}`]);

  expect(configurations.length).toBeGreaterThanOrEqual(2);
  expect(ended).toEqual({ exit: 0, printed: expect.not.stringContaining('unknown key') });
});
