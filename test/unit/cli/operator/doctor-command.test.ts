import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { doctor, examineTables } from '../../../../src/cli/operator/doctor-command.ts';
import { exitOf } from '../../../../src/core/checkup/check.ts';
import { recordTerminal } from '../terminal.fixture.ts';
import { fakeTarget } from './target.fixture.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'failover-doctor-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('with every watcher heard, a service that has never moved is doubtful about that alone', async () => {
  const checks = await examineTables(fakeTarget(), recordTerminal());

  expect(checks.filter(({ state }) => state !== 'ok')).toMatchObject([{ name: 'last move', state: 'doubtful' }]);
  expect(exitOf(checks)).toBe(0);
});

test('a dark region is unknown and never ok, and the rest is still told', async () => {
  const checks = await examineTables(fakeTarget(['us-east-2']), recordTerminal());

  const dark = checks.filter(({ subject }) => subject === 'us-east-2');
  expect(dark.map(({ name, state }) => [name, state])).toEqual([
    ['state table', 'unknown'],
    ['watcher', 'unknown'],
  ]);
  expect(checks.find(({ name }) => name === 'protection')?.state).toBe('ok');
});

test('without a majority it is bad', async () => {
  const checks = await examineTables(fakeTarget(['us-west-2', 'us-east-2']), recordTerminal());

  expect(checks[0]).toMatchObject({ name: 'quorum', state: 'bad' });
  expect(exitOf(checks)).toBe(1);
});

test.each([
  ['a file twice', 'a.yaml', { config: 'b.yaml' }, 'USAGE', /give one of them/],
  ['a lab and a file', 'a.yaml', { lab: 'out/lab.json' }, 'USAGE', /give one of them/],
  ['a file that is not there', 'nowhere.yaml', {}, 'CONFIG', /nowhere\.yaml/],
] as const)('refuses %s', async (_, file, flags, code, message) => {
  await expect(doctor(file, flags, recordTerminal())).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
});

test('refuses a lab that is not running', async () => {
  await writeFile(join(folder, 'lab.json'), '{');

  await expect(doctor(undefined, { lab: join(folder, 'lab.json') }, recordTerminal())).rejects.toMatchObject({
    code: 'NOT_RUNNING',
  });
});
