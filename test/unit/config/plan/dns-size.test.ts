import { expect, test } from 'vitest';
import { lintDeployment } from '../../../../src/config/lint/lint.ts';
import { dnsSizeOf } from '../../../../src/config/plan/dns-size.ts';
import { recordsPlan } from '../../../../src/config/plan/records.ts';
import type { Deployment } from '../../../../src/core/model/deployment.ts';
import { answerQuery } from '../../../../src/sim/world/dns/route53.ts';
import { exampleDeployment } from '../../../cdk/synthesized.ts';

/** The example with so many sites in one chain, and as many services of that kind. */
function chainOf(siteCount: number, serviceCount = 1): Deployment {
  const deployment = exampleDeployment('two-regions');
  const { web } = deployment.services;
  const { virginia, oregon } = web?.sites ?? {};
  const { dns } = web?.traffic ?? {};
  if (!web || !virginia || !oregon || !dns) throw new TypeError('the example has two sites and a name');
  const names = Array.from({ length: siteCount }, (_, index) => `s${index}`);
  const sites = Object.fromEntries(names.map((name, index) => [name, { ...oregon, priority: 100 - index }]));
  const addresses = Object.fromEntries(names.map((name, index) => [name, { a: [`192.0.2.${index}`] }]));
  const service = (index: number) => {
    const record = `w${index}.shop.example`;
    return { ...web, sites, traffic: { ...web.traffic, dns: { ...dns, record, addresses } } };
  };
  const services = Array.from({ length: serviceCount }, (_, index) => [`w${index}`, service(index)] as const);
  return { ...deployment, services: Object.fromEntries(services) };
}

test.each([
  [2, 8, 2],
  [10, 72, 18],
])('a chain of %i sites with memory: %i health checks, aliases %i deep', (siteCount, healthChecks, aliasDepth) => {
  expect(dnsSizeOf(chainOf(siteCount))).toEqual({ healthChecks, healthChecksByDefault: 200, aliasDepth });
});

test('the last of ten sites is answered when all others are left', () => {
  const [{ records = [] } = {}] = recordsPlan(chainOf(10));

  expect(answerQuery(records, () => true, 'w0.shop.example', 'A').values).toEqual(['192.0.2.0']);
  expect(answerQuery(records, () => false, 'w0.shop.example', 'A').values).not.toEqual([]);
});

test.each([
  [2, []],
  [3, ['216 health checks, and an account may have 200 by default']],
])('%i services of ten sites: what is over the quota of an account is a finding', (serviceCount, whats) => {
  const found = lintDeployment(chainOf(10, serviceCount)).filter(({ name }) => name === 'health-checks-quota');

  expect(found.map(({ what }) => what)).toEqual(whats);
});

test('without records there is no size', () => {
  expect(dnsSizeOf(exampleDeployment('two-regions', { 'services.web.traffic.dns.mode': 'records' }))).toBeNull();
});
