import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type Deployed, type DeployedOptions, regions } from './aws-deployed.ts';
import { motoPath, useDeployments } from './deployments.ts';

const root = resolve(import.meta.dirname, '../..');
const cli = join(root, 'dist/failover.js');
/** The account that moto says it is. */
const motoAccount = '123456789012';
const credentials = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };

vi.setConfig({ testTimeout: 60_000, maxConcurrency: 2 });

const deploy = useDeployments();

const lateLine = /^cdk-failover: (\S+): no answer yet\n/gm;

/**
 * Runs the built command line in the deployment's folder, with an environment that holds nothing else of AWS.
 *
 * A verb ends half a second after a majority has answered. A busy machine may leave any region no time to answer in,
 * so the regions that were late stand apart from what else was said.
 */
async function run(deployed: Deployed, line: string, more: Readonly<Record<string, string>> = credentials) {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: deployed.folder,
    AWS_ENDPOINT_URL: deployed.url,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...more,
  };
  const child = spawn(process.execPath, [cli, ...line.split(' ')], { cwd: deployed.folder, env, stdio: 'pipe' });
  const printed = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    printed.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    printed.err += chunk.toString();
  });
  const [exit] = (await once(child, 'close')) as [number | null];
  const late = [...printed.err.matchAll(lateLine)].map(([, region]) => region);
  return { exit, out: printed.out, err: printed.err.replace(lateLine, ''), late };
}

/** Runs one line after the other: together they would wait for the processor as long as for an answer. */
async function runEach(deployed: Deployed, lines: readonly string[]) {
  const ends: Awaited<ReturnType<typeof run>>[] = [];
  for (const line of lines) ends.push(await run(deployed, line));
  return ends;
}

// The first call of an emulator that has just started takes longer than a command line waits for an answer.
beforeAll(async () => {
  if (motoPath !== null) await run(await deploy(), 'status');
});

/** What each control region's table holds. */
const registers = (deployed: Deployed) => Promise.all(regions.map((region) => deployed.registerIn(region)));

const hasMoto = motoPath !== null || process.env.CI === 'true';

describe.skipIf(!hasMoto)('a deployment that is well', () => {
  test.concurrent('answers every verb that reads, says where it is, and is asked in its control regions only', async () => {
    const deployed = await deploy();
    const where = `${deployed.name} in AWS account ${motoAccount}, us-east-1, us-west-2, us-east-2\n`;

    const [status, plan, quorum, history, json] = await runEach(deployed, [
      'status',
      'plan web',
      'quorum',
      'history',
      'status --json',
    ]);

    expect(status).toMatchObject({ exit: 0, err: '' });
    // No function URL answers here.
    const why = 'if virginia fails, oregon takes over; whether DNS would follow is not known here';
    expect(status?.out).toContain(`${where}web: PROTECTED: ${why} (oracles: unknown 3/3; memories: `);
    expect(status?.out).toContain('\n  steady, healthy (virginia is up)\n  active: virginia');
    expect(plan).toMatchObject({ exit: 0, err: '' });
    expect(plan?.out).toContain(`${where}web: virginia > oregon, epoch 2; nothing was written\n`);
    expect(quorum).toMatchObject({ exit: 0, err: '' });
    expect(quorum?.out).toContain(`${where}web: OK (3 usable watchers`);
    expect(history).toMatchObject({
      exit: 0,
      err: '',
      out: `${where}web: nothing has happened since the register was created\n`,
    });
    const answer = JSON.parse(json?.out ?? '') as { where: { silent: Readonly<Record<string, string>> } };
    expect(answer).toMatchObject({
      where: { kind: 'aws', account: motoAccount, isAccountChecked: true, regions: [...regions] },
      services: { web: { state: 'steady', active: 'virginia' } },
    });
    expect(Object.values(answer.where.silent).filter((why) => why !== 'no answer yet')).toEqual([]);
    const homes = [...deployed.proxy.asked].map((asked) => asked.split('/')[1] ?? '');
    expect([...new Set(homes)].sort()).toEqual([...regions].sort());
  });

  test.concurrent('carries out every verb that changes, on a majority of tables', async () => {
    const deployed = await deploy({ account: motoAccount });
    const give = async (line: string) => {
      const { exit, out, err } = await run(deployed, `${line} --deployment ${deployed.name}`);
      expect({ exit, err }).toEqual({
        exit: 0,
        err: `${deployed.name} in AWS account ${motoAccount}, us-east-1, us-west-2, us-east-2\n`,
      });
      return out;
    };

    expect(await give('pause web --reason work --by alice')).toContain('web is paused');
    const paused = await registers(deployed);
    expect(await give('maintenance on web oregon')).toContain('oregon');
    // Three operators at once: each finds the others' changes in the register, and makes its own on top.
    const [resumed, acknowledged, returned] = await Promise.all(
      ['resume', 'ack web', 'maintenance off oregon'].map(give),
    );
    expect([resumed, acknowledged, returned]).toEqual([
      expect.stringContaining('web'),
      expect.stringContaining('web'),
      expect.stringContaining('oregon'),
    ]);
    const tomorrow = `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 16)}Z`;
    expect(await give(`switchover web --to oregon --at ${tomorrow} --within 1h --by alice`)).toContain('planned for');
    const listed = await run(deployed, 'switchover --list');
    const status = await run(deployed, 'status');
    expect(await give('switchover web --cancel')).toContain('cancelled');
    expect(await give('switchover web --to oregon --no-wait')).toMatch(/has begun \(epoch 2\)\n$/);
    const moved = await registers(deployed);

    expect(paused.filter((register) => register?.pause?.by === 'alice').length).toBeGreaterThanOrEqual(2);
    expect(moved.filter((register) => register?.epoch === 2 && register.active === 'oregon').length).toBeGreaterThan(1);
    expect((await run(deployed, 'history')).out).toMatch(/alice {2}pause: work/);
    expect(listed.out).toMatch(/web {6}virginia {2}oregon .* alice {2}no reason given\n$/);
    expect(status.out).toMatch(/planned {2}switchover to oregon at .*, by alice/);
    expect(moved.filter((register) => register !== null && register.planned === undefined).length).toBeGreaterThan(1);
    // Nobody carries it out: these watchers only speak.
    expect((await run(deployed, 'status')).out).toMatch(/switchover virginia > oregon, epoch 2: running/);
  });

  test.concurrent('is found by a failover.config.ts too, before the YAML', async () => {
    const deployed = await deploy();
    const load = pathToFileURL(join(root, 'src/config/loader.ts')).href;
    const program = (value: unknown) =>
      `import { defineDeployment } from '${load}';\nexport const deployment: unknown = defineDeployment(${JSON.stringify(value)});\n`;
    writeFileSync(join(deployed.folder, 'failover.config.ts'), program(deployed.config));
    writeFileSync(join(deployed.folder, 'wrong.ts'), program({ ...deployed.config, controlRegions: [] }));
    writeFileSync(join(deployed.folder, 'other.ts'), 'export const other = 1;\n');
    writeFileSync(join(deployed.folder, 'failover.config.yaml'), 'not: it\n');

    const [found, wrong, other] = await runEach(deployed, [
      'quorum',
      'quorum --config wrong.ts',
      'quorum --config other.ts',
    ]);

    expect(found).toMatchObject({ exit: 0, err: '' });
    expect(wrong).toMatchObject({ exit: 2, out: '', err: expect.stringContaining('controlRegions') });
    expect(other).toMatchObject({
      exit: 2,
      out: '',
      err: 'cdk-failover: other.ts: exports no "deployment"; write: export const deployment = ...\n',
    });
  });
});

describe.skipIf(!hasMoto)('a region in trouble', () => {
  test.concurrent('that is dark is named, and the majority goes on', async () => {
    const deployed = await deploy({ raisedAlerts: { 'dynamodb/us-west-2': 'dark', 'sts/us-west-2': 'dark' } });

    const status = await run(deployed, 'status');
    const pause = await run(deployed, `pause web --deployment ${deployed.name}`);

    expect(status).toMatchObject({ exit: 0, err: '' });
    expect(status.out).toContain('web: PROTECTED: ');
    expect(status.out).toContain('active: virginia since epoch 1');
    expect(status.out).toContain('us-west-2: its table gives no answer (timeout: no answer within 2.5 s)');
    expect(status.out.match(/ fresh| silent/g)).toBeNull();
    expect(pause).toMatchObject({ exit: 0, late: expect.arrayContaining(['us-west-2']) });
    expect((await registers(deployed)).map((register) => register?.pause !== null)).toEqual([true, false, true]);
  });

  test.concurrent('that denies or throttles says so; without a majority the last known is shown and nothing changes', async () => {
    const deployed = await deploy({
      raisedAlerts: { 'dynamodb/us-west-2': 'denied', 'dynamodb/us-east-2': 'throttled' },
    });

    const [status, quorum, history, pause] = await runEach(deployed, [
      'status',
      'quorum',
      'history',
      `pause web --deployment ${deployed.name}`,
    ]);

    expect(status).toMatchObject({ exit: 1, err: '' });
    expect(status?.out).toContain('web: CANNOT SEE: ');
    expect(status?.out).toContain('failsafe, no-majority');
    expect(status?.out).toContain('tables that answer say virginia since epoch 1, which may be outdated');
    expect(status?.out).toContain(
      `denied: access denied: dynamodb:BatchGetItem on table ${deployed.name}-failover-state`,
    );
    const read = [
      `cdk-failover: us-west-2: access denied: dynamodb:BatchGetItem on table ${deployed.name}-failover-state\n`,
      'cdk-failover: us-east-2: throttled: Rate of requests exceeds the allowed throughput.\n',
    ].join('');
    expect(quorum).toMatchObject({ exit: 1, err: read, out: expect.stringContaining('NOQUORUM') });
    expect(history).toMatchObject({ exit: 1, err: read, out: expect.stringContaining('no majority') });
    expect(pause).toMatchObject({ exit: 1, out: '' });
    expect(pause?.err).toMatch(/\ncdk-failover: no majority of state tables answers .* nothing can be changed/);
    expect(pause?.err).toContain('cdk-failover: us-west-2: access denied: dynamodb:UpdateItem on table');
    expect((await registers(deployed)).map((register) => register?.pause)).toEqual([null, null, null]);
  });

  test.concurrent('without the table is said not to have the deployment', async () => {
    const deployed = await deploy({ without: ['us-east-2'] });

    expect((await run(deployed, 'status')).out).toContain(
      `us-east-2: its table gives no answer (unavailable: has no table ${deployed.name}-failover-state of account ${motoAccount}: not deployed there, or under another name or account)`,
    );
  });

  test.concurrent('whose token service denies the question stops nothing', async () => {
    const raisedAlerts = Object.fromEntries(regions.map((region) => [`sts/${region}`, 'denied' as const]));
    const deployed = await deploy({ raisedAlerts });

    expect(await run(deployed, 'quorum')).toMatchObject({
      exit: 0,
      err: '',
      out: expect.stringContaining(`${deployed.name} in an AWS account that could not be told, us-east-1`),
    });
  });
});

describe.skipIf(!hasMoto)('what DNS remembers', () => {
  const everywhere = (state: 'OK' | 'ALARM') => Object.fromEntries(regions.map((region) => [region, state]));

  test.concurrent('is shown beside who is active, and what cannot be read is unknown', async () => {
    const raisedAlerts = { 'monitoring/us-west-2': 'denied', 'ssm/us-east-1': 'denied' } as const;
    const deployed = await deploy({ memories: everywhere('OK'), raisedAlerts });

    const { exit, out } = await run(deployed, 'status');

    expect(exit).toBe(0);
    expect(out).toContain('web: PROTECTED: ');
    expect(out).toContain('\n  dns  oracles: unknown 3/3; memories: virginia 2/3, unknown 1/3\n');
    expect(out.split('\n').slice(-4)).toEqual([
      'us-east-1: its oracle is not known (its address could not be read: denied)',
      'us-west-2, us-east-2: its oracle is not known (has no function URL)',
      'us-west-2: its memory is not known (its alarms could not be read: denied)',
      '',
    ]);
  });

  test.concurrent('is the first thing said where clients are led elsewhere', async () => {
    const deployed = await deploy({ memories: everywhere('ALARM') });

    const [status, json, doctor] = await runEach(deployed, ['status', 'status --json', 'doctor']);

    const why =
      'DNS leads clients to oregon, and the register to virginia (oracles: unknown 3/3; memories: oregon 3/3)';
    expect(status).toMatchObject({ exit: 1, err: '' });
    expect(status?.out).toContain(`web: UNPROTECTED: ${why}`);
    expect(status?.out).toContain('\n  next: see which oracle or memory does not follow the register');
    expect(JSON.parse(json?.out ?? '').services.web).toMatchObject({
      state: 'steady',
      protection: { level: 'unprotected', isWell: false },
      dns: { state: 'differs', leadsTo: ['oregon'] },
    });
    expect(doctor?.exit).toBe(1);
    expect(doctor?.out).toContain(`unprotected: ${why}`);
  });

  test.concurrent('holds up nothing where CloudWatch and the parameters give no answer', async () => {
    const hang = regions.flatMap((region) => [`monitoring/${region}`, `ssm/${region}`]);
    const deployed = await deploy({
      memories: everywhere('OK'),
      raisedAlerts: Object.fromEntries(hang.map((key) => [key, 'dark' as const])),
    });

    const startMs = performance.now();
    await run(deployed, 'quorum');
    const quorumMs = performance.now() - startMs;
    const { exit, out } = await run(deployed, 'status');
    const statusMs = performance.now() - startMs - quorumMs;

    process.stdout.write(`quorum took ${Math.round(quorumMs)} ms, status ${Math.round(statusMs)} ms\n`);
    expect(exit).toBe(0);
    expect(out).toContain('\n  dns  oracles: unknown 3/3; memories: unknown 3/3\n');
  });
});

describe.skipIf(!hasMoto)('before the watchers have run', () => {
  test.concurrent('there is no register, which is not the same as no answer', async () => {
    const deployed = await deploy({ hasRegister: false });

    const [status, history, plan, pause] = await runEach(deployed, [
      'status',
      'history',
      'plan',
      `pause --deployment ${deployed.name}`,
    ]);

    expect(status?.out).toContain('web: UNPROTECTED: no register yet: its watchers have not run');
    for (const said of [history, plan]) {
      expect(said).toMatchObject({
        exit: 1,
        err: '',
        out: expect.stringContaining('web: no register: its watchers have not run yet'),
      });
    }
    expect(pause).toMatchObject({
      exit: 1,
      err: expect.stringContaining('web: no register: its watchers have not run yet'),
    });
  });
});

describe.skipIf(!hasMoto)(
  'credentials that are not the right ones exit 1 with one line, and nothing is asked of the tables',
  () => {
    test.concurrent.each<[string, DeployedOptions, Readonly<Record<string, string>>, string | RegExp]>([
      [
        'none',
        {},
        {},
        /^cdk-failover: no AWS credentials: run "aws sso login" or "aws configure", or set AWS_PROFILE \(.*\)\n$/,
      ],
      [
        'over',
        { raisedAlerts: Object.fromEntries(regions.map((region) => [`sts/${region}`, 'expired' as const])) },
        credentials,
        /^cdk-failover: the AWS credentials have expired: sign in again, as with "aws sso login" \(.*\)\n$/,
      ],
      [
        'another account',
        { account: '999999999999' },
        credentials,
        /^cdk-failover: failover\.config\.yaml is for account 999999999999, and these credentials are for 123456789012 \(arn:.*\): choose others with AWS_PROFILE\n$/,
      ],
    ])('%s', async (_, options, env, says) => {
      const deployed = await deploy(options);

      const { exit, out, err } = await run(deployed, 'pause web', env);

      expect({ exit, out }).toEqual({ exit: 1, out: '' });
      expect(err).toMatch(says);
      expect([...deployed.proxy.asked].filter((asked) => asked.startsWith('dynamodb/'))).toEqual([]);
    });
  },
);
