import { beforeAll, describe, expect, test } from 'vitest';
import { exampleDeployment, propertiesOf, stubBundles, type Template, templatesOf } from './synthesized.ts';

let stacks: Readonly<Record<string, Template>> = {};

beforeAll(() => {
  const overrides = { 'services.web.traffic.dns.memory': true };
  stacks = templatesOf(exampleDeployment('two-regions', overrides), stubBundles());
});

const regions = ['us-east-1', 'us-west-2', 'us-east-2'];

describe('a service with memory', () => {
  test('has a check a region that keeps its last status, on the alarm of that region', () => {
    const checks = propertiesOf(stacks['shop-failover-records'], 'AWS::Route53::HealthCheck')
      .map(({ HealthCheckConfig }) => HealthCheckConfig as Record<string, unknown>)
      .filter(({ Type }) => Type === 'CLOUDWATCH_METRIC');
    const names = new Set(checks.map(({ AlarmIdentifier }) => (AlarmIdentifier as { Name: string }).Name));

    expect(checks.map(({ AlarmIdentifier }) => (AlarmIdentifier as { Region: string }).Region)).toEqual(regions);
    expect(checks.every((check) => check.InsufficientDataHealthStatus === 'LastKnownStatus')).toBe(true);
    expect(names.size).toBe(1);
    for (const region of regions) {
      const alarms = propertiesOf(stacks[`shop-failover-${region}`], 'AWS::CloudWatch::Alarm');
      expect(alarms.filter(({ AlarmName }) => names.has(String(AlarmName)))).toHaveLength(1);
    }
  });

  test.each(regions)('has an alarm that one minute with data decides, and that tells nobody (region=%s)', (region) => {
    const [alarm] = propertiesOf(stacks[`shop-failover-${region}`], 'AWS::CloudWatch::Alarm').filter(
      ({ MetricName }) => MetricName === 'left',
    );

    expect(alarm).toMatchObject({
      Namespace: 'CdkFailover',
      Dimensions: [
        { Name: 'deployment', Value: 'shop' },
        { Name: 'service', Value: 'web' },
        { Name: 'sites', Value: 'virginia' },
      ],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      TreatMissingData: 'missing',
    });
    expect(alarm).not.toHaveProperty('AlarmActions');
  });
});
