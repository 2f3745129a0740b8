import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { splitWords } from '../../src/cli/words.ts';
import { commandsIn, configurationsIn, documents } from './document.fixture.ts';

const root = join(import.meta.dirname, '../..');
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Runs a command of a document for real; resolves with its exit code and what it printed. */
function runIn(folder: string, command: string): Promise<{ readonly exit: number; readonly printed: string }> {
  const words = splitWords(command.replace(/^(?:npx )?cdk-failover /, ''));
  const args = ['--import', loader, join(root, 'src/cli/main.ts'), ...words];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd: folder }, (_, out, err) =>
      resolve({ exit: child.exitCode ?? 1, printed: out + err }),
    );
  });
}

function commandsOf(file: string): readonly string[] {
  return commandsIn(documents.find((document) => document.file === file)?.text ?? '');
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'documents-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What needs neither AWS nor a lab, nor an answer of a person. */
const isCheap = (command: string) => /^npx cdk-failover (?:(?:validate|cost|simulate) \S|init .*--)/.test(command);

describe('run for real, in the order in which a reader meets them', () => {
  test('the commands of docs/getting-started.md write a configuration, and judge it', async () => {
    const commands = commandsOf('docs/getting-started.md').filter(isCheap);

    const outcomes: { readonly command: string; readonly exit: number }[] = [];
    for (const command of commands) outcomes.push({ command, exit: (await runIn(folder, command)).exit });

    expect(commands.map((command) => command.split(' ')[2])).toEqual(['init', 'validate', 'cost']);
    expect(outcomes).toEqual(commands.map((command) => ({ command, exit: 0 })));
  });

  test('README.md judges the configuration of this repository', async () => {
    const commands = commandsOf('README.md').filter(
      (command) => isCheap(command) && command.endsWith('failover.config.ts'),
    );

    const outcomes = await Promise.all(commands.map(async (command) => (await runIn(root, command)).exit));

    expect(commands.length).toBe(2);
    expect(outcomes).toEqual([0, 0]);
  });

  test('docs/scenarios.md runs a scenario', async () => {
    const commands = commandsOf('docs/scenarios.md').filter((command) => isCheap(command) && command.endsWith('.yaml'));

    const outcomes = await Promise.all(commands.map(async (command) => (await runIn(root, command)).exit));

    expect(outcomes).toEqual([0]);
  });
});

test('a command that fails is told', async () => {
  const { exit, printed } = await runIn(folder, 'npx cdk-failover validate gone.yaml');

  expect({ exit, printed }).toEqual({ exit: 2, printed: expect.stringContaining('gone.yaml') });
});

const configurations = documents.flatMap(({ file, text }) => configurationsIn(text).map((yaml) => ({ file, yaml })));

test('every configuration that a document shows whole is valid, without a finding', async () => {
  const names = configurations.map(({ file }, index) => `${file.replaceAll('/', '-')}-${index}.yaml`);
  for (const [index, { yaml }] of configurations.entries()) writeFileSync(join(folder, names[index] ?? ''), yaml);

  const { exit, printed } = await runIn(folder, `cdk-failover validate ${names.join(' ')}`);

  expect(configurations.length).toBeGreaterThanOrEqual(2);
  expect({ exit, printed }).toEqual({ exit: 0, printed: expect.not.stringContaining('unknown key') });
});
