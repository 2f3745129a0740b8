import { expect, test } from 'vitest';
import { parseShape } from '../../../../src/config/loader.ts';
import type { HttpProbe } from '../../../../src/core/model/probe.ts';
import { applyOverrides } from '../../../../src/scenario/overrides.ts';
import { complaintsOf, shop } from '../shop.fixture.ts';

const path = 'services.web.sites.virginia.probes';
const plain = { type: 'https', url: 'https://virginia.shop.example/healthz' };

function read(probe: object) {
  return parseShape(applyOverrides(shop, { [path]: [{ ...plain, ...probe }] }), 'c.yaml');
}

function probeIn(probe: object): HttpProbe {
  return read(probe).services.web?.sites.virginia?.probes[0] as HttpProbe;
}

test.each([
  [204, [[204, 204]]],
  ['200', [[200, 200]]],
  ['200-399', [[200, 399]]],
  ['2xx', [[200, 299]]],
  [
    [200, 204],
    [
      [200, 200],
      [204, 204],
    ],
  ],
  [
    ['3xx', '2XX', 404],
    [
      [200, 399],
      [404, 404],
    ],
  ],
  [[[301, 308]], [[301, 308]]],
])('reads the statuses %j as ranges', (status, expected) => {
  expect(probeIn({ expect: { status } }).expect.status).toEqual(expected);
});

test.each([99, 600, '2x', '399-200', '200,204', [], [[200]], [[200, 300, 400]], [200.5], true])(
  'refuses the statuses %j and says what is allowed',
  (status) => {
    const [line] = complaintsOf(() => read({ expect: { status } }));

    expect(line).toContain('expect.status');
    expect(line).toContain('a range such as 200-399, a class such as 2xx, or a list of these');
  },
);

test.each([
  ['ok', 'ok'],
  ['/', '/'],
  ['/"status":\\s*"UP"/', { regex: '"status":\\s*"UP"', ignoreCase: false }],
  ['/up/i', { regex: 'up', ignoreCase: true }],
  [{ regex: '/x/' }, { regex: '/x/', ignoreCase: false }],
])('reads the body %j', (body, expected) => {
  expect(probeIn({ expect: { body } }).expect.body).toEqual(expected);
});

test('makes of the header Host the name that is asked for', () => {
  const probe = probeIn({ headers: { HOST: 'www.shop.example', 'X-Api-Key': 'abc' } });

  expect(probe).toMatchObject({ host: 'www.shop.example', headers: { 'X-Api-Key': 'abc' } });
});

test('reads what it has made of a probe again, to the same', () => {
  const written = {
    host: 'www.shop.example',
    headers: { 'X-Api-Key': 'abc' },
    expect: { status: ['2xx', 404], body: '/up/i', json: { 'a.b[0]': null } },
  };
  const made = probeIn(written);

  expect(probeIn(made)).toEqual(made);
});

test.each<[object, string, string]>([
  [{ headers: { 'Content-Length': '5' } }, 'headers.Content-Length', 'no Content-Length: it follows from `send`'],
  [{ headers: { connection: 'keep-alive' } }, 'headers.connection', 'each probe has a new connection'],
  [{ headers: { 'Transfer-Encoding': 'chunked' } }, 'headers.Transfer-Encoding', 'sent as a whole'],
  [{ headers: { 'Accept-Encoding': 'gzip' } }, 'headers.Accept-Encoding', 'read as it is sent'],
  [{ headers: { 'A B': 'x' } }, 'headers', 'the name of a header'],
  [{ headers: { A: 'x\r\nB: y' } }, 'headers.A', 'on one line'],
  [{ headers: { A: 'x', a: 'y' } }, 'headers.A', 'each header once'],
  [{ headers: { Host: 'a b' } }, 'headers.Host', 'a host name'],
  [{ headers: { Host: 'one.example' }, host: 'two.example' }, 'headers.Host', 'nothing where `host` is set'],
  [{ host: 'https://www.shop.example' }, 'host', 'a host name'],
  [{ serverName: '203.0.113.10' }, 'serverName', 'a host name'],
  [{ type: 'http', url: 'http://a.example/', serverName: 'b.example' }, 'serverName', 'has no TLS'],
  [{ method: 'HEAD', expect: { body: 'ok' } }, 'expect.body', 'its answer has no body'],
  [{ method: 'HEAD', expect: { json: { a: 1 } } }, 'expect.json', 'its answer has no body'],
  [{ method: 'DELETE' }, 'method', 'GET, HEAD, POST or OPTIONS'],
  [{ send: 'x' }, 'send', 'method: POST'],
  [{ canary: 'write', method: 'HEAD' }, 'method', 'which is a POST'],
  [{ canary: 'write', followRedirects: true }, 'followRedirects', 'false for a POST'],
  [{ expect: { body: '/(a)\\1/' } }, 'expect.body', 'refers back'],
  [{ expect: { body: { regex: '(a' } } }, 'expect.body', 'a ( without its )'],
  [{ expect: { json: { checks: { db: true } } } }, 'expect.json.checks', 'write the whole path: checks.db.ok'],
  [{ expect: { json: { 'a..b': 1 } } }, 'expect.json', 'a path of keys and indexes'],
])('refuses %j at %s: %s', (probe, key, why) => {
  const lines = complaintsOf(() => read(probe));

  expect(lines.join('\n')).toContain(`${path}.0.${key}`);
  expect(lines.join('\n')).toContain(why);
});

const grpc = { type: 'grpc', host: 'virginia.shop.example', port: 50051 };

function readGrpc(more: object) {
  return parseShape(applyOverrides(shop, { [path]: [{ ...grpc, ...more }] }), 'c.yaml');
}

test('a gRPC probe asks for the server as a whole over TLS, unless it says otherwise', () => {
  const probe = (more: object) => readGrpc(more).services.web?.sites.virginia?.probes[0];

  expect(probe({})).toMatchObject({ service: '', tls: true, timeoutMs: 1_500 });
  expect(probe({ tls: false, service: 'shop.v1.Orders', authority: 'Orders.shop.example:443' })).toMatchObject({
    service: 'shop.v1.Orders',
    tls: false,
    authority: 'orders.shop.example:443',
  });
});

test.each([
  [{ tls: false, serverName: 'www.shop.example' }, 'nothing with tls: false, or authority'],
  [
    { tls: false, authorityPem: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' },
    'nothing with tls: false',
  ],
  [{ host: 'virginia.shop.example:50051' }, 'host: virginia.shop.example and port: 50051'],
])('a gRPC probe with %j is refused: %s', (more, says) => {
  expect(complaintsOf(() => readGrpc(more)).join('\n')).toContain(says);
});
