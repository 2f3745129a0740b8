import { App, CfnParameter, Fn, Lazy, SecretValue, Stack, Token } from 'aws-cdk-lib';
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { expect, test } from 'vitest';
import { parseDeploymentValue, parseShape } from '../../../src/config/loader.ts';
import { applyOverrides } from '../../../src/scenario/overrides.ts';
import { complaintsOf, shop } from './shop.fixture.ts';

const stack = new Stack(new App(), 'Shop');
const parameter = new CfnParameter(stack, 'Number', { type: 'Number' });
const site = 'services.web.sites.virginia';

test.each<[string, string, unknown]>([
  ['a text', `${site}.probes.0.expect.body`, Lazy.string({ produce: () => 'ok' })],
  ['a part of a text', `${site}.probes.0.url`, `https://${Fn.importValue('host')}/healthz`],
  ['a header', `${site}.probes.0.headers.authorization`, SecretValue.secretsManager('x').unsafeUnwrap()],
  ['an item', 'notify.emails.0', Fn.split(',', Fn.ref('Emails'))[0]],
  ['a number', `${site}.priority`, parameter.valueAsNumber],
  ['an item of a list of tokens', 'notify.emails.0', Token.asList(Fn.ref('Emails'))[0]],
])('a token is refused, and the line says what to write instead: %s', (_what, path, token) => {
  const lines = complaintsOf(() => parseShape(applyOverrides(shop, { [path]: token }), 'c.ts'));

  expect(lines).toEqual([
    `c.ts: ${path}: found a token of the CDK, allowed a value that is known when the app is synthesized; the functions carry it in their code: write the id, name or number itself`,
  ]);
});

test('a host that is a token does not become the host of a probe', () => {
  const probe = { type: 'tcp', host: Fn.importValue('host'), port: 443 };

  expect(complaintsOf(() => parseShape(applyOverrides(shop, { [`${site}.probes.0`]: probe }), 'c.ts'))).toEqual([
    expect.stringMatching(/^c\.ts: services\.web\.sites\.virginia\.probes\.0\.host: found a token of the CDK/),
  ]);
});

test('the answer of a look-up that has not looked is no zone', () => {
  const changed = applyOverrides(shop, { 'services.web.traffic.dns.zone.id': 'DUMMY' });

  expect(complaintsOf(() => parseShape(changed, 'c.ts'))).toEqual([
    expect.stringMatching(/zone\.id: found "DUMMY", which a look-up of the CDK says before it has looked/),
  ]);
});

test.each<[string, unknown, string]>([
  [
    'a construct',
    new PublicHostedZone(stack, 'Zone', { zoneName: 'shop.example' }),
    'an object of class PublicHostedZone',
  ],
  ['a Map', new Map([['id', 'Z0EXAMPLE']]), 'an object of class Map'],
  ['a Date', new Date(0), 'an object of class Date'],
])('an object of a class is one line, not one for each of its fields: %s', (_what, zone, found) => {
  const changed = applyOverrides(shop, { 'services.web.traffic.dns.zone': zone });

  expect(complaintsOf(() => parseShape(changed, 'c.ts'))).toEqual([
    // The CDK's own bundler counts on the names of some of its classes.
    expect.stringMatching(
      new RegExp(
        `^c\\.ts: services\\.web\\.traffic\\.dns\\.zone: found ${found}2?, allowed what a YAML file could hold: `,
      ),
    ),
  ]);
});

test('what holds itself ends, and what was checked is read again', () => {
  const itself: Record<string, unknown> = { name: 'shop' };
  itself.services = itself;

  expect(complaintsOf(() => parseShape(itself, 'c.ts'))).not.toEqual([]);
  expect(complaintsOf(() => parseDeploymentValue(parseDeploymentValue(shop, 'c.ts'), 'c.ts'))).toEqual([]);
});
