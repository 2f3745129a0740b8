import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { systemClock } from '../src/adapters/system/clock.ts';
import { quantile } from '../src/cli/drill/quantile.ts';

/** Time of `cdk synth`: medians of two apps in turn, so that what else the machine does meets both. */
export interface SynthBench {
  /** `examples/two-regions`: four stacks. */
  readonly exampleMs: number;
  /** An app with one stack and one topic in it. */
  readonly oneTopicMs: number;
  /** Median of each pair's ratio. */
  readonly ratio: number;
  readonly runs: number;
}

const root = resolve(import.meta.dirname, '..');

/** What the `cdk.json` of an example says; the app with one topic has none. */
const context = ['--context', '@aws-cdk/core:validateAgainstDefaultRules=true'];

/** @param runs - measured pairs; one more comes first and warms the disk's cache */
export async function benchSynth(runs = 5): Promise<SynthBench> {
  const pairs: { readonly exampleMs: number; readonly oneTopicMs: number }[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const oneTopicMs = await time(join(root, 'bench/one-topic-app.ts'));
    const exampleMs = await time(join(root, 'examples/two-regions/app.ts'));
    if (run > 0) pairs.push({ exampleMs, oneTopicMs });
  }
  const median = (pick: (pair: (typeof pairs)[number]) => number) => quantile(pairs.map(pick), 0.5);
  return {
    exampleMs: median((pair) => pair.exampleMs),
    oneTopicMs: median((pair) => pair.oneTopicMs),
    ratio: median((pair) => pair.exampleMs / pair.oneTopicMs),
    runs,
  };
}

/** Runs what a user types, in the folder of the app. */
async function time(file: string): Promise<number> {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-failover-bench-'));
  try {
    const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');
    const args = [cdk, 'synth', '--quiet', '--app', `node --import tsx ${basename(file)}`, '-o', outdir, ...context];
    const env = { PATH: dirname(process.execPath), HOME: outdir };
    const beganMs = systemClock.monotonicMs();
    const child = spawn(process.execPath, args, { cwd: dirname(file), env, stdio: ['ignore', 'ignore', 'ignore'] });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`synth of ${file} ended with ${String(code)}`);
    return systemClock.monotonicMs() - beganMs;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
