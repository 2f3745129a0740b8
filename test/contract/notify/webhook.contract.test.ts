import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import { webhookChannel } from '../../../src/adapters/aws/notify/webhook.ts';
import { newEvent } from '../../../src/core/alerting/event.ts';
import { eventDetailOf } from '../../../src/core/alerting/event-detail.ts';
import type { Webhook } from '../../../src/core/model/notify.ts';
import { type SecretReference, secretName } from '../../../src/core/model/probe.ts';
import { type Answering, faultOf, type Seen, standIn } from '../../support/stand-in.ts';

const down = newEvent('verdict-changed', 'web', 'left is down', { site: 'left', data: { verdict: 'down' } });
const event = eventDetailOf({
  deployment: 'shop',
  region: 'us-east-1',
  id: 'msg_1',
  atMs: 1_700_000_000_000,
  event: down,
});
const key = Buffer.alloc(24, 7);
const keyText = `whsec_${key.toString('base64')}`;
const atMs = 1_700_000_060_500;

/** A receiver on this machine, and the channel to it; waits are noted, and cost no time. */
async function open(
  answer: Answering,
  webhookAt: (url: string) => Webhook = (url) => ({ format: 'json', url, signingKey: { secret: 'key' } }),
  secrets: Readonly<Record<string, string>> = { 'secret key': keyText },
) {
  const { url, seen } = await standIn([], answer);
  const waits: number[] = [];
  const channel = webhookChannel(webhookAt(`${url}/in`), {
    rng: { next: () => 0.5 },
    clock: {
      wallMs: () => atMs,
      monotonicMs: () => waits.reduce((sum, ms) => sum + ms, 0),
      sleep: async (ms) => {
        waits.push(ms);
      },
    },
    secrets: {
      read: async (reference: SecretReference) => secrets[secretName(reference)]?.replace('URL', `${url}/in`) ?? 'none',
    },
  });
  return { send: () => channel.send(event), seen, waits, name: channel.name };
}

const ok: Answering = (_seen, response) => response.writeHead(204).end();
const answering =
  (...statuses: readonly number[]): Answering =>
  (_seen, response, index) =>
    response.writeHead(statuses[index] ?? 200).end();

/** How a receiver checks a message. Source: Standard Webhooks 1.0.0, "Verifying signatures". */
function isSigned({ headers, body }: Seen, by: Buffer): boolean {
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const signature = `v1,${createHmac('sha256', by).update(content).digest('base64')}`;
  return String(headers['webhook-signature']).split(' ').includes(signature);
}

it('posts the event, signed, with its id and the time of the attempt', async () => {
  const { send, seen } = await open(ok);

  await send();

  const [one] = seen;
  expect(seen).toHaveLength(1);
  expect(one).toMatchObject({ method: 'POST', path: '/in' });
  expect(one?.headers).toMatchObject({
    'content-type': 'application/json',
    'webhook-id': 'msg_1',
    'webhook-timestamp': '1700000060',
  });
  expect(JSON.parse(one?.body ?? '')).toMatchObject({ type: 'failover.verdict_changed', data: { id: 'msg_1' } });
  expect(one && isSigned(one, key)).toBe(true);
});

it('signs by two keys while one replaces the other', async () => {
  const next = Buffer.alloc(32, 9);
  const { send, seen } = await open(ok, undefined, {
    'secret key': `${keyText} whsec_${next.toString('base64')}`,
  });

  await send();

  expect(seen.map((one) => [isSigned(one, key), isSigned(one, next)])).toEqual([[true, true]]);
});

it.each([
  [[500], 'an error of the server'],
  [[429, 503], 'too many requests, then an error'],
])('tries again after %j (%s), with the same id, and pauses longer each time', async (statuses) => {
  const { send, seen, waits } = await open(answering(...statuses));

  await send();

  expect(seen.map(({ headers }) => headers['webhook-id'])).toEqual([...statuses, 200].map(() => 'msg_1'));
  expect(waits).toEqual([1_000, 2_000].slice(0, statuses.length));
});

it('waits as long as it is asked to', async () => {
  const { send, waits } = await open((_seen, response, index) =>
    index === 0 ? response.writeHead(429, { 'retry-after': '5' }).end() : response.end(),
  );

  await send();

  expect(waits).toEqual([5_000]);
});

it('gives up at once when it is asked to wait beyond its own deadline', async () => {
  const { send, seen, waits } = await open((_seen, response) =>
    response.writeHead(503, { 'retry-after': '3600' }).end(),
  );

  expect((await faultOf(send)).kind).toBe('unavailable');
  expect([seen.length, waits]).toEqual([1, []]);
});

it('gives up after three tries', async () => {
  const { send, seen } = await open(answering(500, 502, 504, 200));

  expect(await faultOf(send)).toEqual({ kind: 'unavailable', detail: expect.stringContaining('answered 504') });
  expect(seen).toHaveLength(3);
});

it.each([
  [400, 'invalid'],
  [401, 'denied'],
  [403, 'denied'],
  [404, 'invalid'],
  [410, 'invalid'],
] as const)('does not repeat what is refused (status %i is %s)', async (status, kind) => {
  const { send, seen } = await open(answering(status));

  expect((await faultOf(send)).kind).toBe(kind);
  expect(seen).toHaveLength(1);
});

it('follows no redirect', async () => {
  const { send, seen } = await open((_seen, response) => response.writeHead(307, { location: '/elsewhere' }).end());

  expect((await faultOf(send)).kind).toBe('invalid');
  expect(seen.map(({ path }) => path)).toEqual(['/in']);
});

it('says of a server that hangs up that it cannot be reached', async () => {
  const { send, seen } = await open((_seen, response) => response.destroy());

  expect(await faultOf(send)).toEqual({ kind: 'unavailable', detail: expect.stringContaining('cannot be reached') });
  expect(seen).toHaveLength(3);
});

it('takes the URL from a secret, and names the secret alone', async () => {
  const slack: Webhook = { format: 'slack', url: { secret: 'chat' } };
  const { send, seen, name } = await open(answering(404), () => slack, { 'secret chat': 'URL/T0/B0/xyz' });

  const { detail } = await faultOf(send);

  expect(seen.map(({ path }) => path)).toEqual(['/in/T0/B0/xyz']);
  expect(name).toBe('webhook of secret chat');
  expect(detail).toBe('webhook of secret chat answered 404');
});

it('sends PagerDuty the routing key of the secret, and no signature', async () => {
  const pager = (url: string): Webhook => ({ format: 'pagerduty', url, routingKey: { parameter: '/pager' } });
  const { send, seen } = await open(ok, pager, { 'parameter /pager': 'R0' });

  await send();

  expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({ routing_key: 'R0', event_action: 'trigger' });
  expect(seen[0]?.headers['webhook-signature']).toBeUndefined();
});

it.each(['whsec_dG9vIHNob3J0', 'plain text', 'http://elsewhere.example'])(
  'sends nothing when a secret is not what it should be (%s)',
  async (secret) => {
    const isUrl = secret.startsWith('http');
    const webhook: Webhook = isUrl
      ? { format: 'slack', url: { secret: 'key' } }
      : { format: 'json', url: 'http://127.0.0.1:9/in', signingKey: { secret: 'key' } };
    const { send } = await open(ok, () => webhook, { 'secret key': secret });

    const fault = await faultOf(send);

    expect(fault.kind).toBe('invalid');
    expect(fault.detail).not.toContain(secret);
  },
);
