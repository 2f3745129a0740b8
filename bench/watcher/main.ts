import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { watcherMemoryMb } from '../../src/config/plan/functions.ts';
import { lambdaNode } from '../../test/support/lambda-node.ts';
import { type Measured, watcherSizePage } from './size-page.ts';
import { benchDeployment, type TrialShape, tryWatcher } from './trial.ts';

/**
 * What is measured: from one service to the most that a deployment may have. The largest is asked every ten seconds,
 * because three watchers and all those sites are on one machine here.
 */
const shapes: readonly TrialShape[] = [
  { services: 1, sites: 2, intervalMs: 2_000 },
  { services: 9, sites: 2, intervalMs: 2_000 },
  { services: 20, sites: 2, intervalMs: 2_000 },
  { services: 10, sites: 10, intervalMs: 2_000 },
  { services: 50, sites: 10, intervalMs: 10_000 },
];
/** The smallest function that Lambda offers, beside what is given. */
const smallestMb = 128;
const page = join(import.meta.dirname, '../../docs/help/watcher-size.md');

const words = process.argv.slice(2);
const isFirstOnly = words.includes('--quick');
if (words.some((word) => word !== '--quick')) {
  process.stderr.write('bench:watcher: there is --quick, for the first shape alone and no page\n');
  process.exitCode = 2;
} else {
  await main();
}

async function main(): Promise<void> {
  const node = lambdaNode();
  const measured: Measured[] = [];
  for (const shape of isFirstOnly ? shapes.slice(0, 1) : shapes) {
    const givenMb = watcherMemoryMb(benchDeployment(shape, 443));
    for (const memoryMb of new Set([givenMb, ...(shape.services === 9 ? [smallestMb] : [])])) {
      const result = await tryWatcher({ ...shape, memoryMb }, node);
      measured.push({ ...shape, memoryMb, isGiven: memoryMb === givenMb, ...result });
      process.stdout.write(`${JSON.stringify(measured.at(-1))}\n`);
    }
  }
  if (isFirstOnly) return;
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  writeFileSync(page, watcherSizePage(measured, version));
}
