import { expect, test } from 'vitest';
import { lintDeployment } from '../../../../src/config/lint/lint.ts';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { applyOverrides } from '../../../../src/scenario/overrides.ts';
import { shop } from '../shop.fixture.ts';

const page = { type: 'https', url: 'https://virginia.shop.example/healthz' };
const here = { type: 'cloudwatch-alarm', name: 'ill' };
const there = { ...here, region: 'us-east-2' };
const corroborating = { ...here, corroborating: true };

test.each([
  ['alone', [here], 'all', true],
  ['that only corroborates', [page, corroborating], 'all', false],
  ['beside a page, both must pass', [page, here], 'all', false],
  ['beside a page, one is enough', [page, here], 'any', true],
  ['in another region', [there], 'all', false],
  ['beside a page and another, two of three', [page, here, { ...here, name: 'slow' }], { atLeast: 2 }, true],
])('an alarm in the region of its site, %s: a finding is %s', (_, probes, require, isFound) => {
  const site = 'services.web.sites.virginia';
  const deployment = applyOverrides(shop, { [`${site}.probes`]: probes, [`${site}.require`]: require });

  const names = lintDeployment(parseDeploymentValue(deployment, 'c.yaml')).map(({ name }) => name);

  expect(names.includes('blind-when-lost')).toBe(isFound);
});

test.each([
  ['down', '2m', true],
  ['down', '121s', false],
  ['unknown', '1m', false],
  ['up', '1m', false],
])('a metric whose missing value is %s after %s: a finding is %s', (missing, maxAgeMs, isFound) => {
  const metric = { type: 'cloudwatch-metric', namespace: 'Shop', name: 'hosts', expect: { atLeast: 1 } };
  const probes = [page, { ...metric, missing, maxAgeMs }];
  const deployment = applyOverrides(shop, { 'services.web.sites.virginia.probes': probes });

  const names = lintDeployment(parseDeploymentValue(deployment, 'c.yaml')).map(({ name }) => name);

  expect(names.includes('missing-too-soon')).toBe(isFound);
});
