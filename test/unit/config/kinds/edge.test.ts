import { expect, test } from 'vitest';
import { ConfigError } from '../../../../src/config/config-error.ts';
import { workloadOf } from '../../../../src/config/cost/workload.ts';
import { openFindings } from '../../../../src/config/lint/lint.ts';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { recoveryBound } from '../../../../src/core/timing.ts';
import { applyOverrides, type Overrides } from '../../../../src/scenario/overrides.ts';
import { shop } from '../shop.fixture.ts';

const web = 'services.web';
const storeArn = 'arn:aws:cloudfront::111122223333:key-value-store/01234567-89ab-cdef-0123-456789abcdef';
const originIds = { virginia: 'origin-virginia', oregon: 'origin-oregon' };
const cached = (edge: object = {}, more: Overrides = {}): Overrides => ({
  [`${web}.traffic`]: { edge: { storeArn, key: 'web', originIds, ...edge } },
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

function accepted(overrides: Overrides) {
  const deployment = read(overrides);
  return typeof deployment === 'string' ? expect.fail(deployment) : deployment;
}

test.each([
  ['alone', {}],
  [
    'for a site outside AWS',
    { [`${web}.sites.oregon`]: { ...shop.services.web?.sites.oregon, region: undefined, location: 'dc' } },
  ],
  [
    'beside another service with a key of its own in the same store',
    { 'services.api': { ...shop.services.web, traffic: { edge: { storeArn, key: 'api', originIds } } } },
  ],
])('a key of the edge is accepted: %s', (_, more) => {
  expect(accepted(cached({}, more)).services.web?.traffic.edge).toEqual({ storeArn, key: 'web', originIds });
});

test.each<[string, Overrides, string]>([
  ['no origin of a site', cached({ originIds: { virginia: 'a' } }), 'write oregon: the id of its origin'],
  ['that of a stranger', cached({ originIds: { ...originIds, ohio: 'c' } }), 'a site of the service: virginia, oregon'],
  ['one origin for two sites', cached({ originIds: { virginia: 'a', oregon: 'a' } }), 'would change nothing'],
  ['a pool', cached({}, { [`${web}.mode`]: 'active-active' }), 'the key names one origin at a time'],
  [
    'an ARN of a distribution',
    cached({ storeArn: 'arn:aws:cloudfront::1:distribution/E1' }),
    'the ARN of a key value store',
  ],
  ['a key with a blank', cached({ key: 'the web' }), 'a key, 1 to 512 visible characters'],
  [
    'the key of another service',
    cached({}, { 'services.api': { ...shop.services.web, traffic: { edge: { storeArn, key: 'web', originIds } } } }),
    'what no other service writes; web does',
  ],
  [
    'the key of another tool',
    { [`${web}.traffic`]: { cloudfront: {} } },
    "write edge: { storeArn: 'arn:aws:cloudfront::",
  ],
])('a key of the edge with %s is refused: %#', (_, overrides, says) => {
  expect(read(overrides)).toContain(says);
});

test('a service with data behind CloudFront is warned of origin groups, one without is not', () => {
  const told = { 'notify.emails': ['oncall@shop.example'] };
  const data = { [`${web}.data`]: { kind: 'dynamodb-global', tableName: 'shop' } };
  const namesOf = (more: Overrides) => openFindings(accepted(cached({}, { ...told, ...more }))).map(({ name }) => name);

  expect(namesOf(data)).toEqual(['origin-group-fails-over']);
  expect(namesOf({})).toEqual([]);
});

test('the bound on a recovery reckons with one attempt and half a minute for the edge', () => {
  const boundOf = (overrides: Overrides) => {
    const { web: service } = accepted(overrides).services;
    return service === undefined ? expect.fail('no service') : recoveryBound({ name: 'web', ...service }).shiftMs;
  };
  const stepTimeoutMs = 7_000;

  expect(boundOf(cached({}, { [`${web}.failover.stepTimeoutMs`]: stepTimeoutMs }))).toBe(stepTimeoutMs + 30_000);
});

test('a key is looked at twice in ten minutes, and a record that is edited in every region each ten seconds', () => {
  const edited = { [`${web}.traffic.dns.mode`]: 'records' };

  expect(workloadOf(accepted(cached())).driftLooks).toBe(2 * 6 * 730);
  expect(workloadOf(accepted(edited)).driftLooks).toBe(3 * 360 * 730);
});
