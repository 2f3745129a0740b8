import { expect, test } from 'vitest';
import { lintDeployment } from '../../../../src/config/lint/lint.ts';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { applyOverrides } from '../../../../src/scenario/overrides.ts';
import { complaintsOf, shop } from '../shop.fixture.ts';

const probes = (site: string) => `services.web.sites.${site}.probes`;

function read(overrides: Readonly<Record<string, unknown>>) {
  return parseDeploymentValue(applyOverrides(shop, overrides), 'c.yaml');
}

const alarm = { type: 'cloudwatch-alarm', name: 'virginia ill' };

test.each([
  [{}, 'us-east-1'],
  [{ region: 'us-east-2' }, 'us-east-2'],
])('the region of an alarm is that of its site, unless it is written (%j: %s)', (more, region) => {
  const [probe] = read({ [probes('virginia')]: [{ ...alarm, ...more }] }).services.web?.sites.virginia?.probes ?? [];

  expect(probe).toMatchObject({ name: 'virginia ill', region, composite: false, timeoutMs: 1_500 });
});

test.each([
  ['arn:aws:cloudwatch:us-east-1:111122223333:alarm:ill', 'write name: ill and region: us-east-1'],
  ['web-*', 'a policy cannot name an alarm'],
  [' ', 'the name of an alarm'],
  ['x'.repeat(256), 'at most 255 characters'],
])('the name %s of an alarm is refused: %s', (name, says) => {
  expect(complaintsOf(() => read({ [probes('virginia')]: [{ ...alarm, name }] })).join('\n')).toContain(says);
});

test.each(['alarm', 'cloudwatch'])('the type %s is refused with the own one', (type) => {
  const lines = complaintsOf(() => read({ [probes('virginia')]: [{ ...alarm, type }] }));

  expect(lines.join('\n')).toContain('write type: cloudwatch-alarm');
});

test('one alarm for two sites is refused', () => {
  const shared = { ...alarm, region: 'us-east-2' };
  const lines = complaintsOf(() => read({ [probes('virginia')]: [shared], [probes('oregon')]: [shared] }));

  expect(lines.join('\n')).toContain('another target than that of virginia');
});

const metric = { type: 'cloudwatch-metric', namespace: 'Shop', name: 'hosts', expect: { atLeast: 1 } };

test('a metric of its site is its average over a minute, and missing data is unknown', () => {
  const [probe] = read({ [probes('virginia')]: [metric] }).services.web?.sites.virginia?.probes ?? [];

  expect(probe).toMatchObject({
    ...{ region: 'us-east-1', statistic: 'Average', periodMs: 60_000, maxAgeMs: 300_000, missing: 'unknown' },
    ...{ dimensions: {}, expect: { atLeast: 1 } },
  });
});

test.each([
  [{ expect: {} }, 'atLeast or above, or atMost or below'],
  [{ expect: { atLeast: 1, above: 2 } }, 'atLeast or above, or atMost or below'],
  [{ expect: { atLeast: 5, atMost: 2 } }, 'a range that some value is in'],
  [{ expect: { above: 2, atMost: 2 } }, 'a range that some value is in'],
  [{ expect: { min: 1 } }, 'write atLeast: 1'],
  [{ threshold: 1 }, 'what a cloudwatch-metric is compared with is expect: { atLeast: 1 }'],
  [{ comparisonOperator: 'x' }, 'write what a good value is: expect: { atLeast: 1 }'],
  [{ metricName: 'hosts' }, 'write namespace: AWS/ApplicationELB and name: HealthyHostCount'],
  [{ treatMissingData: 'breaching' }, 'write missing: unknown, down or up'],
  [{ statistic: 'p100' }, 'a percentile such as p99'],
  [{ periodMs: '90s' }, '10s, 30s or whole minutes up to 1h'],
  [{ missing: 'breaching' }, 'unknown, down or up'],
])('a metric with %j is refused: %s', (more, says) => {
  const lines = complaintsOf(() => read({ [probes('virginia')]: [{ ...metric, ...more }] }));

  expect(lines.join('\n')).toContain(says);
});

test('one statistic of one metric for two sites is refused, whatever the order of its dimensions', () => {
  const shared = { ...metric, region: 'us-east-2', dimensions: { a: '1', b: '2' } };
  const turned = { ...shared, dimensions: { b: '2', a: '1' } };
  const lines = complaintsOf(() => read({ [probes('virginia')]: [shared], [probes('oregon')]: [turned] }));

  expect(lines.join('\n')).toContain('another target than that of virginia');
});

test('a function runs in the region of its site, unless another is written', () => {
  const check = { type: 'function', functionName: 'check' };
  const sites = read({
    [probes('virginia')]: [check],
    [probes('oregon')]: [{ ...check, region: 'us-east-2', alias: 'live' }],
  }).services.web?.sites;

  expect(sites?.virginia?.probes).toMatchObject([{ functionName: 'check', region: 'us-east-1' }]);
  expect(sites?.oregon?.probes).toMatchObject([{ functionName: 'check', region: 'us-east-2', alias: 'live' }]);
});

test('the lag that a function says is a source of lag', () => {
  const overrides = {
    [probes('virginia')]: [{ type: 'function', functionName: 'check' }],
    'services.web.sites.virginia.measures': { lag: { kind: 'probe' } },
    'services.web.sites.oregon.measures': { lag: { kind: 'probe' } },
    'services.web.failover': { maxReplicationLagMs: 30_000 },
  };

  expect(lintDeployment(read(overrides)).map(({ name }) => name)).not.toContain('lag-never-reported');
});
