import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Actions } from '../../src/cli/program.ts';
import { run } from '../../src/cli/run.ts';
import { recordTerminal } from '../unit/cli/terminal.fixture.ts';
import { faultOf } from './command.fixture.ts';
import { commandsIn, documents, pathsIn, unmarkedCommandsIn } from './document.fixture.ts';

const root = join(import.meta.dirname, '../..');

/** What each verb shows as examples in its help. */
async function helpExamples(): Promise<readonly string[]> {
  const helpOf = async (words: readonly string[]) => {
    const terminal = recordTerminal();
    await run([...words, '--help'], {} as Actions, terminal, '1.2.3');
    return terminal.printed.out;
  };
  const verbs = [...(await helpOf([])).matchAll(/^ {2}([a-z]+) .*\S$/gm)].map(([, verb = '']) => verb);
  const texts = await Promise.all(verbs.map((verb) => helpOf([verb])));
  return texts.flatMap((text) => [...text.matchAll(/^ *(cdk-failover [a-z].*)$/gm)].map(([, line = '']) => line));
}

const examples = await helpExamples();
const commands = documents.flatMap(({ file, text }) => commandsIn(text).map((command) => ({ file, text, command })));

test('documents have commands', () => {
  expect(commands.length).toBeGreaterThan(100);
});

test.each(commands)('$file: $command is a command', async ({ command, text }) => {
  expect(await faultOf(command, { text })).toBeNull();
});

test('every verb shows an example in its help', () => {
  expect(examples.length).toBeGreaterThan(30);
});

test.each(examples)('%s, an example in a help, is a command', async (command) => {
  expect(await faultOf(command, { text: '' })).toBeNull();
});

test.each(documents)('$file names only paths that there are', ({ text }) => {
  const missing = pathsIn(text).filter((path) => !existsSync(join(root, path)));

  expect(missing).toEqual([]);
});

test('a path that is not there is seen', () => {
  expect(pathsIn('See `src/gone.ts`, `scenarios/`, `docs/adr/NAME.md` and `route/x`.')).toEqual([
    'src/gone.ts',
    'scenarios/',
  ]);
});

test.each(documents)('$file marks its commands as sh', ({ text }) => {
  expect(unmarkedCommandsIn(text)).toEqual([]);
});

describe('a wrong command is found', () => {
  test.each([
    ['npx cdk-failover stauts web', /unknown command 'stauts'/],
    ['cdk-failover status --wath', /unknown option '--wath'/],
    ['cdk-failover maintenance on', /say on or off/],
    ['cdk-failover cost --json', /file/],
    ['cdk-failover drill --fault flood', /flood/],
    ['cdk-failover simulate scenarios/gone', /no scenarios\/gone/],
    ['npm run drills', /no script drills/],
    ['npm run fuzz --planted', /after --/],
    ['npm run fuzz -- --plantd', /unknown option '--plantd'/],
    ['npx cdk deploy --al', /has no --al/],
    ['npx cdk destry --all', /no destry/],
    ['npx tsx scripts/gone.ts', /no scripts\/gone\.ts/],
    ['npx tsx scripts/real-account.ts --account 1', /--yes/],
    ['node gone.mjs', /no gone\.mjs/],
    ['cd examples/gone', /no examples\/gone/],
    ['npx vitest run test/unit/gone', /no test\/unit\/gone/],
    ['terraform apply', /the program terraform/],
  ])('%s', async (command, fault) => {
    expect(await faultOf(command, { text: '' })).toMatch(fault);
  });
});

describe('the commands of a text', () => {
  test.each([
    ['```sh\nnpm ci && npm test # ten minutes\n```', ['npm ci', 'npm test']],
    ['```sh\n# first\n$ npx cdk synth\n```', ['npx cdk synth']],
    ['Run `npx cdk deploy\n--all` and `cdk-failover`, not `data`.', ['npx cdk deploy --all']],
    ['`npx cdk-failover ...` takes them', []],
    ['```yaml\nnpm: ci\n```', []],
  ])('of %j are %j', (text, expected) => {
    expect(commandsIn(text)).toEqual(expected);
  });

  test('in a block that is not marked are told', () => {
    expect(unmarkedCommandsIn('```\nnpx cdk synth\nplain\n```')).toEqual(['npx cdk synth']);
  });
});
