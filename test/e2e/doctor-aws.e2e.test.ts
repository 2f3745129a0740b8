import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { doctorShape } from '../../src/config/published/doctor-schema.ts';
import type { Check } from '../../src/core/checkup/check.ts';
import { type Deployed, type DeployedOptions, regions } from './aws-deployed.ts';
import { motoPath, useDeployments } from './deployments.ts';
import { authorityPath, Oracles } from './oracles.ts';

const cli = resolve(import.meta.dirname, '../../dist/failover.js');
/** What a person waits at most. Source: docs/doctor.md. */
const limitMs = 5_000;

vi.setConfig({ testTimeout: 120_000 });

const deploy = useDeployments();
const oracles = new Oracles();

let urls: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  urls = await oracles.start();
});
afterAll(() => oracles.stop());

interface Said {
  readonly exit: number | null;
  readonly tookMs: number;
  readonly checks: readonly Check[];
}

/** Asks the built command line, as a person does. */
async function examine(options: DeployedOptions): Promise<Said> {
  const deployed = await deploy({ oracles: urls, ...options });
  const startMs = performance.now();
  const { exit, out } = await run(deployed, ['doctor', join(deployed.folder, 'failover.config.yaml'), '--json']);
  const answer = JSON.parse(out);
  expect(doctorShape.parse(answer)).toEqual(answer);
  return { exit, tookMs: performance.now() - startMs, checks: answer.checks };
}

async function run(deployed: Deployed, line: readonly string[]) {
  const options = { cwd: deployed.folder, env: environmentOf(deployed), stdio: 'pipe' } as const;
  const child = spawn(process.execPath, [cli, ...line], options);
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, out };
}

function environmentOf(deployed: Deployed): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: deployed.folder,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL: deployed.url,
    AWS_EC2_METADATA_DISABLED: 'true',
    NODE_EXTRA_CA_CERTS: authorityPath,
  };
}

const named = (checks: readonly Check[], name: string) => checks.filter((check) => check.name === name);
const states = (checks: readonly Check[]) => checks.map(({ state }) => state);

/** A region in which no service answers. */
const dark = (region: string) =>
  Object.fromEntries(
    ['dynamodb', 'lambda', 'monitoring', 'sns', 'ssm', 'sts', 'servicequotas', 'ec2'].map((service) => [
      `${service}/${region}`,
      'dark' as const,
    ]),
  );

describe.skipIf(motoPath === null && process.env.CI !== 'true')('doctor, asked of AWS', () => {
  // At its first question moto loads a service, and answers nobody meanwhile.
  beforeAll(() => examine({}));

  test('finds nothing bad in a deployment that is well', async () => {
    const { exit, checks } = await examine({});

    expect(checks.filter(({ state }) => state === 'bad')).toEqual([]);
    expect(exit).toBe(0);
    expect(states(named(checks, 'concurrency'))).toEqual(regions.map(() => 'ok'));
    expect(states(named(checks, 'records'))).toEqual(['ok']);
    expect(named(checks, 'zone')).toMatchObject([{ state: 'unknown', found: 'access denied: route53:GetHostedZone' }]);
    expect(named(checks, 'subscriptions').map(({ state, found }) => `${state} ${found}`)).toEqual(
      regions.map(() => 'doubtful nobody would hear of a failover'),
    );
    expect(states(named(checks, 'bootstrap'))).toEqual(regions.map(() => 'doubtful'));
    expect(named(checks, 'health checks')[0]?.found).toMatch(/^needs \d+, and the account has 20 of 200$/);
    expect(named(checks, 'permissions').map(({ state, found }) => `${state} ${found}`)).toEqual(
      regions.map(() => expect.stringMatching(/^ok watcher, oracle, notify/)),
    );
  });

  test('names the action that a role has lost, and exits with 1', async () => {
    const { exit, checks } = await examine({ lostAction: 'sns:Publish' });

    expect(exit).toBe(1);
    expect(checks[0]).toMatchObject({ state: 'bad', name: 'permissions', subject: 'us-east-1/notify' });
    expect(checks[0]?.found).toMatch(/^would be refused sns:Publish on arn:aws:sns:us-east-1:123456789012:/);
  });

  test(`takes less than ${limitMs} ms with a region dark, of which nothing is said to be well`, async () => {
    const { tookMs, checks } = await examine({ raisedAlerts: dark('us-west-2') });

    process.stdout.write(`doctor took ${Math.round(tookMs)} ms with a region dark\n`);
    expect(tookMs).toBeLessThan(limitMs);
    const there = checks.filter(({ name, subject }) => name !== 'oracle' && subject.startsWith('us-west-2'));
    expect(states(there)).not.toContain('ok');
    expect(states(named(checks, 'permissions')).toSorted()).toEqual(['ok', 'ok', 'unknown']);
  });
});

describe.skipIf(motoPath === null && process.env.CI !== 'true')('validate --against aws', () => {
  test('compares with what the watchers carry, where there are any', async () => {
    const deployed = await deploy({ oracles: urls, without: ['us-east-2'] });
    const { services } = deployed.config as { readonly services: { readonly web: object } };
    const next = { ...deployed.config, services: { web: { ...services.web, failover: { maxMovesPerDay: 1 } } } };
    writeFileSync(join(deployed.folder, 'next.yaml'), stringify(next));

    const same = await run(deployed, ['validate', 'failover.config.yaml', '--against', 'aws']);
    const changed = await run(deployed, ['validate', 'next.yaml', '--against', 'aws']);

    expect(same.out).toContain('\n  compared with what runs in us-east-1, us-west-2\n');
    expect(same.out).toContain(`\n  us-east-2 has no watcher of ${deployed.name} yet\n`);
    expect(same.out).toContain('\n  nothing changes for what runs\n');
    expect(changed.out).toContain('safe    thresholds-changed: web');
  });
});
