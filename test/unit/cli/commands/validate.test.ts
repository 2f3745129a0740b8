import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { validate } from '../../../../src/cli/commands/validate.ts';
import { recordTerminal } from '../terminal.fixture.ts';

const good = fileURLToPath(new URL('../../../../examples/two-regions/failover.config.yaml', import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'failover-validate-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function check(files: readonly string[], isJson = false) {
  const terminal = recordTerminal();
  const exit = await validate(files, isJson ? { json: true } : {}, terminal);
  return { exit, ...terminal.printed };
}

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test('a good file is one line with its size', async () => {
  expect(await check([good])).toEqual({
    exit: 0,
    out: `${good}: ok (1 service, 2 sites, 3 control regions)\n`,
    err: '',
  });
});

test('every finding of a wrong file is a line with its place, and the other files are checked all the same', async () => {
  const wrong = await write('wrong.yaml', 'name: shop\ncontrolRegions: [us-east-1]\nfrob: 1\nservices: {}\n');
  const { exit, out, err } = await check([wrong, good]);

  expect(exit).toBe(2);
  expect(out).toMatch(/: ok \(1 service/);
  expect(err).toContain(`${wrong}:3: frob: unknown key`);
  expect(
    err
      .trimEnd()
      .split('\n')
      .every((line) => line.startsWith(`${wrong}:`)),
  ).toBe(true);
});

test('a file that is not there, and a folder, are one line each', async () => {
  const absent = join(folder, 'absent.yaml');

  expect(await check([absent, folder])).toEqual({
    exit: 2,
    out: '',
    err: `${absent}: no such file or folder\n${folder}: is a folder, not a file\n`,
  });
});

test('with --json the findings are data', async () => {
  const wrong = await write('wrong.yaml', 'name: shop\nfrob: 1\n');
  const { exit, out } = await check([good, wrong], true);

  expect(exit).toBe(2);
  expect(JSON.parse(out)).toMatchObject({
    files: [
      { file: good, isValid: true, services: 1, sites: 2, controlRegions: 3 },
      { file: wrong, isValid: false, findings: expect.arrayContaining([expect.objectContaining({ path: 'frob' })]) },
    ],
  });
});
