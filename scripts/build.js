/**
 * Bundles what runs from `dist/`: the CLI, the bench and the lab's processes. An entry that is not there is left out.
 *
 * Bundled, not external: a process starts in half the time (107 ms against 215 ms with commander, zod and yaml on two
 * cores; a bare Node takes 69 ms), and the lab starts a dozen at once. Split, so that a lazy import costs nothing until
 * it is used. Dynalite stays in node_modules, because its store loads a native addon by path.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { noteBundled } from './notices.js';

const root = resolve(import.meta.dirname, '..');
const outdir = join(root, 'dist');

/** Source files by the name of their bundle below `dist/`. */
function findEntries() {
  const entries = {
    failover: 'src/cli/main.ts',
    bench: 'bench/main.ts',
    'probe-target': 'bench/probe-target.ts',
    'bench-peers': 'bench/peers/main.ts',
    'peers-backend': 'bench/peers/backend.ts',
    'bench-endpoints': 'bench/peers/probes/endpoints.ts',
  };
  const processes = join(root, 'src/cli/processes');
  if (existsSync(processes)) {
    for (const file of readdirSync(processes).filter((name) => name.endsWith('.ts'))) {
      entries[`processes/${basename(file, '.ts')}`] = `src/cli/processes/${file}`;
    }
  }
  return Object.fromEntries(Object.entries(entries).filter(([, source]) => existsSync(join(root, source))));
}

/** The deployed functions, by the name of their bundle below `dist/`. */
function findFunctions() {
  const all = readdirSync(join(root, 'lambda'), { recursive: true, encoding: 'utf8' });
  const files = all.filter((name) => name.endsWith('.lambda.ts'));
  return Object.fromEntries(files.map((file) => [`lambda/${basename(file, '.lambda.ts')}/index`, `lambda/${file}`]));
}

/** Bundled CommonJS asks for Node's own modules by `require`, which an ES module does not have. */
const banner = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  'const require = createRequireOfBundle(import.meta.url);',
].join('\n');

/** esbuild itself says what is wrong, and where. */
const giveUp = () => process.exit(1);

/** What all bundles have in common. */
const common = {
  absWorkingDir: root,
  outdir,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // The AWS SDK's ES modules: of its CommonJS, a split bundle keeps no named exports.
  mainFields: ['module', 'main'],
  banner: { js: banner },
  write: false,
  metafile: true,
  logLevel: 'warning',
};

const tools = build({
  ...common,
  entryPoints: findEntries(),
  splitting: true,
  external: ['dynalite', 'esbuild', 'tsx'],
  sourcemap: 'linked',
  sourcesContent: false,
});
// As small as it gets, because size is part of a cold start: one file a function, but for the watcher. From its module
// to its first tick the watcher takes about three quarters of what it takes as CommonJS (`npm run bench` measures both
// in turn). The difference is how Lambda's runtime for Node 24 loads code: it imports either, and of CommonJS an import
// first searches the text for exports; by `require` the two are even.
const { 'lambda/watcher/index': watcherSource, ...otherFunctions } = findFunctions();
const packed = { ...common, outExtension: { '.js': '.mjs' }, minify: true };
const functions = build({ ...packed, entryPoints: otherFunctions });
// The watcher alone imports some SDK clients only when a probe needs them. Split, they are files of their own beside
// it, so that a cold start does not read what the deployment does not use.
const watcher = build({
  ...packed,
  entryPoints: { 'lambda/watcher/index': watcherSource },
  splitting: true,
  chunkNames: 'lambda/watcher/[name]-[hash]',
});

// What a browser loads: one plain file, of the language that browsers of the last years speak.
const pageScript = build({
  ...common,
  entryPoints: { 'live-page': 'src/dashboard/browser/page.js' },
  platform: 'browser',
  target: 'es2022',
  banner: {},
  minify: true,
});

const built = await Promise.all([tools, functions, watcher, pageScript]).catch(giveUp);
noteBundled(
  'programs',
  built.map(({ metafile }) => metafile),
);
const outputFiles = built.flatMap((result) => result.outputFiles);

// Files that stay the same are left alone and others replaced in one stroke, so that a lab that is running, or another
// build at the same time, never meets half a file.
for (const { path, contents } of outputFiles) {
  if (existsSync(path) && readFileSync(path).equals(contents)) continue;
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, contents, { mode: path === join(outdir, 'failover.js') ? 0o755 : 0o644 });
  renameSync(draft, path);
}

const written = new Set(outputFiles.map(({ path }) => path));
const leftovers = existsSync(outdir) ? readdirSync(outdir, { recursive: true, withFileTypes: true }) : [];
for (const entry of leftovers) {
  const path = join(entry.parentPath, entry.name);
  // What scripts/build-lib.js makes.
  if (['lib', 'client', 'types'].some((folder) => path.startsWith(join(outdir, folder)))) continue;
  if (entry.isFile() && /\.m?js(\.map)?$/.test(path) && !written.has(path)) rmSync(path, { force: true });
}
