import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Actions } from '../../../src/cli/program.ts';
import { run } from '../../../src/cli/run.ts';
import { splitWords } from '../../../src/cli/words.ts';
import { recordTerminal } from './terminal.fixture.ts';

const root = join(import.meta.dirname, '../../..');
const files = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(root, 'docs/adr')).map((name) => `docs/adr/${name}`),
];

/** What stands for something of the reader's own in a command, and an example of it. */
const placeholders: Readonly<Record<string, string>> = { STEP: 'fence', SERVICE: 'web', SITE: 'oregon' };

/** The command lines of a document, without what follows them as a comment. */
function commandsIn(text: string): readonly string[] {
  const inline = [...text.matchAll(/`(?:npx )?cdk-failover ([^`]+)`/g)].map(([, line = '']) => line);
  const blocks = [...text.matchAll(/^```[a-z]*\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  const lines = blocks.flatMap((block) => block.split('\n'));
  const shown = lines.flatMap((line) => /^(?:\$ )?(?:npx )?cdk-failover (.+)$/.exec(line)?.[1] ?? []);
  return [...new Set([...inline, ...shown])]
    .map((line) => line.replace(/\s+/g, ' ').replace(/ #.*$/, '').trim())
    .filter((line) => !line.includes('...'));
}

const commands = files.flatMap((file) =>
  commandsIn(readFileSync(join(root, file), 'utf8')).map((line) => [file, line] as const),
);

test('documents have commands', () => {
  expect(commands.length).toBeGreaterThan(60);
});

test.each(commands)('%s: cdk-failover %s is a command line', async (_, line) => {
  const act = async () => 0;
  const terminal = recordTerminal();
  const actions = new Proxy({} as Actions, { get: () => act });
  const words = splitWords(line).map((word) => placeholders[word] ?? word);
  // A verb alone is one that a sentence names.
  const asked = words.length === 1 ? [...words, '--help'] : words;

  const exit = await run(asked, actions, terminal, '1.2.3');

  expect({ exit, err: terminal.printed.err }).toEqual({ exit: 0, err: '' });
});
