import type { ServerResponse } from 'node:http';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { expect, it, test } from 'vitest';
import { authorizationOf } from '../../../src/adapters/aws/probe/authorization.ts';
import { probeAuthorized } from '../../../src/adapters/aws/probe/authorized-prober.ts';
import { Secrets, secretAgeMsMax, secretPauseMs } from '../../../src/adapters/aws/probe/secrets.ts';
import { type HttpAuth, type HttpProbe, plainProbe } from '../../../src/core/model/probe.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { faultOf, jsonError, standIn } from '../../support/stand-in.ts';
import { startTarget } from '../../unit/adapters/net/target.ts';

const region = 'us-east-1';
/** Far off, so that a busy machine does not end a probe first. */
const answerMs = 60_000;
const bearer: HttpAuth = { bearer: { secret: 'shop/probe' } };
const reference = { secret: 'shop/probe' };

/** Parameter Store, with what it answers when it is asked for the n-th time. */
function keeping(answer: (response: ServerResponse, index: number) => void) {
  return standIn([region], (_, response, index) => answer(response, index));
}

function give(response: ServerResponse, value: string): void {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify({ Parameter: { Value: value } }));
}

/** A page that answers by the token in the request. */
function startPage(answer: (token: string) => { readonly status: number; readonly body: string }) {
  return startTarget((socket) =>
    socket.once('data', (bytes) => {
      const token = /^Authorization: (.*)\r$/m.exec(bytes.toString())?.[1] ?? 'none';
      const { status, body } = answer(token);
      socket.end(`HTTP/1.1 ${status} X\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    }),
  );
}

const demanding = (wanted: string) =>
  startPage((token) => (token === wanted ? { status: 200, body: 'ok' } : { status: 401, body: 'no' }));

function pageProbe(port: number, more: Partial<HttpProbe> = {}): HttpProbe {
  return { ...plainProbe(`http://127.0.0.1:${port}/healthz`, answerMs, 'ok'), ...more };
}

describeOnMoto('a SecureString, by moto', [region], (clients) => {
  it('is read decrypted, in the own region', async () => {
    const put = { Name: '/shop/probe', Value: 'probe:sesame', Type: 'SecureString' as const };
    await clients().of(SSMClient, region).send(new PutParameterCommand(put));
    const secrets = new Secrets(clients(), { monotonicMs: () => 0 }, region);

    expect(await secrets.read({ parameter: '/shop/probe' })).toBe('probe:sesame');
    expect((await faultOf(() => secrets.read({ parameter: '/shop/other' }))).kind).toBe('invalid');
  });
});

test('a secret of Secrets Manager is asked for through Parameter Store, and decrypted', async () => {
  const { clients, seen } = await keeping((response) => give(response, 'sesame\n'));

  expect(await new Secrets(clients, { monotonicMs: () => 0 }, region).read(reference)).toBe('sesame');
  expect(seen.map(({ body }) => JSON.parse(body))).toEqual([
    { Name: '/aws/reference/secretsmanager/shop/probe', WithDecryption: true },
  ]);
});

test('is read again after a while, and kept where it cannot be', async () => {
  let nowMs = 0;
  const { clients, seen } = await keeping((response, index) =>
    index === 1 ? jsonError(response, 'InternalServerError', 500) : give(response, `value ${index}`),
  );
  const secrets = new Secrets(clients, { monotonicMs: () => nowMs }, region);
  const values: string[] = [];

  for (const ms of [0, secretAgeMsMax - 1, secretAgeMsMax, secretAgeMsMax + 1, secretAgeMsMax + secretPauseMs]) {
    nowMs = ms;
    values.push(await secrets.read(reference));
  }

  expect(values).toEqual(['value 0', 'value 0', 'value 0', 'value 0', 'value 2']);
  expect(seen).toHaveLength(3);
});

test.each([
  ['a token', bearer, 'sesame', 'Bearer sesame'],
  ['a token in JSON', bearer, '{"token":"sesame"}', 'Bearer sesame'],
  ['user and password', { basic: reference }, 'probe:se:same', 'Basic cHJvYmU6c2U6c2FtZQ=='],
  ['JSON of both', { basic: reference }, '{"username":"probe","password":"sésame"}', 'Basic cHJvYmU6c8Opc2FtZQ=='],
])('makes the header of %s', (_, auth, secret, header) => {
  expect(authorizationOf(auth as HttpAuth, secret).header).toBe(header);
});

test.each([
  ['two lines', bearer, 'sesame\r\nHost: x'],
  ['a token with a space', bearer, 'open sesame'],
  ['JSON without a token', bearer, '{"key":"sesame"}'],
  ['a password alone', { basic: reference }, 'sesame'],
  ['no user', { basic: reference }, ':sesame'],
  ['JSON without a password', { basic: reference }, '{"username":"sesame"}'],
])('refuses %s without a word of it', async (_, auth, secret) => {
  const fault = await faultOf(async () => authorizationOf(auth as HttpAuth, secret));

  expect(fault).toEqual({ kind: 'invalid', detail: expect.not.stringContaining('sesame') });
});

test('a page that wants to know who asks is asked with the secret', async () => {
  const { clients, seen } = await keeping((response) => give(response, 'sesame'));
  const { port } = await demanding('Bearer sesame');
  const secrets = new Secrets(clients, { monotonicMs: () => 0 }, region);

  const first = await probeAuthorized(pageProbe(port), bearer, secrets);
  const second = await probeAuthorized(pageProbe(port, { method: 'POST', send: 'x' }), bearer, secrets);

  expect([first.outcome, second.outcome]).toEqual(['pass', 'pass']);
  expect(seen).toHaveLength(1);
});

test('a secret that was rotated is read again after a 401, and tried at once', async () => {
  let nowMs = 0;
  const { clients } = await keeping((response, index) => give(response, index === 0 ? 'old' : 'new'));
  const secrets = new Secrets(clients, { monotonicMs: () => nowMs }, region);
  await secrets.read(reference);
  const { port } = await demanding('Bearer new');

  nowMs = secretPauseMs;

  expect((await probeAuthorized(pageProbe(port), bearer, secrets)).outcome).toBe('pass');
});

test('a site that does not take the newest secret is unknown; where 401 is expected, it passes', async () => {
  const { clients } = await keeping((response) => give(response, 'sesame'));
  const secrets = new Secrets(clients, { monotonicMs: () => 0 }, region);
  const { port } = await demanding('Bearer other');
  const expecting = { expect: { status: [[401, 401]], role: 'any' } } as const;

  expect(await probeAuthorized(pageProbe(port), bearer, secrets)).toEqual({
    outcome: 'unknown',
    detail: 'status 401: the site does not take the secret shop/probe in us-east-1',
  });
  expect((await probeAuthorized(pageProbe(port, expecting), bearer, secrets)).outcome).toBe('pass');
});

test.each([
  ['AccessDeniedException', 'denied'],
  ['ParameterNotFound', 'invalid'],
  ['ThrottlingException', 'throttled'],
])('a secret that cannot be read is unknown (%s)', async (code, kind) => {
  const { clients } = await keeping((response) => jsonError(response, code));
  const { port, connectionCount } = await demanding('Bearer sesame');
  const secrets = new Secrets(clients, { monotonicMs: () => 0 }, region);

  expect(await probeAuthorized(pageProbe(port), bearer, secrets)).toEqual({
    outcome: 'unknown',
    detail: expect.stringContaining(`the secret shop/probe in us-east-1 cannot be used: ${kind}: ${code}`),
  });
  expect(connectionCount()).toBe(0);
});

/** A process that stood still at the deadline says `unknown`, as it should; on a busy machine it is asked again. */
const byDeadline = { retry: 10 };

test('a secret that does not come in time is unknown, a site that says nothing a failure', byDeadline, async () => {
  const silent = await keeping(() => undefined);
  const { clients } = await keeping((response) => give(response, 'sesame'));
  const site = await startTarget(() => undefined);
  const known = new Secrets(clients, { monotonicMs: () => 0 }, region);
  await known.read(reference);
  const hasty = pageProbe(site.port, { timeoutMs: 300 });

  const unread = await probeAuthorized(hasty, bearer, new Secrets(silent.clients, { monotonicMs: () => 0 }, region));
  const unanswered = await probeAuthorized(hasty, bearer, known);

  expect(unread).toMatchObject({ outcome: 'unknown', detail: expect.stringContaining('timeout') });
  expect(unanswered).toMatchObject({ outcome: 'fail', reason: 'timeout' });
});

test.each<[string, HttpAuth, string]>([
  ['bearer', bearer, 'sesame'],
  ['basic', { basic: reference }, 'probe:sesame'],
])('a page that repeats what it was sent gives nothing away (%s)', async (_, auth, secret) => {
  const { clients } = await keeping((response) => give(response, secret));
  const { port } = await startPage((token) => ({ status: 200, body: `no: ${token} sesame` }));

  const seen = await probeAuthorized(pageProbe(port), auth, new Secrets(clients, { monotonicMs: () => 0 }, region));

  expect(seen).toMatchObject({ outcome: 'fail', reason: 'wrong-body', saw: expect.stringContaining('***') });
  expect(JSON.stringify(seen)).not.toMatch(/sesame|cHJvYmU6/);
});
