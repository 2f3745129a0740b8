import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeLabFile } from '../../../src/cli/lab/lab-file.ts';
import { deploymentOf } from './deployment.fixture.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

// Each starts a process from the sources, on a machine that may have other work to do.
vi.setConfig({ testTimeout: 60_000 });

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'failover-main-'));
});

afterEach(() => rm(folder, { recursive: true }));

function start(...words: readonly string[]) {
  return spawn(process.execPath, ['--import', 'tsx', main, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function finish(child: ReturnType<typeof start>) {
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const [exit, signal] = await once(child, 'close');
  return { exit, signal, out, err };
}

test('a lab that is not running is one line and exit 2', async () => {
  const lab = join(folder, 'lab.json');

  expect(await finish(start('status', '--lab', lab))).toEqual({
    exit: 2,
    signal: null,
    out: '',
    err: `cdk-failover: no lab is running (${lab} not found): start one with "cdk-failover lab"\n`,
  });
});

test('what a terminal would obey is shown as text', async () => {
  const { exit, out, err } = await finish(start('\u001B[2Jstatus\u009B31m\u202E', '--json'));

  expect({ exit, err }).toEqual({
    exit: 2,
    err: "cdk-failover: unknown command '\\u001b[2Jstatus\\u009b31m\\u202e'\n",
  });
  expect(JSON.parse(out)).toEqual({ error: "unknown command '\u001B[2Jstatus\u009B31m\u202E'" });
});

test.skipIf(!existsSync('/dev/full'))('output that a full disk does not take is one line and exit 1', async () => {
  const full = openSync('/dev/full', 'w');
  const child = spawn(process.execPath, ['--import', 'tsx', main, 'completion', 'bash'], {
    stdio: ['ignore', full, 'pipe'],
  });
  let err = '';
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const [exit] = await once(child, 'close');
  closeSync(full);

  expect({ exit, err }).toEqual({ exit: 1, err: 'cdk-failover: the output cannot be written (ENOSPC)\n' });
});

test('scenarios run in processes of their own, and none of them stays', async () => {
  const file = fileURLToPath(new URL('../../../scenarios/planted/s7/pause-is-ignored.yaml', import.meta.url));
  const { exit, out, err } = await finish(start('simulate', file, '--json'));

  expect({ exit, err }).toEqual({ exit: 0, err: '' });
  expect(JSON.parse(out)).toMatchObject({ passed: 1, failed: 0, wrong: 0, scenarios: [{ isPassed: true }] });
});

test('Ctrl-C ends a computation with exit 130', async () => {
  const child = start('fuzz', '--planted');
  const ended = finish(child);
  await Promise.race([once(child.stdout, 'data'), ended]);
  child.kill('SIGINT');

  expect(await ended).toMatchObject({ exit: 130, err: '' });
});

test('output that nobody reads is no error', async () => {
  const child = start('--help');
  child.stdout.destroy();

  expect(await finish(child)).toMatchObject({ signal: null, out: '', err: '' });
});

test('Ctrl-C ends a verb that waits with exit 130 and no words', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const deployment = deploymentOf('web');
  const lab = join(folder, 'lab.json');
  await writeLabFile(lab, {
    pid: process.pid,
    startedAtMs: 0,
    deployment,
    tables: Object.fromEntries(deployment.controlRegions.map((region) => [region, url])),
    dns: { host: '127.0.0.1', port: 53 },
    checkIntervalMs: 500,
  });

  const child = start('status', '--lab', lab);
  const ended = finish(child);
  await once(server, 'connection');
  child.kill('SIGINT');

  expect(await ended).toEqual({ exit: 130, signal: null, out: '', err: '' });
  server.close();
});

test.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM'] as const)(
  'a configuration that is a pipe which nobody writes to ends with %s',
  async (signal) => {
    const pipe = join(folder, 'shop.yaml');
    execFileSync('mkfifo', [pipe]);
    const child = start('validate', pipe);
    const ended = finish(child);
    // A pipe takes a writer once somebody reads it. While it is open and says nothing, the reader waits.
    const open = () => openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    const writer = await vi.waitFor(open, { timeout: 30_000 });
    child.kill(signal);

    expect(await ended).toEqual({ exit: null, signal, out: '', err: '' });
    closeSync(writer);
  },
);

test.skipIf(!existsSync('/proc/self'))('a folder for results that cannot be made is one line and exit 2', async () => {
  expect(await finish(start('lab', '--out', '/proc/failover/out'))).toMatchObject({
    exit: 2,
    err: 'cdk-failover: /proc/failover/out: cannot be written to (nothing can be made there); name another folder with --out\n',
  });
});
