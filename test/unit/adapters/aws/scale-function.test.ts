import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { type Seen, standIn } from '../../../support/stand-in.ts';

const page = readFileSync(new URL('../../../../docs/standby.md', import.meta.url), 'utf8');

/** The function as it stands on the page, but for its token, which needs credentials. */
const program = (/```python\n([\s\S]*?)```/.exec(page)?.[1] ?? '').replace(
  /(def token\(\):\n)[\s\S]*?\n\n\n/,
  '$1    return "a-token"\n\n\n',
);

/** Far off: a machine that is busy takes seconds to start a process. */
const runMs = 120_000;

const deployment = '/apis/apps/v1/namespaces/shop/deployments/web';
const request = { mode: 'scale', service: 'web', site: 'oregon' };

/**
 * Hands the function an event, before a server that answers as the Kubernetes API does.
 *
 * @param held - what the API has of the Deployment; null where it answers with an error
 */
async function invoke(event: object, held: object | null): Promise<{ readonly said: unknown; readonly seen: Seen[] }> {
  const { url, seen } = await standIn([], (_seen, response) => {
    response.writeHead(held === null ? 503 : 200).end(JSON.stringify(held ?? {}));
  });
  const folder = mkdtempSync(join(tmpdir(), 'scale-function-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const run = 'import json, sys\nprint(json.dumps(handler(json.loads(sys.argv[1]), None)))\n';
  writeFileSync(join(folder, 'run.py'), `${program}\n${run}`);
  const env = { ...process.env, KUBE_URL: url, NAMESPACE: 'shop', DEPLOYMENT: 'web', CLUSTER: 'shop' };
  const { stdout } = await promisify(execFile)('python3', [join(folder, 'run.py'), JSON.stringify(event)], { env });
  return { said: JSON.parse(stdout), seen: [...seen] };
}

test.each([
  ['all that are available', { observedGeneration: 7, availableReplicas: 4 }, 4],
  ['none, where the API says none', { observedGeneration: 7 }, 0],
  ['none, while its status is about an older order', { observedGeneration: 6, availableReplicas: 6 }, 0],
])('the function in Python counts as ready %s', { timeout: runMs }, async (_, status, ready) => {
  const { said, seen } = await invoke(
    { ...request, action: 'read' },
    { metadata: { generation: 7 }, spec: { replicas: 6 }, status },
  );

  expect(said).toEqual({ wanted: 6, ready });
  expect(seen).toMatchObject([{ method: 'GET', path: deployment, headers: { authorization: 'Bearer a-token' } }]);
});

test('the function in Python sets the replicas that the order names', { timeout: runMs }, async () => {
  const order = { ...request, action: 'set', state: 'serving', size: 12, epoch: 4, attempt: 1 };

  const { said, seen } = await invoke(order, { spec: { replicas: 12 } });

  expect(said).toEqual({ ok: true });
  expect(seen).toMatchObject([
    { method: 'PATCH', path: `${deployment}/scale`, headers: { 'content-type': 'application/merge-patch+json' } },
  ]);
  expect(seen.map(({ body }) => JSON.parse(body))).toEqual([{ spec: { replicas: 12 } }]);
});

test.each(['read', 'set'])(
  'the function in Python fails when the API does (%s)',
  { timeout: runMs },
  async (action) => {
    await expect(invoke({ ...request, action, size: 3 }, null)).rejects.toThrow('503');
  },
);

test('the function in Python refuses what is not about a size', { timeout: runMs }, async () => {
  const { said } = await invoke({ action: 'fence', mode: 'custom', service: 'web', site: 'oregon' }, {});

  expect(said).toEqual({ veto: expect.any(String) });
});
