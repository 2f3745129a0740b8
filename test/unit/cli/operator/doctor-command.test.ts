import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { doctor } from '../../../../src/cli/operator/doctor-command.ts';
import { recordTerminal } from '../terminal.fixture.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'failover-doctor-'));
});
afterEach(() => rm(folder, { recursive: true }));

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
