import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readUserDeployment } from '../../../src/cli/lab/user-deployment.ts';

const example = readFileSync('examples/two-regions/failover.config.yaml', 'utf8');
const alias = '{ alias: { dnsName: a.elb.amazonaws.com, zoneId: Z1BALANCERS } }';
const stateless = example.replace(', maxReplicationLagMs: 30s', '');

function read(text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'lab-'));
  try {
    writeFileSync(join(folder, 'c.yaml'), text);
    return readUserDeployment(join(folder, 'c.yaml'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the lab runs the example', () => {
  expect(read(example)?.name).toBe('shop');
});

test.each([
  ['an alias', example.replace('{ a: 198.51.100.20 }', alias), /an alias for oregon.*give oregon an address/],
  [
    'a direct check',
    stateless.replace('ttlSeconds: 30', 'ttlSeconds: 30\n        directCheck: { type: tcp, port: 443 }'),
    /web has traffic\.dns\.directCheck.*leave it out/,
  ],
])('the lab refuses %s', (_, text, says) => {
  expect(() => read(text)).toThrow(says);
});
