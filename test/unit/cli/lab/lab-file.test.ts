import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LabFile, readLabFile, removeLabFile, writeLabFile } from '../../../../src/cli/lab/lab-file.ts';
import { connect } from '../../../../src/cli/operator/connection.ts';
import { deploymentOf } from '../deployment.fixture.ts';

const deployment = deploymentOf('web');
const lab: LabFile = {
  pid: process.pid,
  startedAtMs: 1_700_000_000_000,
  deployment,
  tables: Object.fromEntries(deployment.controlRegions.map((region) => [region, 'http://127.0.0.1:9'])),
  dns: { host: '127.0.0.1', port: 5353 },
  checkIntervalMs: 500,
};

/** Above the largest process number of any system this runs on. */
const deadPid = 2 ** 30;

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'failover-cli-'));
  path = join(folder, 'out', 'lab.json');
});

afterEach(() => rm(folder, { recursive: true }));

test('what is written is read, and leaves nothing else behind', async () => {
  await writeLabFile(path, lab);

  expect(await readLabFile(path)).toEqual({ kind: 'lab', lab });
  expect(await readdir(join(folder, 'out'))).toEqual(['lab.json']);
});

test('a removed file is absent, and may be removed again', async () => {
  await writeLabFile(path, lab);
  await removeLabFile(path);
  await removeLabFile(path);

  expect(await readLabFile(path)).toEqual({ kind: 'absent' });
});

test.each([
  ['not json', 'not JSON'],
  ['[]', 'not an object'],
  [JSON.stringify({ ...lab, pid: 'x' }), 'pid: not a process number'],
  [JSON.stringify({ ...lab, deployment: {} }), 'deployment: not a deployment'],
  [JSON.stringify({ ...lab, tables: {} }), 'tables: no URL of us-east-1'],
  [JSON.stringify({ ...lab, dns: { host: 'x' } }), 'dns: not a host and a port'],
  [JSON.stringify({ ...lab, checkIntervalMs: null }), 'checkIntervalMs: not a number of milliseconds'],
])('says what is wrong with a file: %.20s', async (text, why) => {
  const file = join(folder, 'lab.json');
  await writeFile(file, text);

  expect(await readLabFile(file)).toEqual({ kind: 'wrong', why });
  await expect(connect({ lab: file })).rejects.toMatchObject({
    code: 'NOT_RUNNING',
    message: `${file} is not the file of a lab (${why}): start one with "cdk-failover lab"`,
  });
});

test('connects to a lab whose process lives', async () => {
  await writeLabFile(path, lab);

  const target = await connect({ lab: path });
  target.close();

  expect(target.deployment).toEqual(deployment);
  expect(Object.keys(target.ports.handlers)).not.toContain('resolve');
});

test('a lab that is not there is not running', async () => {
  await expect(connect({ lab: path })).rejects.toMatchObject({
    code: 'NOT_RUNNING',
    message: `no lab is running (${path} not found): start one with "cdk-failover lab"`,
  });
});

test('a lab whose process has ended is not running', async () => {
  await writeLabFile(path, { ...lab, pid: deadPid });

  await expect(connect({ lab: path })).rejects.toMatchObject({
    code: 'NOT_RUNNING',
    message: expect.stringContaining(`was left by process ${deadPid}, which has ended`),
  });
});
