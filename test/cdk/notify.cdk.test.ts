import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { expect, test } from 'vitest';
import { DeploymentDashboard } from '../../lib/constructs/deployment-dashboard.ts';
import { policyStatements } from '../../lib/constructs/permissions/policy-statement.ts';
import { RegionAlarms } from '../../lib/constructs/region-alarms.ts';
import { parseDeploymentValue } from '../../src/config/loader.ts';
import { statementsFor } from '../../src/config/plan/permissions/permissions.ts';
import { applyOverrides, type Overrides } from '../../src/scenario/overrides.ts';
import { shop } from '../unit/config/shop.fixture.ts';
import { plain } from './synthesized.ts';

const account = '111122223333';
const own = `arn:aws:sns:us-west-2:${account}:shop-failover`;
const topics = [`arn:aws:sns:us-west-2:${account}:ops`, 'arn:aws:sns:eu-west-1:444455556666:ops'];

/** What the notify function of Oregon may do, but for the event bus. */
function grantsFor(overrides: Overrides) {
  const deployment = parseDeploymentValue(applyOverrides(shop, overrides), 'c.yaml');
  const stack = new Stack(new App(), 'Test');
  return policyStatements(statementsFor(deployment, 'us-west-2', 'notify'))
    .map((statement) => plain(stack.resolve(statement.toStatementJson())) as Readonly<Record<string, unknown>>)
    .filter(({ Sid }) => Sid !== 'Events')
    .map(({ Action, Resource, Condition }) => ({ Action, Resource, Condition }));
}

test('topics: publishing to those that are named, and their keys for that alone', () => {
  const key = (region: string, owner: string, topic = '') => ({
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: `arn:aws:kms:${region}:${owner}:key/*`,
    Condition: {
      StringEquals: {
        'kms:ViaService': `sns.${region}.amazonaws.com`,
        'kms:EncryptionContext:aws:sns:topicArn': topic,
      },
    },
  });

  expect(grantsFor({ 'notify.topics': topics })).toEqual([
    { Action: 'sns:Publish', Resource: [own, ...topics] },
    key('us-west-2', account, topics[0]),
    key('eu-west-1', '444455556666', topics[1]),
  ]);
});

test('webhooks: the secrets that they name, in this region', () => {
  const webhooks = [
    { url: 'https://hooks.shop.example/in', signingKey: { secret: 'shop/key' } },
    { format: 'slack', url: { parameter: '/shop/slack' } },
  ];

  const actions = grantsFor({ 'notify.webhooks': webhooks }).map(({ Action, Resource }) => [Action, Resource]);

  expect(actions).toEqual([
    ['sns:Publish', own],
    [
      'ssm:GetParameter',
      [
        `arn:aws:ssm:us-west-2:${account}:parameter/aws/reference/secretsmanager/shop/key`,
        `arn:aws:ssm:us-west-2:${account}:parameter/shop/slack`,
      ],
    ],
    ['secretsmanager:GetSecretValue', `arn:aws:secretsmanager:us-west-2:${account}:secret:shop/key-??????`],
    ['kms:Decrypt', `arn:aws:kms:us-west-2:${account}:key/*`],
    ['kms:Decrypt', `arn:aws:kms:us-west-2:${account}:key/*`],
  ]);
});

test('telemetry: the secrets that its headers name, in this region', () => {
  const headers = { 'x-team': 'ops', authorization: { parameter: '/shop/otlp' } };

  const grants = grantsFor({ telemetry: { otlp: { endpoint: 'https://otlp.shop.example:4318', headers } } });

  expect(grants.map(({ Action, Resource }) => [Action, Resource]).slice(0, 2)).toEqual([
    ['sns:Publish', own],
    ['ssm:GetParameter', `arn:aws:ssm:us-west-2:${account}:parameter/shop/otlp`],
  ]);
});

test('without topics: publishing to the own one alone', () => {
  expect(grantsFor({})).toEqual([{ Action: 'sns:Publish', Resource: own }]);
});

test('an alarm tells each topic that it is given', () => {
  const stack = new Stack(new App(), 'Test');
  const topicArns = [own, topics[0] ?? ''];
  const notify = LambdaFunction.fromFunctionName(stack, 'Notify', 'shop-failover-notify');

  new RegionAlarms(stack, 'Alarms', { deployment: parseDeploymentValue(shop, 'c.yaml'), topicArns, notify });

  Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::CompositeAlarm', { AlarmActions: topicArns });
});

test.each([
  [{}, []],
  [
    { telemetry: { otlp: { endpoint: 'https://otlp.shop.example:4318' } } },
    ['us-east-1', 'us-west-2', 'us-east-2'].map((region) => `Telemetry dropped in ${region}`),
  ],
])('the dashboard shows what a collector dropped where there is one (%j)', (overrides: Overrides, titles) => {
  const stack = new Stack(new App(), 'Test');

  new DeploymentDashboard(
    stack,
    'Dashboard',
    parseDeploymentValue(applyOverrides(shop, overrides), 'c.yaml'),
    'us-east-1',
  );

  const body = JSON.stringify(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  expect(body.match(/Telemetry dropped in [a-z0-9-]+/g) ?? []).toEqual(titles);
});
