/**
 * Builds what other people's programs import: the constructs for their CDK apps (`cdk-failover`) and the library for
 * clients inside the account (`cdk-failover/client`).
 *
 * Each is one CommonJS file with everything in it; the CDK alone stays outside, since constructs are only good in the
 * app's own. The ES module hands on what the CommonJS file has, so that a program that loads both has each class once,
 * and `instanceof` holds.
 *
 * With `--types` the declarations too, which takes the compiler some seconds.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { noteBundled } from './notices.js';

const root = resolve(import.meta.dirname, '..');
const types = join(root, 'dist', 'types');

/** Entries of the package: source, and where its bundle goes, without endings. */
const entries = [
  { source: 'lib/cdk-failover.ts', bundle: 'dist/lib/cdk-failover' },
  { source: 'src/client/client.ts', bundle: 'dist/client/client' },
];

async function bundle({ source, bundle: path }) {
  const { metafile } = await build({
    absWorkingDir: root,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
    entryPoints: [source],
    outfile: join(root, `${path}.cjs`),
    external: ['aws-cdk-lib', 'constructs'],
    define: { 'import.meta.dirname': '__dirname' },
  });
  const name = path.split('/').at(-1);
  writeFileSync(join(root, `${path}.js`), `export * from './${name}.cjs';\n`);
  return metafile;
}

/** Declarations that an entry leads to, by their paths below `dist/types`. */
function reachable(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, other] of readFileSync(path, 'utf8').matchAll(/(?:from|import\() ?'(\.[^']+)\.ts'/g)) {
    reachable(join(dirname(path), `${other}.d.ts`), found);
  }
  return found;
}

/**
 * The compiler's declarations, only those that the entries lead to. They are CommonJS, as the bundles are: a folder of
 * its own says so. Their imports name files as they are called once built.
 */
function buildTypes() {
  rmSync(types, { recursive: true, force: true });
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const flags = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', types, '--rootDir', root];
  execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json'), ...flags], { stdio: 'inherit' });

  const kept = new Set(entries.flatMap(({ source }) => [...reachable(join(types, source.replace('.ts', '.d.ts')))]));
  for (const entry of readdirSync(types, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile()) continue;
    if (!kept.has(path)) rmSync(path);
    else writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/((?:from|import\() ?'\.[^']+)\.ts'/g, "$1.js'"));
  }
  writeFileSync(join(types, 'package.json'), '{ "type": "commonjs" }\n');
  for (const { source, bundle: path } of entries) {
    const declarations = join(types, source.replace('.ts', '.js'));
    const text = `export * from './${relative(dirname(join(root, path)), declarations)}';\n`;
    for (const ending of ['.d.ts', '.d.cts']) writeFileSync(join(root, `${path}${ending}`), text);
  }
}

const metafiles = await Promise.all(entries.map(bundle)).catch(() => process.exit(1));
noteBundled('lib', metafiles);
if (process.argv.includes('--types')) buildTypes();
