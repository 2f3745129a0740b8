import { Aws } from 'aws-cdk-lib';
import { type FunctionKind, functionName, stateTableName, topicName } from '../../../src/config/plan/names.ts';
import type { Deployment } from '../../../src/core/model/deployment.ts';

/** Names of things as policies want them. All are known beforehand, so that no stack has to ask another. */

type Named = Pick<Deployment, 'name'>;

/** In place of a region: the thing of that name in any region. */
export const anyRegion = '*';

/** The state table of a region. */
export function tableArn({ name }: Named, region: string): string {
  return userTableArn(region, stateTableName(name));
}

/** A function of a region. */
export function functionArn({ name }: Named, region: string, kind: FunctionKind): string {
  return `arn:${Aws.PARTITION}:lambda:${region}:${Aws.ACCOUNT_ID}:function:${functionName(name, kind)}`;
}

/** The topic of a region. */
export function topicArn({ name }: Named, region: string): string {
  return `arn:${Aws.PARTITION}:sns:${region}:${Aws.ACCOUNT_ID}:${topicName(name)}`;
}

/** A role of IAM in any account. */
export function roleArn(account: string, name: string): string {
  return `arn:${Aws.PARTITION}:iam::${account}:role/${name}`;
}

/** Types of things of EC2. */
export type Ec2Type = 'elastic-ip' | 'instance' | 'security-group' | 'network-interface' | 'route-table';

/** A thing of EC2, such as `instance` and `i-0123456789abcdef0`. */
export function ec2Arn(region: string, type: Ec2Type, id: string): string {
  return `arn:${Aws.PARTITION}:ec2:${region}:${Aws.ACCOUNT_ID}:${type}/${id}`;
}

/** A function of the user's. */
export function userFunctionArn(region: string, name: string): string {
  return `arn:${Aws.PARTITION}:lambda:${region}:${Aws.ACCOUNT_ID}:function:${name}`;
}

/** A function of the user's that is asked; it may be named by its ARN. */
export function hookArn(region: string, name: string): string {
  return name.startsWith('arn:') ? name : userFunctionArn(region, name);
}

/** An alias of a function of the user's. */
export function aliasArn(region: string, name: string, alias: string): string {
  return `${userFunctionArn(region, name)}:${alias}`;
}

/** An Auto Scaling group; between the two colons stands an id of its own, which nobody knows beforehand. */
export function autoScalingGroupArn(region: string, name: string): string {
  return `arn:${Aws.PARTITION}:autoscaling:${region}:${Aws.ACCOUNT_ID}:autoScalingGroup:*:autoScalingGroupName/${name}`;
}

/** A service of Amazon ECS. */
export function ecsServiceArn(region: string, cluster: string, name: string): string {
  return `arn:${Aws.PARTITION}:ecs:${region}:${Aws.ACCOUNT_ID}:service/${cluster}/${name}`;
}

/** A cluster of EKS. */
export function eksClusterArn(region: string, cluster: string): string {
  return `arn:${Aws.PARTITION}:eks:${region}:${Aws.ACCOUNT_ID}:cluster/${cluster}`;
}

/** A managed node group of EKS; at the end stands an id of its own, which nobody knows beforehand. */
export function nodegroupArn(region: string, cluster: string, name: string): string {
  return `arn:${Aws.PARTITION}:eks:${region}:${Aws.ACCOUNT_ID}:nodegroup/${cluster}/${name}/*`;
}

/** A table of DynamoDB, of the user's. */
export function userTableArn(region: string, name: string): string {
  return `arn:${Aws.PARTITION}:dynamodb:${region}:${Aws.ACCOUNT_ID}:table/${name}`;
}

/** What Application Auto Scaling scales; it is known by an id that AWS chooses. */
export function scalableTargetArn(region: string): string {
  return `arn:${Aws.PARTITION}:application-autoscaling:${region}:${Aws.ACCOUNT_ID}:scalable-target/*`;
}

/** A cluster of Aurora. */
export function dbClusterArn(region: string, id: string): string {
  return rdsArn(region, 'cluster', id);
}

/** An instance of RDS or Aurora. */
export function dbInstanceArn(region: string, id: string): string {
  return rdsArn(region, 'db', id);
}

/** A thing of RDS, such as `subgrp` and the name of a group of subnets. */
export function rdsArn(region: string, type: string, name: string): string {
  return `arn:${Aws.PARTITION}:rds:${region}:${Aws.ACCOUNT_ID}:${type}:${name}`;
}

/** A vault of AWS Backup. */
export function backupVaultArn(region: string, name: string): string {
  return `arn:${Aws.PARTITION}:backup:${region}:${Aws.ACCOUNT_ID}:backup-vault:${name}`;
}

/** A CloudWatch alarm of the user's. */
export function alarmArn(region: string, name: string): string {
  return `arn:${Aws.PARTITION}:cloudwatch:${region}:${Aws.ACCOUNT_ID}:alarm:${name}`;
}

/** A rule of EventBridge; the ARN of one on the default bus does not name the bus. */
export function eventRuleArn(region: string, name: string, bus: string): string {
  const path = bus === 'default' ? name : `${bus}/${name}`;
  return `arn:${Aws.PARTITION}:events:${region}:${Aws.ACCOUNT_ID}:rule/${path}`;
}

/** What has a function read a queue or a stream. */
export function eventSourceMappingArn(region: string, uuid: string): string {
  return `arn:${Aws.PARTITION}:lambda:${region}:${Aws.ACCOUNT_ID}:event-source-mapping:${uuid}`;
}

/** A parameter of Systems Manager, whose name begins with a slash. */
export function parameterArn(region: string, name: string): string {
  return `arn:${Aws.PARTITION}:ssm:${region}:${Aws.ACCOUNT_ID}:parameter${name}`;
}

/** A secret of Secrets Manager, which adds a hyphen and six characters of its own to the name. */
export function secretArns(region: string, name: string): string {
  return `arn:${Aws.PARTITION}:secretsmanager:${region}:${Aws.ACCOUNT_ID}:secret:${name}-??????`;
}

/** Every key of KMS in a region. */
export function keyArns(region: string): string {
  return `arn:${Aws.PARTITION}:kms:${region}:${Aws.ACCOUNT_ID}:key/*`;
}
