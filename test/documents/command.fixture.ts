import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readOptions } from '../../scripts/real-account/options.ts';
import type { Actions } from '../../src/cli/program.ts';
import { run } from '../../src/cli/run.ts';
import { splitWords } from '../../src/cli/words.ts';
import { recordTerminal } from '../unit/cli/terminal.fixture.ts';

const root = join(import.meta.dirname, '../..');
const manifest: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(textOf('package.json'));
const folders = readdirSync(root, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

/** Folders of the root that are made, and may be missing. */
const made = ['dist', 'out', 'coverage', 'node_modules', 'cdk.out', '.git'];

/** What stands for something of the reader's own in a command, and an example of it. */
const placeholders: Readonly<Record<string, string>> = {
  STEP: 'fence',
  SERVICE: 'web',
  SITE: 'oregon',
  FILE: 'failover.config.yaml',
  NAME: 'shop',
};

/** Programs of others: nothing of ours is in them to be wrong. */
const foreign = ['mkdir', 'echo', 'python3', 'aws', 'stryker'];

/** Where a command stands: the text of its document says which files the reader has made by then. */
interface Place {
  readonly text: string;
}

/** Says what is wrong with a command; null when it would be taken. Runs nothing of what it would do. */
export type Judge = (words: readonly string[], place: Place) => string | null | Promise<string | null>;

const judges: Readonly<Record<string, Judge>> = {
  'cdk-failover': judgeOwn,
  npm: judgeNpm,
  npx: ([program = '', ...words], place) => {
    const isThere = program === 'cdk-failover' || existsSync(join(root, 'node_modules/.bin', program));
    return isThere ? judgeWords([program, ...words], place) : `npx has no ${program}`;
  },
  cdk: judgeCdk,
  node: judgeNode,
  bash: ([file = '']) => missing(file),
  cd: ([folder = '']) => missing(folder),
  tsx: ([file = '', ...words]) => missing(file) ?? (file === 'scripts/real-account.ts' ? judgeTrial(words) : null),
  vitest: ([verb]) => (verb === 'run' ? null : 'vitest is called with run'),
  biome: ([verb]) => (verb === 'check' ? null : 'biome is called with check'),
  '.ci/run': () => missing('.ci/run'),
};

/**
 * Judges a command of a document by what it would meet: the real command line, the scripts of package.json, the help of
 * the CDK, the files of the repository.
 *
 * @returns one line that says what is wrong; null when nothing is
 */
export async function faultOf(command: string, place: Place): Promise<string | null> {
  return judgeWords(
    splitWords(command).map((word) => placeholders[word] ?? word),
    place,
  );
}

async function judgeWords(words: readonly string[], place: Place): Promise<string | null> {
  const [program = '', ...rest] = words;
  const lost = rest.map(missingInside).find((fault) => fault !== null);
  if (lost) return lost;
  if (foreign.includes(program)) return null;
  const judge = judges[program];
  return judge === undefined ? `nobody knows the program ${program}` : judge(rest, place);
}

function missing(file: string): string | null {
  return existsSync(join(root, file)) ? null : `there is no ${file}`;
}

/** A word that looks like a path of the repository has to be one. */
function missingInside(word: string): string | null {
  const [folder = ''] = word.split('/');
  return word.includes('/') && folders.includes(folder) && !made.includes(folder) ? missing(word) : null;
}

async function judgeOwn(words: readonly string[]): Promise<string | null> {
  const act = async () => 0;
  const actions = new Proxy({} as Actions, { get: () => act });
  const terminal = recordTerminal();
  // A verb alone is one that a sentence names.
  const asked = words.length === 1 ? [...words, '--help'] : words;
  const exit = await run(asked, actions, terminal, '1.2.3');
  return exit === 0 && terminal.printed.err === '' ? null : terminal.printed.err.trim();
}

/** npm's own verbs that documents use. */
const npmVerbs = ['ci', 'install', 'pack'];

async function judgeNpm([verb = '', ...words]: readonly string[], place: Place): Promise<string | null> {
  if (npmVerbs.includes(verb)) return null;
  const [name = '', ...args] = verb === 'run' ? words : [verb, ...words];
  const script = manifest.scripts[name];
  if (script === undefined) return `package.json has no script ${name}`;
  const [dashes, ...more] = args;
  if (dashes !== undefined && dashes !== '--') return `npm takes what is for ${name} after --`;
  const last = script.split('&&').at(-1) ?? '';
  return more.length === 0 ? null : judgeWords([...splitWords(last), ...more], place);
}

function judgeNode([file = '', ...words]: readonly string[], { text }: Place): string | null | Promise<string | null> {
  if (file === 'dist/failover.js') return judgeOwn(words);
  if (file.startsWith('dist/')) return textOf('package.json').includes(file) ? null : `nothing makes ${file}`;
  return text.includes(`Save as \`${file}\``) ? null : missing(file);
}

function judgeTrial(words: readonly string[]): string | null {
  try {
    readOptions(words, '0a1b2c3d');
    return null;
  } catch (error) {
    return String(error);
  }
}

const helpOfCdk = new Map<string, Promise<string>>();

/** The CDK takes any word for a stack and any verb's flags are in its help. */
async function judgeCdk([verb = '', ...words]: readonly string[]): Promise<string | null> {
  const bin = join(root, 'node_modules/.bin/cdk');
  const asked = helpOfCdk.get(verb) ?? promisify(execFile)(bin, [verb, '--help']).then(({ stdout }) => stdout);
  helpOfCdk.set(verb, asked);
  const help = await asked;
  if (!help.startsWith(`cdk ${verb}`)) return `the CDK has no ${verb}`;
  const unknown = words
    .filter((word) => word.startsWith('-'))
    .find((flag) => !new RegExp(`(?<![\\w-])${flag}(?![\\w-])`).test(help));
  return unknown === undefined ? null : `cdk ${verb} has no ${unknown}`;
}

function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
