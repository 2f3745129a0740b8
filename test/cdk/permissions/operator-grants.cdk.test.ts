import { App, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { expect, test } from 'vitest';
import { FailoverRegion } from '../../../lib/constructs/failover-region.ts';
import {
  exampleDeployment,
  freshFolder,
  propertiesOf,
  resourcesOf,
  stubBundles,
  type Template,
} from '../synthesized.ts';

const deployment = exampleDeployment('elastic-ip');
const account = '111122223333';
const [one, two] = deployment.controlRegions as readonly [string, string, string];
const tables = `arn:aws:dynamodb:*:${account}:table/shop-failover-state`;

type Grant = (region: FailoverRegion, role: Role) => void;

/** What a role may do that two regions' constructs have granted the same; an action and its resources a line. */
function grantsBy(grant: Grant): readonly string[] {
  const app = new App({ outdir: freshFolder('grants') });
  const bundleFolder = stubBundles();
  const role = new Role(new Stack(app, 'People', { env: { account, region: one } }), 'Operator', {
    assumedBy: new AccountRootPrincipal(),
  });
  for (const region of [one, two]) {
    const stack = new Stack(app, region, { env: { account, region } });
    grant(new FailoverRegion(stack, 'Failover', { deployment, bundleFolder }), role);
  }
  const template = app.synth().getStackByName('People').template as Template;
  return propertiesOf(template, 'AWS::IAM::Policy').flatMap((policy) =>
    JSON.parse(JSON.stringify(policy.PolicyDocument).replaceAll('{"Ref":"AWS::Partition"}', '"aws"')).Statement.map(
      ({ Action, Resource }: { Action: string | string[]; Resource: unknown }) =>
        `${[Action].flat().join(' ')} | ${[Resource].flat().map(textOf).join(' ')}`,
    ),
  );
}

/** An ARN, with what CloudFormation joins put together. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': [separator, parts] = ['', []] } = value as { 'Fn::Join'?: [string, string[]] };
  return parts.map((part) => (typeof part === 'string' ? part : account)).join(separator);
}

const look = [
  `dynamodb:BatchGetItem | ${tables}`,
  `dynamodb:DescribeTable | ${tables}`,
  expect.stringMatching(/^ssm:GetParameter \| (\S+parameter\/shop\/failover\/oracle-host ?){3}$/),
  expect.stringMatching(/^cloudwatch:DescribeAlarms \| (\S+:cloudwatch:\*:\d+:alarm:shop-failover-web-left-\w+ ?)+$/),
  expect.stringMatching(
    /^lambda:GetFunctionConcurrency lambda:GetFunctionConfiguration \| (\S+:lambda:\*:\d+:function:shop-failover-\w+ ?)+$/,
  ),
  `iam:SimulatePrincipalPolicy | arn:aws:iam::${account}:role/*`,
  `sns:ListSubscriptionsByTopic | arn:aws:sns:*:${account}:shop-failover`,
  'route53:GetHostedZone route53:ListResourceRecordSets | arn:aws:route53:::hostedzone/Z0EXAMPLE',
  `ssm:GetParameter | arn:aws:ssm:*:${account}:parameter/cdk-bootstrap/*/version`,
  `lambda:GetFunction | arn:aws:lambda:*:${account}:function:shop-failover-watcher`,
  'ec2:DescribeAddresses ec2:DescribeNetworkInterfaces lambda:GetAccountSettings route53:GetAccountLimit servicequotas:GetAWSDefaultServiceQuota servicequotas:GetServiceQuota | *',
];

test.each<[string, Grant, readonly unknown[]]>([
  ['looks', (region, role) => region.grantLook(role), look],
  [
    'operates',
    (region, role) => region.grantOperator(role),
    [...look, `dynamodb:UpdateItem dynamodb:GetItem | ${tables}`],
  ],
  [
    'rehearses',
    (region, role) => region.grantRehearse(role),
    [...look, `lambda:InvokeFunction | arn:aws:lambda:us-east-1:${account}:function:shop-failover-address`],
  ],
])('whoever %s gets this and no more, however many regions say so', (_, grant, expected) => {
  const grants = grantsBy(grant);

  expect(grants).toEqual(expect.arrayContaining([...expected]));
  expect(grants).toHaveLength(expected.length);
});

test('a write is of registers alone', () => {
  const app = new App({ outdir: freshFolder('grants') });
  const people = new Stack(app, 'People', { env: { account, region: one } });
  const role = new Role(people, 'Operator', { assumedBy: new AccountRootPrincipal() });
  const stack = new Stack(app, 'Region', { env: { account, region: one } });
  new FailoverRegion(stack, 'Failover', { deployment, bundleFolder: stubBundles() }).grantOperator(role);

  const [policy] = resourcesOf(app.synth().getStackByName('People').template as Template, 'AWS::IAM::Policy');

  expect(JSON.stringify(policy)).toContain('"dynamodb:LeadingKeys":["register#web"]');
});
