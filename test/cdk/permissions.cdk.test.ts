import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import { policyStatements } from '../../lib/constructs/permissions/policy-statement.ts';
import { type FunctionKind, functionKinds } from '../../src/config/plan/names.ts';
import { statementsFor } from '../../src/config/plan/permissions/permissions.ts';
import { balancer, everything } from './everything.fixture.ts';
import { plain } from './synthesized.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

/** What a function of a region may do: actions and resources, a line a statement; conditions apart. */
function statementsOf(kind: FunctionKind, region = 'us-east-1'): readonly Statement[] {
  const stack = new Stack(new App(), 'Test');
  return policyStatements(statementsFor(everything, region, kind)).map(
    (statement) => plain(stack.resolve(statement.toStatementJson())) as Statement,
  );
}

function grantsOf(kind: FunctionKind, region?: string): readonly string[] {
  return statementsOf(kind, region).map(
    ({ Action, Resource }) => `${[Action].flat().join(' ')} | ${[Resource].flat().join(' ')}`,
  );
}

const account = '111122223333';
const ec2 = (thing: string, region = 'us-east-1') => `arn:aws:ec2:${region}:${account}:${thing}`;
const lambda = (name: string, region = 'us-east-1') => `arn:aws:lambda:${region}:${account}:function:${name}`;
const own = (kind: string, region?: string) => lambda(`shop-failover-${kind}`, region);
const eks = `arn:aws:eks:us-east-1:${account}:nodegroup/shop/jobs/*`;
const rds = (cluster: string) => `arn:aws:rds:us-east-1:${account}:cluster:${cluster}`;
const db = (instance: string) => `arn:aws:rds:us-east-1:${account}:db:${instance}`;
const readers = Array.from({ length: 4 }, (_, index) => db(`jobs-failover-${index + 1}`));
const table = (name: string) => `arn:aws:dynamodb:us-east-1:${account}:table/${name}`;
const ecs = (region: string) => `arn:aws:ecs:${region}:${account}:service/shop/jobs`;

test('targets: the listeners and the rule that are declared, and looks at them', () => {
  expect(grantsOf('targets').slice(2)).toEqual([
    `elasticloadbalancing:ModifyListener | ${balancer.listener} ${balancer.plain}`,
    `elasticloadbalancing:ModifyRule | ${balancer.rule}`,
    'elasticloadbalancing:DescribeListeners elasticloadbalancing:DescribeRules | *',
  ]);
});

const scaled = (region: string) => `arn:aws:application-autoscaling:${region}:${account}:scalable-target/*`;

test('standby: each size by the name of what has it, in its own region', () => {
  expect(grantsOf('start').slice(2)).toEqual([
    `autoscaling:UpdateAutoScalingGroup | arn:aws:autoscaling:us-east-1:${account}:autoScalingGroup:*:autoScalingGroupName/jobs`,
    `ecs:DescribeServices ecs:UpdateService | ${ecs('us-east-1')}`,
    `eks:DescribeNodegroup eks:UpdateNodegroupConfig | ${eks}`,
    `eks:DescribeCluster | arn:aws:eks:us-east-1:${account}:cluster/shop`,
    `lambda:DeleteProvisionedConcurrencyConfig lambda:GetProvisionedConcurrencyConfig lambda:PutProvisionedConcurrencyConfig | ${lambda('jobs:live')}`,
    `ec2:StartInstances ec2:StopInstances | ${ec2('instance/i-jobs1')} ${ec2('instance/i-jobs2')}`,
    `rds:DescribeDBClusters rds:ModifyDBCluster | ${rds('jobs')}`,
    `dynamodb:DescribeTable dynamodb:UpdateTable | ${table('jobs')}`,
    `rds:AddTagsToResource rds:CreateDBInstance rds:DeleteDBInstance | ${readers.join(' ')}`,
    `lambda:InvokeFunction | ${lambda('scale-jobs')}`,
    `rds:CreateDBInstance rds:DescribeDBClusters | ${rds('jobs')}`,
    `rds:CreateDBInstance | ${['og', 'pg', 'subgrp'].map((type) => `arn:aws:rds:us-east-1:${account}:${type}:*`).join(' ')}`,
    `rds:DescribeDBInstances | ${db('*')}`,
    `application-autoscaling:RegisterScalableTarget | ${scaled('us-east-1')}`,
    `application-autoscaling:RegisterScalableTarget | ${scaled('us-east-1')}`,
    `application-autoscaling:RegisterScalableTarget | ${scaled('us-east-1')}`,
    `lambda:GetAlias | ${lambda('jobs')}`,
    'application-autoscaling:DescribeScalableTargets autoscaling:DescribeAutoScalingGroups autoscaling:DescribeScalingActivities ec2:DescribeInstanceStatus ec2:DescribeInstances | *',
  ]);
  expect(grantsOf('start', 'us-west-2').slice(2)).toEqual([
    `ecs:DescribeServices ecs:UpdateService | ${ecs('us-west-2')}`,
    `lambda:InvokeFunction | arn:aws:lambda:us-west-2:${account}:function:scale-west`,
    `application-autoscaling:RegisterScalableTarget | ${scaled('us-west-2')}`,
    'application-autoscaling:DescribeScalableTargets | *',
  ]);
});

test('standby: what scales a table, a service or an alias is changed for that size alone', () => {
  const conditions = statementsOf('start').flatMap(({ Action, Condition }) =>
    [Action].flat().includes('application-autoscaling:RegisterScalableTarget') ? [Condition] : [],
  );

  expect(conditions).toEqual([
    {
      StringEquals: {
        'application-autoscaling:service-namespace': 'dynamodb',
        'application-autoscaling:scalable-dimension': ['dynamodb:index:WriteCapacityUnits'],
      },
    },
    {
      StringEquals: {
        'application-autoscaling:service-namespace': 'ecs',
        'application-autoscaling:scalable-dimension': ['ecs:service:DesiredCount'],
      },
    },
    {
      StringEquals: {
        'application-autoscaling:service-namespace': 'lambda',
        'application-autoscaling:scalable-dimension': ['lambda:function:ProvisionedConcurrency'],
      },
    },
  ]);
});

test('work: the rules, the schedule with its role, and the mapping of the sites there', () => {
  const events = (path: string) => `arn:aws:events:us-east-1:${account}:rule/${path}`;

  expect(grantsOf('work').slice(2)).toEqual([
    `events:DescribeRule events:DisableRule events:EnableRule | ${events('nightly')} ${events('shop/orders')}`,
    `scheduler:GetSchedule scheduler:UpdateSchedule | arn:aws:scheduler:us-east-1:${account}:schedule/shop/invoices`,
    `iam:PassRole | arn:aws:iam::${account}:role/shop/invoker`,
    `lambda:GetEventSourceMapping lambda:UpdateEventSourceMapping | arn:aws:lambda:us-east-1:${account}:event-source-mapping:14e0db71-5d35-4eb5-b481-8945cf9d10c2`,
  ]);
});

test('isolation: targets of one group, one address, and the functions that are asked', () => {
  expect(grantsOf('fence').slice(2)).toEqual([
    `elasticloadbalancing:DeregisterTargets elasticloadbalancing:RegisterTargets | ${balancer.group('left')}`,
    `ec2:DisassociateAddress | ${ec2('elastic-ip/eipalloc-right')} ${ec2('network-interface/*')}`,
    `lambda:InvokeFunction | ${lambda('cut-off')}`,
    'ec2:DescribeAddresses elasticloadbalancing:DescribeTargetHealth | *',
  ]);
});

test('publish: the parameter of the one service with clients, in its own region', () => {
  expect(grantsOf('publish', 'us-east-2').slice(2)).toEqual([
    `ssm:GetParameter ssm:PutParameter | arn:aws:ssm:us-east-2:${account}:parameter/shop/failover/endpoints/web`,
  ]);
});

test('data: the global replication group', () => {
  expect(grantsOf('promote', 'us-west-2').slice(2)).toEqual([
    `elasticache:DescribeGlobalReplicationGroups elasticache:FailoverGlobalReplicationGroup | arn:aws:elasticache::${account}:globalreplicationgroup:ldgnf-shop`,
  ]);
});

describe('survey', () => {
  test('reads the registers, what is scaled in both regions, its heartbeat and its replication group', () => {
    expect(grantsOf('survey').slice(0, -1)).toEqual([
      `dynamodb:BatchGetItem | arn:aws:dynamodb:us-east-1:${account}:table/shop-failover-state`,
      `ecs:DescribeServices | ${ecs('us-east-1')} ${ecs('us-west-2')}`,
      `lambda:GetAlias lambda:GetFunctionConfiguration lambda:GetProvisionedConcurrencyConfig | ${lambda('jobs:live')} ${lambda('jobs')}`,
      `eks:DescribeNodegroup | ${eks}`,
      `eks:DescribeCluster | arn:aws:eks:us-east-1:${account}:cluster/shop`,
      `rds:DescribeDBClusters | ${rds('jobs')}`,
      `rds:DescribeDBInstances | ${db('*')}`,
      `dynamodb:DescribeTable | ${table('jobs')}`,
      `lambda:InvokeFunction | ${lambda('scale-jobs')}`,
      `dynamodb:GetItem | arn:aws:dynamodb:us-east-1:${account}:table/beats`,
      `elasticache:DescribeReplicationGroups | arn:aws:elasticache:us-east-1:${account}:replicationgroup:shop-east`,
      `lambda:InvokeFunction | ${lambda('cut-off')}`,
      `elasticache:DescribeGlobalReplicationGroups | arn:aws:elasticache::${account}:globalreplicationgroup:ldgnf-shop`,
      `backup:ListRecoveryPointsByBackupVault | arn:aws:backup:us-east-1:${account}:backup-vault:copies`,
    ]);
    expect([statementsOf('survey').at(-1)?.Action].flat()).toEqual(
      expect.arrayContaining([
        'backup:ListRestoreJobsByProtectedResource',
        'ec2:DescribeInstanceStatus',
        'ec2:DescribeInstances',
      ]),
    );
    expect(statementsOf('survey').find(({ Action }) => Action === 'dynamodb:GetItem')?.Condition).toEqual({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['jobs'] },
    });
  });

  test.each(['us-east-1', 'us-west-2'])('changes nothing, and asks functions of the user alone (%s)', (region) => {
    const statements = statementsOf('survey', region);
    const asked = statements.filter(({ Action }) => Action === 'lambda:InvokeFunction');
    const actions = statements.filter((one) => !asked.includes(one)).flatMap(({ Action }) => Action);

    expect(asked.flatMap(({ Resource }) => Resource)).toEqual(
      region === 'us-east-1'
        ? [lambda('scale-jobs'), lambda('cut-off')]
        : [`arn:aws:lambda:us-west-2:${account}:function:scale-west`],
    );
    expect(actions.filter((action) => !/:(Get|List|Describe|BatchGet)/.test(action))).toEqual([]);
    expect(actions.length).toBeGreaterThan(4);
  });
});

test('an actuator begins with its claim, of the services that it acts for', () => {
  const [read, write] = statementsOf('start');

  expect(read?.Condition).toEqual({
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['opinions', 'register#jobs'] },
  });
  expect(write?.Condition).toEqual({ 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['claim#jobs'] } });
});

test('a watcher calls the actuators and the surveys of every region, and tells people in its own', () => {
  const calls = statementsOf('watcher', 'us-west-2').find(({ Action }) => Action === 'lambda:InvokeFunction');

  expect([calls?.Resource].flat()).toEqual([
    own('notify', 'us-west-2'),
    own('survey', 'us-east-1'),
    own('survey', 'us-west-2'),
    ...['fence', 'promote', 'start', 'targets', 'dns', 'work', 'publish'].map((kind) => own(kind, 'us-east-1')),
    ...['promote', 'start', 'dns', 'publish'].map((kind) => own(kind, 'us-west-2')),
    ...['dns', 'publish'].map((kind) => own(kind, 'us-east-2')),
  ]);
});

test('no function has a wildcard for an action, and "*" for a resource only to look', () => {
  const all = functionKinds.flatMap((kind) => statementsOf(kind));
  const onAll = all.filter(({ Resource }) => [Resource].flat().includes('*')).flatMap(({ Action }) => Action);

  expect(all.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
  expect(onAll.filter((action) => !/:(Get|List|Describe)/.test(action))).toEqual([]);
  expect(onAll.length).toBeGreaterThan(5);
});
