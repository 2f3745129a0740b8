import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock } from '../src/adapters/system/clock.ts';
import { quantile } from '../src/cli/lab/quantile.ts';

/** Time that an app takes to write its templates, its process included, in milliseconds. */
export interface SynthBench {
  /** `examples/two-regions`: four stacks. */
  readonly exampleMs: number;
  /** An app with one stack and one topic in it. */
  readonly oneTopicMs: number;
  /** Median of each pair's ratio: the two run in turn, so that what else the machine does meets both. */
  readonly ratio: number;
  readonly runs: number;
}

const root = resolve(import.meta.dirname, '..');

/** @param runs - measured pairs; one more comes first and warms the disk's cache */
export async function benchSynth(runs = 5): Promise<SynthBench> {
  const pairs: { readonly exampleMs: number; readonly oneTopicMs: number }[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const oneTopicMs = await timeApp(join(root, 'bench/one-topic-app.ts'));
    const exampleMs = await timeApp(join(root, 'examples/two-regions/app.ts'));
    if (run > 0) pairs.push({ exampleMs, oneTopicMs });
  }
  return {
    exampleMs: quantile(
      pairs.map(({ exampleMs }) => exampleMs),
      0.5,
    ),
    oneTopicMs: quantile(
      pairs.map(({ oneTopicMs }) => oneTopicMs),
      0.5,
    ),
    ratio: quantile(
      pairs.map(({ exampleMs, oneTopicMs }) => exampleMs / oneTopicMs),
      0.5,
    ),
    runs,
  };
}

/** Runs an app as `cdk synth` does, without the command line around it. */
async function timeApp(file: string): Promise<number> {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-failover-bench-'));
  try {
    const beganMs = systemClock.monotonicMs();
    const child = spawn(process.execPath, ['--import', 'tsx', file], {
      cwd: root,
      env: { CDK_OUTDIR: outdir },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`${file} ended with ${String(code)}`);
    return systemClock.monotonicMs() - beganMs;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
