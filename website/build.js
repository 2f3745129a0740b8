/**
 * Builds docs/ and the pages of the API as a site: `npm run docs:site`, and with `-- --serve` shows it on loopback.
 *
 * The packages that this needs are in a folder of their own, since their compiler is not the one of the project. A link
 * that leads nowhere fails the build.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { preview } from 'vite';
import { build } from 'vitepress';
import { forgottenDocuments, out } from './pages.ts';
import { faultsOfSite } from './site-check.ts';
import { linkApi, stage } from './staging.ts';

const html = join(out, 'html');

/** Prints what is wrong and ends the process, unless nothing is. */
function demandNone(faults, what) {
  if (faults.length === 0) return;
  for (const fault of faults) console.error(fault);
  console.error(`docs:site: ${faults.length} ${what}`);
  process.exit(1);
}

/** Pages of the API from the declarations that the package publishes. What has no docstring there fails the build. */
function writeApi() {
  const typedoc = join(import.meta.dirname, 'node_modules/typedoc/bin/typedoc');
  execFileSync(process.execPath, [typedoc, '--options', 'typedoc.json'], {
    cwd: import.meta.dirname,
    stdio: 'inherit',
  });
  linkApi();
}

demandNone(forgottenDocuments(), 'documents that website/pages.js does not name');
demandNone(stage(), 'links that lead nowhere');
writeApi();
await build(import.meta.dirname);
demandNone(faultsOfSite(html), 'faults of the built site');
console.log('docs:site: built website/out/html');

if (process.argv.includes('--serve')) {
  const server = await preview({
    root: import.meta.dirname,
    appType: 'mpa',
    build: { outDir: html },
    preview: { host: '127.0.0.1' },
  });
  server.printUrls();
}
