import { beforeAll, describe, expect, test } from 'vitest';
import {
  exampleDeployment,
  propertiesOf,
  resourcesOf,
  stubBundles,
  type Template,
  templatesOf,
} from './synthesized.ts';

const sites = { virginia: 'us-east-1', oregon: 'us-west-2', ireland: 'eu-west-1' };
const name = 'www.shop.example';

let bundles = '';

beforeAll(() => {
  bundles = stubBundles();
});

/** The records' stack of the example as a pool. */
function recordsOf(overrides = {}): Template | undefined {
  const deployment = exampleDeployment('three-regions', {
    'services.web.mode': 'active-active',
    'services.web.failover': {},
    ...overrides,
  });
  return templatesOf(deployment, bundles)['shop-failover-records'];
}

/** Name of the tree that the record leads to. */
function headOf(template: Template | undefined): string {
  const [{ AliasTarget } = {}] = recordsAt(template, name);
  return (AliasTarget as { DNSName: string }).DNSName.slice(0, -1);
}

function recordsAt(template: Template | undefined, at: string) {
  return propertiesOf(template, 'AWS::Route53::RecordSet').filter(({ Name }) => Name === `${at}.`);
}

function guardOf(template: Template | undefined, site: string) {
  const [found] = resourcesOf(template, 'AWS::Route53::HealthCheck').filter(([, { Properties }]) =>
    JSON.stringify(Properties.HealthCheckTags).includes(`"shop.web.${site}.on.`),
  );
  return { 'Fn::GetAtt': [found?.[0], 'HealthCheckId'] };
}

describe('a pool', () => {
  test('is weighted by capacity, each site under its own guard', () => {
    const template = recordsOf({
      'services.web.sites.oregon.capacity': 50,
      'services.web.traffic.dns.memory': false,
    });

    const records = recordsAt(template, headOf(template));

    expect(records).toHaveLength(3);
    expect(Object.fromEntries(records.map(({ SetIdentifier, Weight }) => [SetIdentifier, Weight]))).toEqual({
      virginia: 100,
      oregon: 50,
      ireland: 100,
    });
    for (const { SetIdentifier, HealthCheckId, Failover, TTL } of records) {
      expect(HealthCheckId).toEqual(guardOf(template, String(SetIdentifier)));
      expect([Failover, TTL]).toEqual([undefined, '30']);
    }
  });

  test('by latency has the region of each site', () => {
    const template = recordsOf({ 'services.web.traffic.dns.policy': 'latency' });
    const records = recordsAt(template, headOf(template));

    expect(Object.fromEntries(records.map(({ SetIdentifier, Region }) => [SetIdentifier, Region]))).toEqual(sites);
  });

  test('of several values says so', () => {
    const template = recordsOf({ 'services.web.traffic.dns.policy': 'multivalue' });
    const records = recordsAt(template, headOf(template));

    expect(records.map(({ MultiValueAnswer }) => MultiValueAnswer)).toEqual([true, true, true]);
  });

  test('waits for the checkers of every site before any record', () => {
    const template = recordsOf();
    const [ready] = resourcesOf(template, 'Custom::ChecksReady');

    expect(ready?.[1].Properties.Services).toEqual([
      expect.objectContaining({ Service: 'web', CheckIds: Array(9).fill(expect.anything()) }),
    ]);
    for (const [, { DependsOn }] of resourcesOf(template, 'AWS::Route53::RecordSet')) {
      expect(DependsOn).toContain(ready?.[0]);
    }
  });

  test('stands before its last resort, by an alias that evaluates it', () => {
    const template = recordsOf({
      'services.web.failover': { allDown: 'last-resort' },
      'services.web.traffic.dns.lastResort': { a: '192.0.2.250' },
    });

    const head = headOf(template);
    expect(recordsAt(template, `pool.${head}`)).toHaveLength(3);
    expect(recordsAt(template, head)).toMatchObject([
      { Failover: 'PRIMARY', AliasTarget: { DNSName: `pool.${head}.`, EvaluateTargetHealth: true } },
      { Failover: 'SECONDARY', SetIdentifier: 'secondary', ResourceRecords: ['192.0.2.250'] },
    ]);
  });
});

describe('a pool by geolocation', () => {
  const geolocation = {
    'services.web.traffic.dns.policy': 'geolocation',
    'services.web.traffic.dns.locations': { virginia: ['*'], oregon: ['US'], ireland: ['EU'] },
  };
  const evaluationsOf = (template: Template | undefined) =>
    recordsAt(template, headOf(template)).map(({ GeoLocation, AliasTarget }) => [
      GeoLocation,
      (AliasTarget as { EvaluateTargetHealth?: boolean }).EvaluateTargetHealth,
    ]);

  test('has a record a location, which leaves sites that are voted off for a broader location', () => {
    expect(evaluationsOf(recordsOf(geolocation))).toEqual([
      [{ CountryCode: '*' }, true],
      [{ CountryCode: 'US' }, true],
      [{ ContinentCode: 'EU' }, true],
    ]);
  });

  test('with allowed regions has records that never do, with the allowed sites behind them', () => {
    const template = recordsOf({ ...geolocation, 'services.web.failover': { allowedRegions: ['eu-west-1'] } });

    const head = headOf(template);
    expect(evaluationsOf(template).map(([, isEvaluated]) => isEvaluated)).toEqual([false, false, false]);
    expect(recordsAt(template, `geo-eu.${head}`)).toMatchObject([
      { Failover: 'PRIMARY', AliasTarget: { DNSName: `own-eu.${head}.`, EvaluateTargetHealth: true } },
      { Failover: 'SECONDARY', AliasTarget: { DNSName: `geo-rest.${head}.`, EvaluateTargetHealth: true } },
    ]);
    expect(recordsAt(template, `geo-rest.${head}`).map(({ SetIdentifier }) => SetIdentifier)).toEqual(['ireland']);
  });
});

test('a pool whose weights are edited has records without checks, and nothing runs while deploying', () => {
  const template = recordsOf({ 'services.web.traffic.dns.mode': 'records' });

  expect(recordsAt(template, name).map(({ Weight, HealthCheckId }) => [Weight, HealthCheckId])).toEqual([
    [100, undefined],
    [100, undefined],
    [100, undefined],
  ]);
  expect(resourcesOf(template, 'AWS::Route53::HealthCheck')).toEqual([]);
  expect(resourcesOf(template, 'AWS::Lambda::Function')).toEqual([]);
});
