import {
  endpointsParameter,
  type FunctionKind,
  functionName,
  oracleHostParameter,
  stateTableName,
  topicName,
} from '../../../../../src/config/plan/names.ts';
import type { Deployment } from '../../../../../src/core/model/deployment.ts';
import type { NamedService } from '../../../../../src/core/model/service.ts';
import type { FunctionSpec } from '../template/template.ts';
import { businessOf } from './function-business.ts';
import { account, type Permission, recordChange } from './permission.ts';
import { ask, autoScalingGroup, leadingKeys, someId, type Things, thingsOf } from './things.ts';

/** What a function of this deployment must not be able to do, in its own region and in others. */
export function strangePermissions(
  { deployment, service }: { readonly deployment: Deployment; readonly service: NamedService },
  spec: FunctionSpec,
  kind: FunctionKind,
): readonly Permission[] {
  const things = thingsOf(deployment.name, service, spec.region);
  return [
    ...strangeTables(things),
    ...strangeAccount(things, spec),
    ...strangeTraffic(things),
    ...strangeCompute(things),
    ...strangeData(things),
    ...otherDeployment(things),
    ...businessOf(kind, things),
  ];
}

function strangeTables({ arn, table, service }: Things): readonly Permission[] {
  const register = leadingKeys(`register#${service}`);
  const strangeTable = arn('dynamodb', 'table/customers');
  return [
    ...['DeleteTable', 'UpdateTable', 'CreateBackup', 'UpdateTimeToLive', 'Scan', 'Query'].map((action) =>
      ask(`dynamodb:${action}`, table),
    ),
    ...['PutItem', 'DeleteItem', 'BatchWriteItem'].map((action) => ask(`dynamodb:${action}`, table, register)),
    ask('dynamodb:UpdateItem', table, leadingKeys('register#payments')),
    ask('dynamodb:UpdateItem', table, leadingKeys('claim#payments')),
    ask('dynamodb:UpdateItem', table, leadingKeys('customers')),
    ask('dynamodb:UpdateItem', strangeTable, register),
    ask('dynamodb:GetItem', strangeTable, register),
  ];
}

function strangeAccount({ arn, deployment }: Things, spec: FunctionSpec): readonly Permission[] {
  return [
    ask('iam:CreateUser', `arn:aws:iam::${account}:user/intruder`),
    ask('iam:PassRole', `arn:aws:iam::${account}:role/admin`),
    ask('iam:PutRolePolicy', `arn:aws:iam::${account}:role/${spec.name}`),
    ask('sts:AssumeRole', `arn:aws:iam::${account}:role/admin`),
    ask('lambda:InvokeFunction', arn('lambda', 'function:payments')),
    ask('lambda:InvokeFunction', arn('lambda', `function:${functionName(deployment, 'deploy')}`)),
    ask('lambda:UpdateFunctionCode', spec.arn),
    ask('lambda:UpdateFunctionConfiguration', spec.arn),
    ask('sns:Publish', arn('sns', 'payments')),
    ask('sns:DeleteTopic', arn('sns', topicName(deployment))),
    ask('ssm:PutParameter', arn('ssm', `parameter${oracleHostParameter(deployment)}`)),
    ask('ssm:GetParameter', arn('ssm', 'parameter/payments/password')),
    ask('cloudwatch:DeleteAlarms', arn('cloudwatch', `alarm:${deployment}-failover-no-quorum`)),
    ask('events:PutEvents', arn('events', 'event-bus/default'), { 'events:source': 'aws.health' }),
    ask('cloudformation:DeleteStack', arn('cloudformation', `stack/${deployment}/0`)),
  ];
}

function strangeTraffic(things: Things): readonly Permission[] {
  const { arn, eip, zone, record, listener, targetGroup, deployment, endpoints } = things;
  const change = 'route53:ChangeResourceRecordSets';
  const elb = 'elasticloadbalancing';
  const stranger = (what: string) => arn(elb, `${what}/app/payments/${someId}/${someId}`);
  return [
    ask('ec2:AssociateAddress', arn('ec2', 'elastic-ip/eipalloc-0ffffffffffffffff')),
    ask('ec2:AssociateAddress', arn('ec2', 'instance/i-0ffffffffffffffff')),
    ask('ec2:ReleaseAddress', eip),
    ask('ec2:DisassociateAddress', eip),
    ask(change, 'arn:aws:route53:::hostedzone/Z0OTHER', recordChange([record], ['A'], ['UPSERT'])),
    ask(change, zone, recordChange(['mail.shop.example'], ['A'], ['UPSERT'])),
    ask(change, zone, recordChange([record, 'mail.shop.example'], ['A'], ['UPSERT'])),
    ask(change, zone, recordChange([record], ['TXT'], ['UPSERT'])),
    ask('route53:DeleteHostedZone', zone),
    ask('route53:UpdateHealthCheck', 'arn:aws:route53:::healthcheck/abcdef11-2222-3333-4444-555555fedcba'),
    ask(`${elb}:ModifyListener`, stranger('listener')),
    ask(`${elb}:ModifyRule`, `${stranger('listener-rule')}/${someId}`),
    ask(`${elb}:DeregisterTargets`, arn(elb, `targetgroup/payments/${someId}`)),
    ask(`${elb}:DeleteListener`, listener),
    ask(`${elb}:AddListenerCertificates`, listener),
    ask(`${elb}:ModifyTargetGroup`, targetGroup),
    ask(`${elb}:DeleteTargetGroup`, targetGroup),
    // What another service's clients are told, and every other parameter.
    ask('ssm:PutParameter', arn('ssm', `parameter${endpointsParameter(deployment, 'payments')}`)),
    ask('ssm:PutParameter', arn('ssm', 'parameter/payments/password')),
    ask('ssm:DeleteParameter', endpoints),
  ];
}

function strangeCompute({ arn, group, instance }: Things): readonly Permission[] {
  const otherInstance = arn('ec2', 'instance/i-0ffffffffffffffff');
  return [
    ...['TerminateInstances', 'StartInstances', 'StopInstances', 'ModifyInstanceAttribute', 'CreateTags'].map(
      (action) =>
        ask(`ec2:${action}`, otherInstance, action === 'CreateTags' ? { 'aws:TagKeys': ['cdk-failover:groups'] } : {}),
    ),
    // The fence changes the groups of an instance, and nothing else of it.
    ...['UserData', 'InstanceType', 'DisableApiTermination', 'SourceDestCheck', 'BlockDeviceMapping'].map((attribute) =>
      ask('ec2:ModifyInstanceAttribute', instance, { 'ec2:Attribute': attribute }),
    ),
    ask('ec2:TerminateInstances', instance),
    ask('ec2:RunInstances', instance),
    ask('autoscaling:UpdateAutoScalingGroup', autoScalingGroup(arn, 'payments')),
    ask('autoscaling:DeleteAutoScalingGroup', group),
    ask('autoscaling:TerminateInstanceInAutoScalingGroup', group),
    ask('ecs:UpdateService', arn('ecs', 'service/payments/web')),
    ask('lambda:PutFunctionConcurrency', arn('lambda', 'function:payments')),
  ];
}

function strangeData({ arn }: Things): readonly Permission[] {
  const globalCluster = `arn:aws:rds::${account}:global-cluster:payments`;
  return [
    ask('rds:DeleteDBCluster', arn('rds', 'cluster:shop')),
    ask('rds:DeleteDBInstance', arn('rds', 'db:shop')),
    ask('rds:ModifyDBInstance', arn('rds', 'db:shop')),
    ask('rds:PromoteReadReplica', arn('rds', 'db:payments')),
    ask('rds:FailoverGlobalCluster', globalCluster),
    ask('rds:RemoveFromGlobalCluster', globalCluster),
    ask(
      'elasticache:FailoverGlobalReplicationGroup',
      `arn:aws:elasticache::${account}:globalreplicationgroup:payments`,
    ),
    ask('s3:SubmitMultiRegionAccessPointRoutes', `arn:aws:s3::${account}:accesspoint/payments.mrap`),
  ];
}

/** Another deployment in the same account and regions; its name begins with this one's. */
function otherDeployment({ arn, deployment, service }: Things): readonly Permission[] {
  const other = `${deployment}-eu`;
  const table = arn('dynamodb', `table/${stateTableName(other)}`);
  const keys = ['opinions', `register#${service}`, `claim#${service}`];
  return [
    ...keys.map((key) => ask('dynamodb:UpdateItem', table, leadingKeys(key))),
    ask('dynamodb:BatchGetItem', table, leadingKeys(`register#${service}`)),
    ask('lambda:InvokeFunction', arn('lambda', `function:${functionName(other, 'notify')}`)),
    ask('lambda:InvokeFunction', arn('lambda', `function:${functionName(other, 'targets')}`)),
    ask('ssm:PutParameter', arn('ssm', `parameter${endpointsParameter(other, service)}`)),
    ask('ssm:GetParameter', arn('ssm', `parameter${oracleHostParameter(other)}`)),
    ask('sns:Publish', arn('sns', topicName(other))),
  ];
}
