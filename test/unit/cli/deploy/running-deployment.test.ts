import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { validate } from '../../../../src/cli/deploy/validate-command.ts';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import { exampleDeployment } from '../../../cdk/synthesized.ts';
import { jsonError, standIn } from '../../../support/stand-in.ts';
import { zipArchive } from '../../../support/zip-archive.ts';
import { recordTerminal } from '../terminal.fixture.ts';

const file = fileURLToPath(new URL('../../../../examples/two-regions/failover.config.yaml', import.meta.url));
const next = exampleDeployment('two-regions');
const [east, west, witness] = next.controlRegions as readonly [string, string, string];
const slower = exampleDeployment('two-regions', { 'services.web.failover.maxMovesPerDay': 1 });
const otherRecord = exampleDeployment('two-regions', { 'services.web.traffic.dns.record': 'old.shop.example' });

/** What the watcher of a region carries; null where there is none, and anything else where there is no answer. */
type Carried = Readonly<Record<string, Deployment | string | null>>;

/** Validates the example against what watchers carry, and says how often code was fetched. */
async function validateAgainst(carried: Carried, isJson = false) {
  let fetched = 0;
  const { url, clients } = await standIn(next.controlRegions, ({ path, headers }, response) => {
    const [, index = ''] = /^\/code\/(\d)/.exec(path) ?? [];
    if (index !== '') {
      fetched += 1;
      const value = carried[next.controlRegions[Number(index)] ?? ''];
      if (typeof value === 'string') return void response.writeHead(403).end(value);
      const archive = zipArchive({ 'index.mjs': '', 'deployment.json': JSON.stringify(value) }, 'deflated');
      return void response.writeHead(200).end(archive);
    }
    const [, region = ''] = /Credential=[^/]+\/\d{8}\/([^/]+)\/lambda\//.exec(String(headers.authorization)) ?? [];
    const value = carried[region];
    if (!path.endsWith('/functions/shop-failover-watcher')) return jsonError(response, 'AccessDeniedException', 403);
    if (value === null) return jsonError(response, 'ResourceNotFoundException', 404);
    if (value === undefined) return jsonError(response, 'AccessDeniedException', 403);
    const at = next.controlRegions.indexOf(region);
    const same = next.controlRegions.findIndex((other) => carried[other] === value);
    const Code = { Location: `${url}/code/${at}` };
    response.writeHead(200).end(JSON.stringify({ Code, Configuration: { CodeSha256: `sha-${same}` } }));
  });
  const terminal = recordTerminal();
  const exit = await validate([file], { against: 'aws', ...(isJson && { json: true }) }, terminal, clients);
  return { exit, fetched, ...terminal.printed };
}

test('what runs everywhere is read once, and compared', async () => {
  const { exit, out, fetched } = await validateAgainst({ [east]: slower, [west]: slower, [witness]: slower });

  expect(exit).toBe(0);
  expect(fetched).toBe(1);
  expect(out).toContain(`\n  compared with what runs in ${east}, ${west}, ${witness}\n  1 change:\n`);
});

test('nothing changes where the same runs', async () => {
  const { out } = await validateAgainst({ [east]: next, [west]: next, [witness]: next });

  expect(out).toContain('\n  nothing changes for what runs');
});

test('regions that run different configurations are compared each, and that is said', async () => {
  const { out, fetched } = await validateAgainst({ [east]: slower, [west]: next, [witness]: otherRecord }, true);

  const [{ notes, changes }] = JSON.parse(out).files;
  expect(fetched).toBe(3);
  expect(notes).toEqual([
    'regions run different configurations: the last deployment came half way',
    ...[east, west, witness].map((region) => `compared with what runs in ${region}`),
  ]);
  expect(changes.length).toBeGreaterThan(1);
});

test('a region without a watcher, and one that gives no answer, are named', async () => {
  const { out } = await validateAgainst({ [east]: slower, [west]: null });

  expect(out).toContain(`  compared with what runs in ${east}\n  ${west} has no watcher of shop yet\n`);
  expect(out).toMatch(new RegExp(`  not compared with ${witness}: access denied`));
});

test('where nothing runs there is nothing to compare with, and each region says why', async () => {
  await expect(validateAgainst({ [east]: null, [west]: null, [witness]: 'no' })).rejects.toMatchObject({
    code: 'NOT_RUNNING',
    message: expect.stringMatching(
      /^shop: nothing to compare with; us-east-1 has no watcher of shop yet; .*code of the watcher could not be read: status 403/,
    ),
  });
});
