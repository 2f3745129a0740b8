import { expect, test } from 'vitest';
import { ConfigError } from '../../../../src/config/config-error.ts';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { recoveryBound } from '../../../../src/core/timing.ts';
import { applyOverrides, type Overrides } from '../../../../src/scenario/overrides.ts';
import { zonedPool } from './zonal.fixture.ts';

const web = 'services.web';
const at = `${web}.traffic.zonal`;
const balancer = (name: string, region = 'us-east-1') =>
  `arn:aws:elasticloadbalancing:${region}:111122223333:loadbalancer/net/${name}/0123456789abcdef`;

/** The pool with these changes, or what is said of it. */
function read(overrides: Overrides = {}) {
  try {
    return parseDeploymentValue(applyOverrides(zonedPool, overrides), 'c.yaml');
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

test('a pool of zones takes its region from the load balancer, and twelve hours for a shift', () => {
  expect(read()).toMatchObject({
    services: { web: { traffic: { zonal: { region: 'us-east-1', expiryMs: 43_200_000 } } } },
  });
});

test('the bound counts the step and the TTL of a load balancer', () => {
  const deployment = read();
  if (typeof deployment === 'string') return expect.fail(deployment);
  const { web: service } = deployment.services;
  if (service === undefined) return expect.fail('no service');

  const { shiftMs } = recoveryBound({ name: 'web', ...service });

  expect(shiftMs).toBeGreaterThanOrEqual(service.failover.stepTimeoutMs + 60_000);
});

test.each<[string, Overrides, string]>([
  ['active-passive', { [`${web}.mode`]: 'active-passive' }, 'ARC shifts away from one zone, and never to one'],
  ['a site that never serves', { [`${web}.sites.c.priority`]: 0 }, 'sites of priority 1 and more'],
  ['a reserve', { [`${web}.sites.c.reserve`]: true }, 'a reserve among zones of one balancer, allowed none'],
  ['a site without a zone', { [`${at}.zoneIds`]: { a: 'use1-az1', b: 'use1-az2' } }, 'write c: its zone'],
  ['one zone for two sites', { [`${at}.zoneIds.b`]: 'use1-az1' }, 'another zone than that of a'],
  ['the name of a zone', { [`${at}.zoneIds.b`]: 'us-east-1b' }, 'another zone in each account'],
  ['a site of another region', { [`${web}.sites.c.region`]: 'us-east-2' }, 'sites in us-east-1'],
  ['a region that does not vote', { [`${at}.region`]: 'eu-west-1' }, 'a control region'],
  [
    'a load balancer of another region',
    { [`${at}.resourceArns`]: [balancer('one'), balancer('two', 'us-east-2')] },
    'load balancers of us-east-1',
  ],
  [
    'a target group',
    { [`${at}.resourceArns`]: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/a/0123' },
    'an Application or a Network Load Balancer',
  ],
  ['a shift of four days', { [`${at}.expiryMs`]: '96h' }, 'allowed 30m to 72h'],
  [
    'DNS beside it',
    {
      [`${web}.traffic.dns`]: {
        zone: { id: 'Z0EXAMPLE', name: 'shop.example' },
        record: 'www.shop.example',
        addresses: { a: { a: '203.0.113.10' }, b: { a: '203.0.113.11' }, c: { a: '203.0.113.12' } },
      },
    },
    'zonal beside dns',
  ],
  ['a name that people write', { [`${web}.traffic`]: { zonalShift: {} } }, 'write zonal: { resourceArns'],
  [
    'the load balancer of another service',
    { 'services.api': { ...zonedPool.services.web } },
    'one that no other service shifts; web does',
  ],
])('zonal shifts with %s are refused: %#', (_, overrides, says) => {
  expect(read(overrides)).toContain(says);
});
