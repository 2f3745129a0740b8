import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { systemClock } from '../src/adapters/system/clock.ts';
import { quantile } from '../src/cli/lab/quantile.ts';

/** Time of `cdk synth`, and of the app alone that it starts, in milliseconds. */
export interface SynthBench {
  readonly command: Compared;
  readonly app: Compared;
}

/** Medians of two apps that run in turn, so that what else the machine does meets both. */
export interface Compared {
  /** `examples/two-regions`: four stacks. */
  readonly exampleMs: number;
  /** An app with one stack and one topic in it. */
  readonly oneTopicMs: number;
  /** Median of each pair's ratio. */
  readonly ratio: number;
  readonly runs: number;
}

/** How an app is run, given its file and where its templates go. */
type Runner = (file: string, outdir: string) => { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv };

const root = resolve(import.meta.dirname, '..');

/** What a user types. */
const byCommand: Runner = (file, outdir) => ({
  args: [
    join(root, 'node_modules/aws-cdk/bin/cdk'),
    'synth',
    '--quiet',
    '--app',
    `node --import tsx ${file}`,
    '-o',
    outdir,
  ],
  env: { PATH: dirname(process.execPath), HOME: outdir },
});

/** What the command starts. */
const byNode: Runner = (file, outdir) => ({ args: ['--import', 'tsx', file], env: { CDK_OUTDIR: outdir } });

/** @param runs - measured pairs; one more comes first and warms the disk's cache */
export async function benchSynth(runs = 5): Promise<SynthBench> {
  return { command: await compare(byCommand, runs), app: await compare(byNode, runs) };
}

async function compare(runner: Runner, runs: number): Promise<Compared> {
  const pairs: { readonly exampleMs: number; readonly oneTopicMs: number }[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const oneTopicMs = await time(runner, join(root, 'bench/one-topic-app.ts'));
    const exampleMs = await time(runner, join(root, 'examples/two-regions/app.ts'));
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

async function time(runner: Runner, file: string): Promise<number> {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-failover-bench-'));
  try {
    const { args, env } = runner(file, outdir);
    const beganMs = systemClock.monotonicMs();
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'ignore'] });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`synth of ${file} ended with ${String(code)}`);
    return systemClock.monotonicMs() - beganMs;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
