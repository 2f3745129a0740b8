import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readScenario } from '../../src/cli/simulate/scenarios.ts';
import { tryInput } from './input/input.ts';
import { readersOf } from './input/readers.ts';
import { findingsFolder, root } from './matrix/failover-case.ts';
import { matrixExamples, tryMatrix } from './matrix/matrix.ts';
import { judgeMonth, monthText, runMonth } from './month.ts';
import type { Options, PartName } from './options.ts';
import type { PartReport } from './report.ts';
import { firstSeedOf, trySeeds } from './seeds.ts';
import { trySoak } from './soak/soak.ts';

/** How much of each part is done: in a night, and for a look. */
const sizes = {
  night: { matrix: { examples: matrixExamples, pointsMax: 3, runsMax: 2_000 }, inputCount: 20_000, days: 30 },
  quick: {
    matrix: { examples: ['two-regions', 'elastic-ip'], pointsMax: 1, runsMax: 8 },
    inputCount: 200,
    days: 1 / 12,
  },
};

const program = join(root, 'dist/failover.js');

/** Every part, ready to be carried out. */
export function partsOf({ seeds, soakMs, isQuick }: Options): Readonly<Record<PartName, () => Promise<PartReport>>> {
  const size = isQuick ? sizes.quick : sizes.night;
  const firstSeed = firstSeedOf(Date.now());
  return {
    matrix: () => tryMatrix(size.matrix),
    input: async () => tryInput(readersOf(root), size.inputCount, firstSeed, () => performance.now()),
    seeds: () => trySeeds(seeds, firstSeed, printedBy),
    month: async () => tryMonth(size.days),
    soak: () => trySoak(soakMs, firstSeed, printedBy),
  };
}

/** What the built program prints, or else what it complains of, whatever its exit code. It ends with this process. */
async function printedBy(words: readonly string[]): Promise<string> {
  if (!existsSync(program)) throw new Error('no dist/failover.js: run "npm run build"');
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const end = () => child.kill();
  process.once('exit', end);
  const printed = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    printed.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    printed.err += chunk.toString();
  });
  await once(child, 'close');
  process.off('exit', end);
  return printed.out || printed.err;
}

function tryMonth(days: number): PartReport {
  const read = (path: string) => readFileSync(join(root, findingsFolder, path), 'utf8');
  const scenario = readScenario(monthText(days), 'month.yaml', read);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heapBytes = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  return judgeMonth(runMonth(scenario, heapBytes), days);
}
