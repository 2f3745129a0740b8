import { App, Stack } from 'aws-cdk-lib';
import { expect, test } from 'vitest';
import { policyStatements } from '../../lib/constructs/permissions/policy-statement.ts';
import { parseDeploymentValue } from '../../src/config/loader.ts';
import { statementsFor } from '../../src/config/plan/permissions/permissions.ts';
import { applyOverrides } from '../../src/scenario/overrides.ts';
import { shop } from '../unit/config/shop.fixture.ts';
import { plain } from './synthesized.ts';

const account = '111122223333';
const alarm = (name: string, more: object = {}) => ({ type: 'cloudwatch-alarm', name, ...more });

/** What a watcher may do for these probes of the two sites. */
function grantsFor(virginia: readonly object[], oregon: readonly object[]) {
  const input = applyOverrides(shop, {
    'services.web.sites.virginia.probes': virginia,
    'services.web.sites.oregon.probes': oregon,
  });
  const stack = new Stack(new App(), 'Test');
  const all = policyStatements(statementsFor(parseDeploymentValue(input, 'c.yaml'), 'us-west-2', 'watcher'));
  const known = ['Tables', 'Identity', 'Registers', 'OwnOpinions', 'Functions'];
  return all
    .map((statement) => plain(stack.resolve(statement.toStatementJson())) as Readonly<Record<string, unknown>>)
    .filter(({ Sid }) => !known.includes(String(Sid)))
    .map(({ Action, Resource, Condition }) => ({ Action, Resource, Condition }));
}

test('alarms: those that are named, whatever their region', () => {
  expect(grantsFor([alarm('ill')], [alarm('ill'), alarm('slow', { region: 'us-east-2' })])).toEqual([
    {
      Action: 'cloudwatch:DescribeAlarms',
      Resource: [
        `arn:aws:cloudwatch:us-east-1:${account}:alarm:ill`,
        `arn:aws:cloudwatch:us-west-2:${account}:alarm:ill`,
        `arn:aws:cloudwatch:us-east-2:${account}:alarm:slow`,
      ],
    },
  ]);
});

test('alarms: every one of a region with a composite alarm, and of no other', () => {
  expect(grantsFor([alarm('whole', { composite: true }), alarm('ill')], [alarm('ill')])).toEqual([
    { Action: 'cloudwatch:DescribeAlarms', Resource: `arn:aws:cloudwatch:us-west-2:${account}:alarm:ill` },
    {
      Action: 'cloudwatch:DescribeAlarms',
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': ['us-east-1'] } },
    },
  ]);
});

test('metrics: all of the regions in which one is read, since IAM knows no single one', () => {
  const metric = { type: 'cloudwatch-metric', namespace: 'Shop', name: 'hosts', expect: { atLeast: 1 } };

  expect(
    grantsFor(
      [metric],
      [
        { ...metric, region: 'us-east-2' },
        { ...metric, name: 'errors' },
      ],
    ),
  ).toEqual([
    {
      Action: 'cloudwatch:GetMetricData',
      Resource: '*',
      Condition: { StringEquals: { 'aws:RequestedRegion': ['us-east-1', 'us-east-2', 'us-west-2'] } },
    },
  ]);
});

test('functions: those that are named; where an alias is invoked, that alias', () => {
  const check = { type: 'function', functionName: 'check' };

  expect(grantsFor([check], [{ ...check, alias: 'live' }])).toEqual([
    {
      Action: 'lambda:InvokeFunction',
      Resource: [
        `arn:aws:lambda:us-east-1:${account}:function:check`,
        `arn:aws:lambda:us-west-2:${account}:function:check:live`,
      ],
    },
  ]);
});

test('secrets: those that are named, in the own region, and what they are encrypted with', () => {
  const page = (site: string, auth: object) => ({ type: 'https', url: `https://${site}.shop.example/`, auth });
  const secretArn = `arn:aws:secretsmanager:us-west-2:${account}:secret:shop/probe-??????`;
  const parameter = `arn:aws:ssm:us-west-2:${account}:parameter/shop/token`;
  const decrypting = (services: readonly string[], context: object) => ({
    Action: 'kms:Decrypt',
    Resource: `arn:aws:kms:us-west-2:${account}:key/*`,
    Condition: { StringEquals: { 'kms:ViaService': services }, StringLike: context },
  });

  expect(
    grantsFor(
      [page('virginia', { basic: { secret: 'shop/probe' } })],
      [page('oregon', { bearer: { parameter: '/shop/token' } })],
    ),
  ).toEqual([
    {
      Action: 'ssm:GetParameter',
      Resource: [`arn:aws:ssm:us-west-2:${account}:parameter/aws/reference/secretsmanager/shop/probe`, parameter],
    },
    { Action: 'secretsmanager:GetSecretValue', Resource: secretArn },
    decrypting(['secretsmanager.us-west-2.amazonaws.com', 'ssm.us-west-2.amazonaws.com'], {
      'kms:EncryptionContext:SecretARN': [secretArn],
    }),
    decrypting(['ssm.us-west-2.amazonaws.com'], { 'kms:EncryptionContext:PARAMETER_ARN': [parameter] }),
  ]);
});
