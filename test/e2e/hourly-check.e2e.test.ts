import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { parseDeploymentValue } from '../../src/config/loader.ts';
import { functionPlanOf } from '../../src/config/plan/functions.ts';
import { deploymentFileName } from '../../src/config/plan/names.ts';
import type { DeployedOptions } from './aws-deployed.ts';
import { motoPath, useDeployments } from './deployments.ts';
import { authorityPath, Oracles } from './oracles.ts';

const root = resolve(import.meta.dirname, '../..');

vi.setConfig({ testTimeout: 120_000 });

const deploy = useDeployments();
const oracles = new Oracles();

afterAll(() => oracles.stop());

/** A line of the function's log, or of its metrics. */
interface Line {
  readonly message?: string;
  readonly _aws?: unknown;
  readonly failover?: { readonly kind: string; readonly data: Readonly<Record<string, unknown>> };
  readonly 'doctor-red'?: number;
}

interface Written {
  readonly exit: number | null;
  readonly counts: unknown;
  readonly metrics: readonly Line[];
  /** What is not well, as in the log, a line each. */
  readonly findings: readonly string[];
}

/** Runs the function once as it is deployed: its bundle, the deployment beside it, and its own environment. */
async function check(options: DeployedOptions): Promise<Written> {
  const deployed = await deploy(options);
  const deployment = parseDeploymentValue(deployed.config, 'failover.config.yaml');
  const folder = join(deployed.folder, 'doctor');
  mkdirSync(folder);
  cpSync(join(root, 'dist/lambda/doctor/index.mjs'), join(folder, 'index.mjs'));
  writeFileSync(join(folder, deploymentFileName), JSON.stringify(deployment));
  const env = {
    ...functionPlanOf(deployment, 'doctor').environment,
    PATH: process.env.PATH ?? '',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: deployed.url,
    NODE_EXTRA_CA_CERTS: authorityPath,
  };
  const start =
    "const { handler } = await import('./index.mjs'); console.log(JSON.stringify({ counts: await handler() }))";
  const child = spawn(process.execPath, ['--input-type=module', '-e', start], { cwd: folder, env, stdio: 'pipe' });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const [exit] = (await once(child, 'close')) as [number | null];
  const lines = out.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  return {
    exit,
    counts: lines.findLast((line) => line.counts !== undefined)?.counts,
    metrics: lines.filter((line: Line) => line._aws !== undefined),
    findings: lines.flatMap(({ failover, message }: Line) => (failover?.kind === 'finding' ? [String(message)] : [])),
  };
}

describe.skipIf(motoPath === null && process.env.CI !== 'true')('the hourly check, by its bundle', () => {
  test('finds nothing bad where all is well, and writes that as a 0', async () => {
    const { exit, counts, metrics, findings } = await check({ oracles: await oracles.start() });

    expect(exit).toBe(0);
    expect(findings.filter((line) => line.startsWith('BAD '))).toEqual([]);
    expect(counts).toMatchObject({ bad: 0 });
    expect(metrics).toMatchObject([{ 'doctor-red': 0, service: '-' }]);
    expect(findings).toContainEqual(expect.stringMatching(/^DOUBTFUL last move of web: none yet/));
  });

  test('counts what is bad, says it first, and takes a dark region for unknown', async () => {
    const { exit, counts, metrics, findings } = await check({
      raisedAlerts: { 'dynamodb/us-west-2': 'dark', 'dynamodb/us-east-2': 'dark' },
    });

    expect(exit).toBe(0);
    const { bad } = counts as { readonly bad: number };
    expect(bad).toBeGreaterThan(0);
    expect(metrics).toMatchObject([{ 'doctor-red': bad }]);
    expect(findings[0]).toMatch(/^BAD /);
    expect(findings.filter((line) => line.startsWith('BAD '))).toHaveLength(bad);
    expect(findings).toContainEqual(expect.stringMatching(/^UNKNOWN state table of us-west-2: no answer/));
  });

  test('says that nothing is deployed where no region has a table', async () => {
    const { exit, metrics, findings } = await check({
      without: ['us-east-1', 'us-west-2', 'us-east-2'],
      hasRegister: false,
    });

    expect(exit).toBe(0);
    expect(metrics[0]?.['doctor-red']).toBeGreaterThan(0);
    expect(findings[0]).toMatch(/^BAD deployed of \S+: no control region has its state table/);
  });
});
