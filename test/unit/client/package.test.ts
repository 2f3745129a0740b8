import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'clients-'));

/** What somebody writes who has only the package: nothing but Node and the package by its name. */
const program = `
import { ActiveGuard, createEndpoints } from 'cdk-failover/client';

const oracle = process.argv[2];
const endpoints = createEndpoints({ service: 'web', sources: [oracle], sourceTimeoutMs: 60_000 });
await endpoints.ready;
const answer = await endpoints.call(async ({ url }, signal) => (await fetch(url, { signal })).text(), {
  requestTimeoutMs: 60_000,
});
endpoints.stop();
const guard = new ActiveGuard({ service: 'web', site: 'a', oracles: [oracle, oracle + '/2', oracle + '/3'] });
const isActive = guard.isActive();
guard.stop();
console.log(JSON.stringify({ answer, isActive }));
`;

beforeAll(() => {
  const built = spawnSync(process.execPath, ['scripts/build-lib.js'], { cwd: root, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/cdk-failover'));
  writeFileSync(join(folder, 'program.mjs'), program);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a program elsewhere imports cdk-failover/client, finds a site through an oracle and calls it', async () => {
  const server = createServer(({ url = '' }, response) => {
    const { port } = server.address() as AddressInfo;
    const endpoints = [{ site: 'a', url: `http://127.0.0.1:${port}/a` }];
    const list = { service: 'web', epoch: 1, endpoints, isReadOnly: false };
    response.end(url === '/v1/web/endpoints' ? JSON.stringify(list) : `served at ${url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const out = await runProgram(`http://127.0.0.1:${port}`);

  server.closeAllConnections();
  server.close();
  expect(JSON.parse(out)).toEqual({ answer: 'served at /a', isActive: false });
});

test('what is imported is one file that needs nothing but Node', () => {
  const bundle = readFileSync(join(root, 'dist/client/client.js'), 'utf8');

  expect([...bundle.matchAll(/^\s*import\s.*$|\brequire\(/gm)].map(([line]) => line)).toEqual([]);
});

/** Runs the program without blocking this process, which serves it. */
function runProgram(oracle: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [join(folder, 'program.mjs'), oracle], { timeout: 300_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${error.message}\n${stderr}`));
      else resolve(stdout);
    });
  });
}
