import { expect, test } from 'vitest';
import { ConfigError } from '../../../../src/config/config-error.ts';
import { openFindings } from '../../../../src/config/lint/lint.ts';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { recoveryBound } from '../../../../src/core/timing.ts';
import { applyOverrides, type Overrides } from '../../../../src/scenario/overrides.ts';
import { shop } from '../shop.fixture.ts';

const arn = (id: string) => `arn:aws:route53-recovery-control::111122223333:controlpanel/0123abcd/routingcontrol/${id}`;
const web = 'services.web';
const regions = ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-northeast-1', 'ap-southeast-2'];
const endpoints = Object.fromEntries(regions.map((region) => [region, `https://host-a.${region}.example/v1`]));
const { 'us-east-1': _left, ...fewer } = endpoints;
const arns = { virginia: arn('va1'), oregon: arn('or1') };
const controlled = (routingControlArns: Readonly<Record<string, string>>, more: Overrides = {}): Overrides => ({
  [`${web}.traffic`]: { controls: { endpoints, routingControlArns } },
  ...more,
});

/** The shop with these changes, or what is said of it. */
function read(overrides: Overrides) {
  try {
    return parseDeploymentValue(applyOverrides(shop, overrides), 'c.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

test.each([
  ['alone', {}],
  [
    'for a site outside AWS',
    { [`${web}.sites.oregon`]: { ...shop.services.web?.sites.oregon, region: undefined, location: 'dc' } },
  ],
])('routing controls are accepted: %s', (_, more) => {
  expect(read(controlled(arns, more))).toMatchObject({
    services: { web: { traffic: { controls: { routingControlArns: arns, ttlSeconds: 60 } } } },
  });
});

test.each([
  [60, []],
  [61, ['long-ttl']],
])('a TTL of %i s behind routing controls has the findings %j', (ttlSeconds, names) => {
  const traffic = { controls: { endpoints, routingControlArns: arns, ttlSeconds } };
  const deployment = read({ [`${web}.traffic`]: traffic, 'notify.emails': ['oncall@shop.example'] });
  if (typeof deployment === 'string') return expect.fail(deployment);

  expect(openFindings(deployment).flatMap(({ name }) => (name === 'long-ttl' ? name : []))).toEqual(names);
});

test('the bound on a recovery reckons with a check and the TTL of the records', () => {
  const boundOf = (ttlSeconds: number) => {
    const deployment = read({ [`${web}.traffic`]: { controls: { endpoints, routingControlArns: arns, ttlSeconds } } });
    const service = typeof deployment === 'string' ? undefined : deployment.services.web;
    if (service === undefined) return expect.fail(String(deployment));
    return recoveryBound({ name: 'web', ...service }).shiftMs;
  };

  expect(boundOf(90) - boundOf(30)).toBe(60_000);
});

test.each<[string, Overrides, string]>([
  ['none for a site', controlled({ virginia: arns.virginia }), 'write oregon: arn:aws:route53-recovery-control::'],
  ['one for a stranger', controlled({ ...arns, ohio: arn('oh1') }), 'a site of the service: virginia, oregon'],
  ['one for two sites', controlled({ virginia: arn('va1'), oregon: arn('va1') }), 'one control has one state'],
  ['a pool', controlled(arns, { [`${web}.mode`]: 'active-active' }), 'one control is on at a time'],
  [
    'an ARN of a panel',
    controlled({ ...arns, oregon: arn('x').split('/rout')[0] ?? '' }),
    'the ARN of a routing control',
  ],
  [
    'four endpoints',
    {
      [`${web}.traffic`]: {
        controls: { endpoints: fewer, routingControlArns: arns },
      },
    },
    'the 5 endpoints of the cluster; take them from "aws route53-recovery-control-config describe-cluster',
  ],
  [
    'an endpoint that is no URL',
    {
      [`${web}.traffic`]: { controls: { endpoints: { ...endpoints, 'us-east-1': 'host' }, routingControlArns: arns } },
    },
    'the URL of a cluster endpoint',
  ],
  [
    'that of another service',
    controlled(arns, {
      'services.api': { ...shop.services.web, traffic: { controls: { endpoints, routingControlArns: arns } } },
    }),
    'what no other service turns; web does',
  ],
  ['the key of another tool', { [`${web}.traffic`]: { arc: {} } }, 'write controls: { endpoints:'],
])('routing controls with %s are refused: %#', (_, overrides, says) => {
  expect(read(overrides)).toContain(says);
});
