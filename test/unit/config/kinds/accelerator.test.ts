import { expect, test } from 'vitest';
import { ConfigError } from '../../../../src/config/config-error.ts';
import { openFindings } from '../../../../src/config/lint/lint.ts';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { applyOverrides, type Overrides } from '../../../../src/scenario/overrides.ts';
import { shop } from '../shop.fixture.ts';

const arn = (id: string, listener = '0123vxyz') =>
  `arn:aws:globalaccelerator::111122223333:accelerator/1234abcd/listener/${listener}/endpoint-group/${id}`;
const web = 'services.web';
const groups = { virginia: arn('va1'), oregon: arn('or1') };
const accelerated = (endpointGroupArns: Readonly<Record<string, string>>, more: Overrides = {}): Overrides => ({
  'notify.emails': ['oncall@shop.example'],
  [`${web}.traffic`]: { accelerator: { endpointGroupArns } },
  ...more,
});

/** The same with endpoints, and other groups. */
const weighed = (
  endpointIds: Readonly<Record<string, string | readonly string[]>>,
  others: Readonly<Record<string, string>> = {},
  more: Overrides = {},
): Overrides =>
  accelerated(groups, {
    [`${web}.traffic`]: { accelerator: { endpointGroupArns: { ...groups, ...others }, endpointIds } },
    ...more,
  });
const range = (count: number, first = 0) => Array.from({ length: count }, (_, index) => `i-${first + index}`);

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
  ['beside DNS', { [`${web}.traffic`]: { ...shop.services.web?.traffic, accelerator: { endpointGroupArns: groups } } }],
])('an accelerator is accepted: %s', (_, more) => {
  expect(read(accelerated(groups, more))).toMatchObject({
    services: { web: { traffic: { accelerator: { endpointGroupArns: groups } } } },
  });
});

test('two sites of one region share a group when each has endpoints', () => {
  const elb = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/right/0123456789abcdef';
  const endpointIds = { virginia: ['i-1', 'eipalloc-2'], oregon: elb };
  const deployment = read(
    weighed(endpointIds, { oregon: groups.virginia }, { [`${web}.sites.oregon.region`]: 'us-east-1' }),
  );

  expect(deployment).toMatchObject({
    services: {
      web: { traffic: { accelerator: { endpointIds: { virginia: ['i-1', 'eipalloc-2'], oregon: [elb] } } } },
    },
  });
});

test.each<[string, Overrides, string]>([
  ['no group for a site', accelerated({ virginia: groups.virginia }), 'write oregon: arn:aws:globalaccelerator::'],
  ['a group for a stranger', accelerated({ ...groups, ohio: arn('oh1') }), 'a site of the service: virginia, oregon'],
  ['one group for two sites', accelerated({ virginia: arn('va1'), oregon: arn('va1') }), 'one group has one dial'],
  ['two listeners', accelerated({ ...groups, oregon: arn('or1', 'other') }), 'endpoint groups of one listener'],
  [
    'two sites of one region',
    accelerated(groups, { [`${web}.sites.oregon.region`]: 'us-east-1' }),
    'give sites of one region the same',
  ],
  [
    'one group for two regions, with endpoints',
    weighed({ virginia: ['i-1'], oregon: ['i-2'] }, { oregon: groups.virginia }),
    'a site in us-west-2, and virginia in us-east-1, in one group, allowed one endpoint group for each region',
  ],
  ['no endpoints for a site', weighed({ virginia: ['i-1'] }), 'none of oregon, allowed endpoints for every site'],
  ['an endpoint of two sites', weighed({ virginia: ['i-1'], oregon: 'i-1' }), 'one endpoint has one weight'],
  [
    'a name as an endpoint',
    weighed({ virginia: 'virginia.shop.example', oregon: 'i-2' }),
    'the ARN of a load balancer, an instance id or an allocation id',
  ],
  [
    'eleven endpoints in one group',
    weighed(
      { virginia: range(6), oregon: range(5, 6) },
      { oregon: groups.virginia },
      { [`${web}.sites.oregon.region`]: 'us-east-1' },
    ),
    '11 of one group, allowed 10 or fewer',
  ],
  ['a pool', accelerated(groups, { [`${web}.mode`]: 'active-active' }), 'a dial is a part of what comes from near'],
  [
    'an ARN of a listener',
    accelerated({ ...groups, oregon: arn('x').split('/endpoint')[0] ?? '' }),
    'the ARN of an endpoint group',
  ],
  [
    'the group of another service',
    accelerated(groups, {
      'services.api': { ...shop.services.web, traffic: { accelerator: { endpointGroupArns: groups } } },
    }),
    'what no other service steers; web does',
  ],
])('an accelerator with %s is refused: %#', (_, overrides, says) => {
  expect(read(overrides)).toContain(says);
});

/** Names of the findings about an accelerator. */
function findingsOf(overrides: Overrides): readonly string[] {
  const deployment = read(overrides);
  if (typeof deployment === 'string') return expect.fail(deployment);
  return openFindings(deployment).flatMap(({ name }) => (name.startsWith('accelerator') ? name : []));
}

test('a site where the control plane is has a finding, and one elsewhere none', () => {
  const elsewhere = { [`${web}.sites.oregon.region`]: 'us-east-2' };

  expect(findingsOf(accelerated(groups))).toEqual(['accelerator-control-plane']);
  expect(findingsOf(accelerated(groups, elsewhere))).toEqual([]);
});

test('data behind an accelerator has a finding', () => {
  const data = { kind: 'custom', functions: { virginia: 'promote', oregon: 'promote' } };

  expect(findingsOf(accelerated(groups, { [`${web}.data`]: data }))).toContain('accelerator-fails-over');
});
