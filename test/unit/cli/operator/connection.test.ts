import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findConfigFile, readConfigFile } from '../../../../src/cli/deploy/config-file.ts';
import { connect } from '../../../../src/cli/operator/connection.ts';
import { deploymentOf } from '../deployment.fixture.ts';

let folder: string;

/** Of a process that has ended. */
const deadPid = spawnSync(process.execPath, ['--version']).pid;
const dns = { host: '127.0.0.1', port: 53 };
const tables = Object.fromEntries(deploymentOf('web').controlRegions.map((region) => [region, 'http://127.0.0.1:1']));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'failover-connect-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('with nothing to talk to, both ways are named', async () => {
  await expect(connect({ folder })).rejects.toMatchObject({
    code: 'NOT_RUNNING',
    message: `nothing to talk to: no lab is running (${folder}/out/lab.json not found), and there is no failover.config.ts or failover.config.yaml here; start a lab with "cdk-failover lab", or name a deployment on AWS with --config FILE`,
  });
});

test.each([
  [
    'gone',
    JSON.stringify({ pid: deadPid, startedAtMs: 1, deployment: deploymentOf('web'), tables, dns, checkIntervalMs: 1 }),
  ],
  ['unreadable', '{'],
])('a lab that is %s is never taken for AWS, though its configuration is here', async (_, text) => {
  await mkdir(join(folder, 'out'));
  await writeFile(join(folder, 'out/lab.json'), text);
  await writeFile(join(folder, 'failover.config.yaml'), 'name: shop\n');

  await expect(connect({ folder })).rejects.toMatchObject({
    code: 'NOT_RUNNING',
    message: expect.stringMatching(
      /^the lab that was here cannot be reached \(.*\): start it again with "cdk-failover lab", say --config \S+failover\.config\.yaml to work on AWS, or remove out\/lab\.json$/,
    ),
  });
});

test('two deployments named are one too many', async () => {
  await expect(connect({ lab: 'a', config: 'b' })).rejects.toMatchObject({ code: 'USAGE' });
});

test('the TypeScript configuration comes before the YAML', async () => {
  expect(findConfigFile(folder)).toBeNull();
  await writeFile(join(folder, 'failover.config.yaml'), '');
  expect(findConfigFile(folder)).toBe(join(folder, 'failover.config.yaml'));
  await writeFile(join(folder, 'failover.config.ts'), '');
  expect(findConfigFile(folder)).toBe(join(folder, 'failover.config.ts'));
});

test('a configuration may be JSON, with all defaults filled in already', async () => {
  const path = join(folder, 'deployment.json');
  const deployment = deploymentOf('web');
  await writeFile(path, JSON.stringify(deployment));

  expect(await readConfigFile(path)).toEqual(deployment);
});

test('a program that cannot be compiled is refused with what the compiler says', async () => {
  const path = join(folder, 'broken.config.ts');
  await writeFile(path, 'export const deployment = \n');

  await expect(readConfigFile(path)).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringMatching(
      /broken\.config\.ts: could not be loaded: Transform failed with 1 error: .*:2:0: .+/,
    ),
  });
});

test('what a program finds wrong in its own configuration names the file that it is in', async () => {
  const path = join(folder, 'prod.config.ts');
  const loader = fileURLToPath(new URL('../../../../src/config/loader.ts', import.meta.url));
  const input = '{ name: "shop", controlRegions: ["us-east-1"], services: {} }';
  await writeFile(
    path,
    `import { defineDeployment } from ${JSON.stringify(loader)};\nexport const deployment = defineDeployment(${input});\n`,
  );

  await expect(readConfigFile(path)).rejects.toMatchObject({
    code: 'CONFIG',
    message: expect.stringMatching(/^(\/\S*\/prod\.config\.ts: .*\n?)+$/),
  });
});

test('a link that leads to itself is refused in words', async () => {
  const path = join(folder, 'loop.yaml');
  await symlink(path, path);

  await expect(readConfigFile(path)).rejects.toMatchObject({ message: `${path}: is a link that leads back to itself` });
});

test('a configuration that is wrong, or not there, is named', async () => {
  const path = join(folder, 'x.yaml');
  await expect(readConfigFile(path)).rejects.toMatchObject({
    code: 'CONFIG',
    message: `${path}: no such file or folder`,
  });
  await expect(readConfigFile(`${path}.ts`)).rejects.toMatchObject({ code: 'CONFIG' });
  await writeFile(path, 'name: shop\n');
  await expect(readConfigFile(path)).rejects.toMatchObject({ code: 'CONFIG', message: expect.stringContaining(path) });
});
