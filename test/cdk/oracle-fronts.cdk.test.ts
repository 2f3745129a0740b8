import { App, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { beforeAll, describe, expect, test } from 'vitest';
import { FailoverRegion } from '../../lib/constructs/failover-region.ts';
import { oraclePath } from '../../src/core/dns/oracle-vote.ts';
import {
  exampleDeployment,
  freshFolder,
  propertiesOf,
  stubBundles,
  type Template,
  templatesOf,
} from './synthesized.ts';

const regions = ['us-east-1', 'us-west-2', 'us-east-2'];
const url = {
  'us-east-1': 'https://votes-east.shop.example',
  'us-west-2': 'https://votes-west.shop.example/oracle',
  'us-east-2': 'https://votes-witness.shop.example:8443',
};
const typesIn = (template: Template | undefined) => Object.values(template?.Resources ?? {}).map(({ Type }) => Type);
const checksIn = (template: Template | undefined) =>
  propertiesOf(template, 'AWS::Route53::HealthCheck').map(
    ({ HealthCheckConfig }) => HealthCheckConfig as Record<string, unknown>,
  );

describe.each([
  ['oracles behind balancers', { oracle: { url } }],
  ['memory alone', { 'services.web.traffic.dns.mode': 'memory' }],
])('with %s', (_, overrides) => {
  let stacks: Readonly<Record<string, Template>> = {};
  beforeAll(() => {
    stacks = templatesOf(exampleDeployment('two-regions', overrides), stubBundles());
  });

  test.each(regions)('nothing in %s is public', (region) => {
    const template = stacks[`shop-failover-${region}`];
    const open = propertiesOf(template, 'AWS::Lambda::Permission').filter(({ Principal }) => Principal === '*');

    expect(typesIn(template)).toContain('AWS::Lambda::Function');
    expect(typesIn(template)).not.toContain('AWS::Lambda::Url');
    expect(open).toEqual([]);
  });

  test('no host is read while the records are deployed', () => {
    expect(typesIn(stacks['shop-failover-records'])).not.toContain('Custom::OracleHosts');
    expect(JSON.stringify(stacks['shop-failover-records'])).not.toContain('ssm:GetParameter');
  });
});

test('a check asks where the oracle is said to be, path and port included', () => {
  const stacks = templatesOf(exampleDeployment('two-regions', { oracle: { url } }), stubBundles());
  const path = oraclePath({ deployment: 'shop', service: 'web', zoneId: 'Z0EXAMPLE' }, ['virginia']);

  expect(checksIn(stacks['shop-failover-records']).filter(({ Type }) => Type === 'HTTPS')).toMatchObject([
    { FullyQualifiedDomainName: 'votes-east.shop.example', Port: 443, ResourcePath: path },
    { FullyQualifiedDomainName: 'votes-west.shop.example', Port: 443, ResourcePath: `/oracle${path}` },
    { FullyQualifiedDomainName: 'votes-witness.shop.example', Port: 8443, ResourcePath: path },
  ]);
});

test('by memory alone each record waits until every alarm has had data, which the function may look at', () => {
  const deployment = exampleDeployment('two-regions', { 'services.web.traffic.dns.mode': 'memory' });
  const records = templatesOf(deployment, stubBundles())['shop-failover-records'];
  const checks = checksIn(records);
  const [ready] = propertiesOf(records, 'Custom::ChecksReady');
  const [alarm = ''] = checks.flatMap((check) => (check.AlarmIdentifier as { Name: string } | undefined)?.Name ?? []);

  expect(checks.map(({ Type }) => Type).sort()).toEqual([
    'CALCULATED',
    'CLOUDWATCH_METRIC',
    'CLOUDWATCH_METRIC',
    'CLOUDWATCH_METRIC',
  ]);
  expect(ready?.Services).toMatchObject([{ CheckIds: [], Alarms: regions.map((Region) => ({ Region, Name: alarm })) }]);
  expect(JSON.stringify(records)).toMatch(/cloudwatch:DescribeAlarms/);
});

describe('with clients inside the account', () => {
  const stacks = () => templatesOf(exampleDeployment('internal-clients'), stubBundles());

  test('they ask a function of their own, by IAM, and its host is told; the oracle stays public', () => {
    const template = stacks()['shop-failover-us-east-1'];
    const functions = Object.entries(template?.Resources ?? {}).flatMap(([id, { Type, Properties }]) =>
      Type === 'AWS::Lambda::Function' ? [[id, String(Properties.FunctionName)] as const] : [],
    );
    const urls = propertiesOf(template, 'AWS::Lambda::Url').map(({ AuthType, TargetFunctionArn }) => [
      functions.find(([id]) => JSON.stringify(TargetFunctionArn).includes(`"${id}"`))?.[1],
      AuthType,
    ]);
    const names = propertiesOf(template, 'AWS::SSM::Parameter').map(({ Name }) => Name);

    expect(urls.sort()).toEqual([
      ['shop-failover-endpoints', 'AWS_IAM'],
      ['shop-failover-oracle', 'NONE'],
    ]);
    expect(names).toContain('/shop/failover/endpoints-host');
  });

  test('a role that is let ask gets both permissions, and nobody else any', () => {
    const app = new App({ outdir: freshFolder('out'), analyticsReporting: false });
    const stack = new Stack(app, 'here', { env: { region: 'us-east-1' } });
    const region = new FailoverRegion(stack, 'Failover', {
      deployment: exampleDeployment('internal-clients'),
      bundleFolder: stubBundles(),
    });
    region.endpoints?.grantAsk(new Role(stack, 'Client', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    const template = app.synth().getStackByName('here').template as Template;
    const allowed = propertiesOf(template, 'AWS::IAM::Policy').filter(({ Roles }) =>
      JSON.stringify(Roles).includes('Client'),
    );

    expect(allowed).toHaveLength(1);
    expect(JSON.stringify(allowed)).toContain('lambda:InvokeFunctionUrl');
    expect(JSON.stringify(allowed)).toContain('"lambda:InvokeFunction"');
  });
});
