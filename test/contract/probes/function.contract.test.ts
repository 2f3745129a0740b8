import { expect, test } from 'vitest';
import { probeFunction } from '../../../src/adapters/aws/probe/function-prober.ts';
import type { FunctionProbe } from '../../../src/core/model/probe.ts';
import { jsonError, type Seen, standIn } from '../../support/stand-in.ts';

const region = 'us-east-1';
const probe: FunctionProbe = {
  type: 'function',
  functionName: 'deep-check',
  region,
  timeoutMs: 60_000,
  corroborating: false,
};

/** Lambda in front of a function that gives this answer, or ends with this error. */
function answering(answer: unknown, headers: Readonly<Record<string, string>> = {}) {
  return standIn([region], (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(answer));
  });
}

async function ask(answer: unknown, headers?: Readonly<Record<string, string>>) {
  const { clients } = await answering(answer, headers);
  return probeFunction(clients, probe);
}

test('invokes the function, or its alias, with its action', async () => {
  const { clients, seen } = await answering({ ok: true });

  await probeFunction(clients, probe);
  await probeFunction(clients, { ...probe, alias: 'live' });

  const asked = ({ path, body }: Seen) => [path, body];
  expect(seen.map(asked)).toEqual([
    ['/2015-03-31/functions/deep-check/invocations', '{"action":"probe"}'],
    ['/2015-03-31/functions/deep-check%3Alive/invocations', '{"action":"probe"}'],
  ]);
});

test('reports what the answer says of the site', async () => {
  expect(await ask({ ok: true, role: 'Standby', lagMs: 120.5, load: 40, ready: false })).toMatchObject({
    outcome: 'pass',
    report: { role: 'standby', replicationLagMs: 120.5, load: 40, ready: false },
  });
});

test.each([{ role: '' }, { role: 1 }, { lagMs: '120' }, { lagMs: -1 }, { load: null }, { ready: 'true' }])(
  'a value that cannot be read is not said (%j)',
  async (said) => {
    expect(await ask({ ok: true, ...said })).toMatchObject({ outcome: 'pass', report: {} });
  },
);

test('ok: false fails with its reason, and still reports', async () => {
  expect(await ask({ ok: false, reason: 'no writes', lagMs: 5 })).toMatchObject({
    outcome: 'fail',
    reason: 'not-ok',
    saw: 'no writes',
    report: { replicationLagMs: 5 },
  });
});

test.each([
  ['it cannot tell', { ok: null, reason: 'no rights' }, 'the function cannot tell: no rights'],
  ['no ok', { statusCode: 200 }, 'the function answered {"statusCode":200}, without ok'],
  ['a text', 'ok', 'the function answered "ok", without ok'],
  ['a list', [true], 'the function answered [true], without ok'],
  ['another word for ok', { ok: 'true' }, 'the function answered {"ok":"true"}, without ok'],
  ['nothing', null, 'the function answered null, without ok'],
])('unknown: %s', async (_, answer, detail) => {
  expect(await ask(answer)).toEqual({ outcome: 'unknown', detail });
});

test.each([
  ['Error', 'fail'],
  ['TypeError', 'fail'],
  ['Sandbox.Timedout', 'unknown'],
  ['Runtime.ImportModuleError', 'unknown'],
  ['Runtime.OutOfMemory', 'unknown'],
])('an end with an error of type %s: %s', async (errorType, expected) => {
  const observation = await ask({ errorType, errorMessage: 'oh' }, { 'x-amz-function-error': 'Unhandled' });

  expect(observation).toMatchObject(
    expected === 'fail'
      ? { outcome: 'fail', reason: 'function-threw', saw: `${errorType}: oh` }
      : { outcome: 'unknown', detail: `Lambda could not run the function to its end: ${errorType}: oh` },
  );
});

test.each([
  ['TooManyRequestsException', 429, 'throttled'],
  ['AccessDeniedException', 403, 'denied'],
  ['ResourceNotFoundException', 404, 'unavailable'],
  ['ServiceException', 500, 'unavailable'],
])('a refusal of Lambda is unknown (%s, status=%i)', async (code, status, kind) => {
  const { clients } = await standIn([region], (_, response) => jsonError(response, code, status));

  expect(await probeFunction(clients, probe)).toEqual({
    outcome: 'unknown',
    detail: expect.stringContaining(`the function deep-check in us-east-1: ${kind}: ${code}`),
  });
});

test('an answer that does not come by the deadline is unknown', async () => {
  const { clients } = await standIn([region], () => undefined);

  expect(await probeFunction(clients, { ...probe, timeoutMs: 300 })).toEqual({
    outcome: 'unknown',
    detail: 'the function deep-check in us-east-1 did not answer within 300 ms',
  });
});
