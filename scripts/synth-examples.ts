/**
 * Synthesizes every example into its own `cdk.out`, as `cdk synth` there does: `npm run synth`.
 *
 * All in one process: the CDK takes two seconds to load, and its command line as many again. The apps are told by the
 * environment where to write and with which context, as the command line tells them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const examples = join(resolve(import.meta.dirname, '..'), 'examples');
const names = process.argv.length > 2 ? process.argv.slice(2) : readdirSync(examples).sort();

for (const name of names) {
  const folder = join(examples, name);
  const { context } = JSON.parse(readFileSync(join(folder, 'cdk.json'), 'utf8')) as { readonly context?: unknown };
  process.env.CDK_OUTDIR = join(folder, 'cdk.out');
  process.env.CDK_CONTEXT_JSON = JSON.stringify(context ?? {});
  process.chdir(folder);
  const began = performance.now();
  await import(pathToFileURL(join(folder, 'app.ts')).href);
  if (process.exitCode !== undefined || !existsSync(join(folder, 'cdk.out', 'manifest.json'))) {
    console.error(`examples/${name} cannot be synthesized`);
    process.exit(Number(process.exitCode ?? 1));
  }
  console.log(`examples/${name}: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
}
