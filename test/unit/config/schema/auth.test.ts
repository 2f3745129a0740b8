import { expect, test } from 'vitest';
import { lintDeployment } from '../../../../src/config/lint/lint.ts';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { applyOverrides } from '../../../../src/scenario/overrides.ts';
import { complaintsOf, shop } from '../shop.fixture.ts';

const path = 'services.web.sites.virginia.probes';
const page = { type: 'https', url: 'https://virginia.shop.example/healthz' };

function read(more: object) {
  return parseDeploymentValue(applyOverrides(shop, { [path]: [{ ...page, ...more }] }), 'c.yaml');
}

test.each([
  { bearer: { secret: 'shop/probe' } },
  { basic: { secret: 'probe@shop' } },
  { basic: { parameter: '/shop/probe' } },
])('takes %j', (auth) => {
  expect(read({ auth }).services.web?.sites.virginia?.probes[0]).toMatchObject({ auth });
});

test.each([
  [{}, 'either `bearer` or `basic`'],
  [{ bearer: { secret: 'a' }, basic: { secret: 'a' } }, 'either `bearer` or `basic`'],
  [{ bearer: {} }, 'either `secret` or `parameter`'],
  [{ bearer: { secret: 'a', parameter: '/a' } }, 'either `secret` or `parameter`'],
  [{ bearer: { parameter: 'shop/probe' } }, 'write /shop/probe'],
  [{ bearer: { parameter: '/aws/reference/secretsmanager/a' } }, 'the name of a parameter'],
  [
    { basic: { secret: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:shop/probe-AbCd12' } },
    'write secret: shop/probe, and replicate it to each control region',
  ],
  [
    { basic: { parameter: 'arn:aws:ssm:us-east-1:111122223333:parameter/shop/probe' } },
    'write parameter: /shop/probe, and make it in each control region',
  ],
  [{ username: 'probe' }, 'write basic: { secret: NAME }'],
])('refuses %j: %s', (auth, says) => {
  expect(complaintsOf(() => read({ auth })).join('\n')).toContain(says);
});

test('refuses a header Authorization beside it, and a guessed key', () => {
  const both = { auth: { bearer: { secret: 'a' } }, headers: { authorization: 'Bearer x' } };

  expect(complaintsOf(() => read(both)).join('\n')).toContain('nothing where `auth` is set');
  expect(complaintsOf(() => read({ basicAuth: 'probe:sesame' })).join('\n')).toContain(
    'auth: { basic: { secret: NAME }',
  );
});

const auth = { bearer: { secret: 'shop/probe' } };
const clear = { type: 'http', url: 'http://virginia.shop.example/healthz' };

test.each([
  ['over TLS', { auth }, []],
  ['in the clear', { ...clear, auth }, ['secret-in-clear']],
  ['on this machine', { type: 'http', url: 'http://127.0.0.1:8080/', auth }, []],
  ['a header over TLS', { headers: { Authorization: 'Bearer x' } }, ['secret-in-configuration']],
  [
    'a header in the clear',
    { ...clear, headers: { Authorization: 'Bearer x' } },
    ['secret-in-clear', 'secret-in-configuration'],
  ],
])('a secret that is sent %s: %j', (_, more, names) => {
  const found = lintDeployment(read(more)).map(({ name }) => name);

  expect(found.filter((name) => name.startsWith('secret-in-'))).toEqual(names);
});
