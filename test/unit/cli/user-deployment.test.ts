import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readUserDeployment } from '../../../src/cli/lab/user-deployment.ts';

const example = exampleNamed('two-regions');
function exampleNamed(name: string): string {
  return readFileSync(`examples/${name}/failover.config.yaml`, 'utf8');
}
const alias = '{ alias: { dnsName: a.elb.amazonaws.com, zoneId: Z1BALANCERS } }';

async function read(text: string, name = 'c.yaml') {
  const folder = mkdtempSync(join(tmpdir(), 'lab-'));
  try {
    writeFileSync(join(folder, name), text);
    return await readUserDeployment(join(folder, name));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each(['two-regions', 'active-active', 'internal-clients'])('the lab runs the example %s', async (name) => {
  expect((await read(exampleNamed(name)))?.name).toBe('shop');
});

test('the lab takes a configuration in TypeScript', async () => {
  const deployment: unknown = parse(example);

  const taken = await read(`export const deployment = ${JSON.stringify(deployment)};`, 'c.ts');

  expect(taken?.name).toBe('shop');
});

test.each([
  ['an alias', example.replace('{ a: 198.51.100.20 }', alias), /an alias for oregon.*give oregon an address/],
  [
    'a direct check',
    example.replace('ttlSeconds: 30', 'ttlSeconds: 30\n        directCheck: { type: tcp, port: 443 }'),
    /web has traffic\.dns\.directCheck.*leave it out/,
  ],
  ['a load balancer', exampleNamed('load-balancer'), /web has traffic\.targets, which the lab has no stand-in for/],
  ['what is scaled', exampleNamed('warm-standby'), /web has sites\.virginia\.scale, .*leave it out there/],
  ['data that is promoted', exampleNamed('database'), /db has data, which the lab has no stand-in for/],
])('the lab refuses %s', async (_, text, says) => {
  await expect(read(text)).rejects.toThrow(says);
});
