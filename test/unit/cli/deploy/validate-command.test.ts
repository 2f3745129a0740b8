import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { validate } from '../../../../src/cli/deploy/validate-command.ts';
import { recordTerminal } from '../terminal.fixture.ts';

const good = fileURLToPath(new URL('../../../../examples/two-regions/failover.config.yaml', import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'failover-validate-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function check(files: readonly string[], isJson = false, against?: string) {
  const terminal = recordTerminal();
  const exit = await validate(files, { ...(isJson && { json: true }), ...(against && { against }) }, terminal);
  return { exit, ...terminal.printed };
}

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

test('a good file is a line with its size, and what it takes of Route 53 and of its oracles', async () => {
  expect(await check([good])).toEqual({
    exit: 0,
    out: [
      `${good}: ok (1 service, 2 sites, 3 control regions)`,
      '  Route 53 holds 8 health checks, of 200 in an account by default; its aliases are 2 deep',
      '  each oracle is asked 1.6 times a second, by 1 check; 100 are served: enough for 62 checks',
      '  Lambda reserves 22 concurrent executions in us-east-1: the account needs a quota of 122 in each control region\n',
    ].join('\n'),
    err: '',
  });
});

const openText = `
name: shop
controlRegions: [us-east-1, us-west-2, us-east-2]
services:
  web:
    mode: active-passive
    sites:
      left: { region: us-east-1, priority: 100, probes: [{ type: https, url: https://left.shop.example/ }] }
      right: { region: us-east-1, priority: 90, probes: [{ type: https, url: https://right.shop.example/ }] }
    traffic:
      address: { allocationId: eipalloc-1, region: us-east-1, instances: { left: i-left, right: i-right } }
notify: { emails: [oncall@shop.example] }
`;

test('a valid file with an open finding says what breaks and ends with 1', async () => {
  const file = await write('open.yaml', openText);
  const { exit, out, err } = await check([file, good]);

  expect({ exit, err }).toEqual({ exit: 1, err: '' });
  expect(out).toContain(`${file}: valid, but 1 finding (1 service, 2 sites, 3 control regions)\n`);
  expect(out).toContain('\n  one-region at ');
  expect(out).toContain('\n    breaks  when us-east-1 is lost, web has nowhere to go: its Elastic IP cannot leave');
  expect(out).toContain('\n    way out add a site in another region');
});

test('the same file is ok once the finding is accepted, and says why it is', async () => {
  const file = await write('accepted.yaml', `${openText}accept: { one-region: the data stays in the country }\n`);

  expect(await check([file])).toEqual({
    exit: 0,
    out: [
      `${file}: ok (1 service, 2 sites, 3 control regions)`,
      '  Lambda reserves 25 concurrent executions in us-east-1: the account needs a quota of 125 in each control region',
      '  accepted: one-region at services.web.sites: the data stays in the country\n',
    ].join('\n'),
    err: '',
  });
});

test('a wrong file beside one with an open finding ends with 2', async () => {
  const wrong = await write('wrong.yaml', 'name: shop\n');

  expect((await check([await write('open.yaml', openText), wrong])).exit).toBe(2);
});

test('a program that exports the deployment is checked like YAML', async () => {
  const file = await write('failover.config.mjs', 'export const deployment = { name: "shop", frob: 1 };\n');
  const { exit, err } = await check([file]);

  expect(exit).toBe(2);
  expect(err).toContain(`${file}: frob: unknown key`);
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
      { file: good, isValid: true, services: 1, sites: 2, controlRegions: 3, lint: [] },
      { file: wrong, isValid: false, findings: expect.arrayContaining([expect.objectContaining({ path: 'frob' })]) },
    ],
  });
});

const acceptedText = openText.replace('notify:', 'accept: { one-region: a test }\nnotify:');

test('against the one that runs, a change that is refused ends with 2 and says what to write', async () => {
  const running = await write('running.yaml', acceptedText);
  const next = await write('next.yaml', acceptedText.replaceAll('right', 'other').replace('other.shop', 'right.shop'));

  const { exit, out } = await check([next], false, running);

  expect(exit).toBe(2);
  expect(out).toContain('  refused site-looks-renamed: web/other\n');
  expect(out).toContain('    instead: write renamedFrom: right\n');
});

test('against itself, nothing changes', async () => {
  const running = await write('running.yaml', acceptedText);

  const { exit, out } = await check([running], false, running);

  expect({ exit, last: out.trimEnd().split('\n').at(-1) }).toEqual({
    exit: 0,
    last: '  nothing changes for what runs',
  });
});
