/**
 * Tries the package as other people will: `npm run package:check`. It packs, and with nothing but the tarball and npm
 * installs it into an empty folder, a project that `cdk init` made, and every example; each of them must work.
 *
 * It takes npm's registry. What it makes is left in a temporary folder when a step fails; the message has its path.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { addToCdkProject, consumers, typeCheck } from './package-check/cdk-project.ts';
import { type Check, checkAll, expectOutput, run } from './package-check/steps.ts';
import { filesOf, unwantedFiles } from './package-check/tarball.ts';

const root = resolve(import.meta.dirname, '..');
const place = mkdtempSync(join(tmpdir(), 'package-check-'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
const tarball = join(place, `cdk-failover-${version}.tgz`);
const program = (name: string) => join(root, 'node_modules/.bin', name);
const install = ['install', '--no-audit', '--no-fund', '--prefer-offline'];

async function pack(): Promise<void> {
  await run('npm', ['pack', '--pack-destination', place], root);
  const files = await filesOf(tarball);
  const unwanted = unwantedFiles(files);
  if (unwanted.length > 0) throw new Error(`the package must not hold: ${unwanted.join(', ')}`);
}

async function tools(): Promise<void> {
  await run(program('publint'), ['run', tarball, '--strict'], root);
  await run(program('attw'), [tarball, '--no-color'], root);
}

/** The command line and the clients' library, where nothing else is, not even the CDK. */
async function emptyFolder(): Promise<void> {
  const folder = join(place, 'empty');
  mkdirSync(folder);
  await run('npm', [...install, tarball], folder);
  const loaded = "require('cdk-failover/client'); console.log(Object.keys(require.cache).length)";
  expectOutput(await run(process.execPath, ['-e', loaded], folder), /^1\n$/);
  expectOutput(await run('npx', ['cdk-failover', '--version'], folder), new RegExp(`^${version}\n$`));
}

/** On real sockets and in real seconds, so it comes last. */
async function drill(): Promise<void> {
  await run('npx', ['cdk-failover', 'drill', '--json'], join(place, 'empty'));
}

async function cdkProject(): Promise<void> {
  const folder = join(place, 'shop');
  mkdirSync(folder);
  await run(program('cdk'), ['init', 'app', '--language', 'typescript'], folder);
  await run('npm', [...install, tarball], folder);
  addToCdkProject(folder, join(root, 'examples/two-regions/failover.config.yaml'));
  await run('npx', ['cdk', 'synth', '--quiet'], folder);
  if (!readdirSync(join(folder, 'cdk.out')).includes('shop-failover-us-east-1.template.json')) {
    throw new Error('cdk synth made no stack of a region');
  }
  await run('npm', ['test'], folder);
}

async function types(): Promise<void> {
  const folder = join(place, 'shop');
  // Projects that were made some time ago: an older compiler, and the resolution of CommonJS before `exports`.
  await run('npm', [...install, '--no-save', 'typescript-5@npm:typescript@5.9.3'], folder);
  for (const consumer of consumers) await typeCheck(folder, consumer);
}

/** As the head of each `app.ts` says: copy, change, `npm install`, `cdk`. */
async function examples(): Promise<void> {
  const names = readdirSync(join(root, 'examples'));
  const [first = ''] = names;
  const copyOf = (name: string) => join(place, 'examples', name);
  for (const name of names) {
    for (const file of ['app.ts', 'cdk.json', 'failover.config.yaml', 'package.json']) {
      cpSync(join(root, 'examples', name, file), join(copyOf(name), file));
    }
  }
  await run('npm', [...install, tarball], copyOf(first));
  for (const name of names) {
    // All ask for the same packages: one installation serves them all.
    if (name !== first) cpSync(join(copyOf(first), 'node_modules'), join(copyOf(name), 'node_modules'), linked);
    await run('npx', ['cdk', 'synth', '--quiet'], copyOf(name));
    if (name !== first) rmSync(join(copyOf(name), 'node_modules'), { recursive: true, force: true });
  }
}

const linked = { recursive: true, verbatimSymlinks: true } as const;

const checks: readonly Check[] = [
  { name: 'packs compiled files only', work: pack },
  { name: 'publint and attw find nothing', work: tools },
  { name: 'the command line and the library for clients work in an empty folder', work: emptyFolder },
  { name: 'a project of cdk init synthesizes and passes its test', work: cdkProject },
  { name: 'consumers type-check', work: types },
  { name: 'every example synthesizes', work: examples },
  { name: 'a drill on this machine succeeds', work: drill },
];

await checkAll(checks);
rmSync(place, { recursive: true, force: true });
