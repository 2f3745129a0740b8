import { expect, test } from 'vitest';
import { Attempt } from '../../../../src/adapters/aws/lambda/attempt.ts';
import { LambdaHook } from '../../../../src/adapters/aws/lambda/lambda-hook.ts';
import { promoteHandlers } from '../../../../src/adapters/aws/promote.ts';
import { defineDeployment } from '../../../../src/config/loader.ts';
import { faultOf, standIn } from '../../../support/stand-in.ts';
import { shop } from '../../config/shop.fixture.ts';

const home = 'us-east-1';

test('an attempt leaves its hooks all that is left of it, and a call to a control plane half (stepTimeoutMs=10000)', () => {
  const { services } = defineDeployment(shop);
  let nowMs = 500;
  const attempt = new Attempt({ monotonicMs: () => nowMs }, services);
  const left = () => [attempt.hookMs(), attempt.callMs()];

  const before = left();
  attempt.begin({ service: 'web' });
  const begun = left();
  nowMs += 8_000;
  const late = left();
  nowMs += 8_000;
  const over = left();
  attempt.begin({ service: 'nobody' });
  const unknown = left();
  attempt.begin(null);

  expect(begun).toEqual([9_000, 4_500]);
  expect(late).toEqual([1_000, 500]);
  expect([before, over, unknown, left()]).toEqual([
    [1, 1],
    [1, 1],
    [1, 1],
    [1, 1],
  ]);
});

test('a function of the user has its own time, not that of the other calls', async () => {
  const answers = { read: { writer: 'oregon', isMoving: false }, promote: { ok: true } };
  const { clients, seen } = await standIn([home], ({ body }, response) => {
    const { action } = JSON.parse(body) as { readonly action: keyof typeof answers };
    setTimeout(() => response.end(JSON.stringify(answers[action])), 50);
  });
  const places = { web: { sites: { oregon: { region: home } } } };
  const data = { kind: 'custom', functions: { oregon: 'shop-data' } } as const;
  const about = { service: 'web', from: 'virginia', to: 'oregon', isPlanned: true, isDataLossAllowed: false };
  const thing = { ...about, region: home, data, token: { epoch: 2, attempt: 1 } };
  const handlers = promoteHandlers(clients.with({ callDeadlineMs: 1 }), places, clients);

  const state = await handlers['read:promote'](thing);
  await handlers['write:promote'](thing);

  expect(state).toMatchObject({ writer: 'oregon' });
  expect(seen.map(({ body }) => JSON.parse(body).action)).toEqual(['read', 'promote']);
});

test('a request that is still waited for is not sent beside itself; another one is', async () => {
  const { clients, seen } = await standIn([home], (_seen, response) => {
    setTimeout(() => response.end('{"wanted":1,"ready":1}'), 50);
  });
  const hook = new LambdaHook(clients);
  const ask = (site: string) => hook.ask(home, 'grow', { action: 'read', site });

  const answers = await Promise.all([ask('oregon'), ask('oregon'), ask('virginia')]);
  await ask('oregon');

  expect(answers).toEqual(Array(3).fill({ wanted: 1, ready: 1 }));
  expect(seen.map(({ body }) => JSON.parse(body).site)).toEqual(['oregon', 'virginia', 'oregon']);
});

test('a connection that breaks is no reason to send again: the function may still run', async () => {
  const { clients, seen } = await standIn([home], (_seen, response) => {
    response.destroy();
  });

  const fault = await faultOf(() => new LambdaHook(clients).ask(home, 'grow', { action: 'set' }));

  expect(fault).toEqual({ kind: 'timeout', detail: expect.stringContaining('may still run') });
  expect(seen).toHaveLength(1);
});

test('one that gives no answer in its time is not sent again, and is told as such', async () => {
  const { clients, seen } = await standIn([home], () => {});
  const hook = new LambdaHook(clients.with({ callDeadlineMs: () => 200 }));

  const fault = await faultOf(() => hook.ask(home, 'grow', { action: 'set' }));

  expect(fault.kind).toBe('timeout');
  expect(seen.length).toBeLessThanOrEqual(1);
});
