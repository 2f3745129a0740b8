import type { Deployment } from '../../../core/model/deployment.ts';
import { type FunctionKind, functionName, stateTableName, topicName } from '../names.ts';

/** Names of things as policies want them. All are known beforehand, so that no stack has to ask another. */

/** Stands for the partition in an ARN: `aws`, and others in China or for governments. */
export const partition = '<partition>';

/** Stands for the account of the deployment in an ARN. */
export const ownAccount = '<account>';

type Named = Pick<Deployment, 'name'>;

/** In place of a region: the thing of that name in any region. */
export const anyRegion = '*';

/** The state table of a region. */
export function tableArn({ name }: Named, region: string): string {
  return userTableArn(region, stateTableName(name));
}

/** A function of a region. */
export function functionArn({ name }: Named, region: string, kind: FunctionKind): string {
  return `arn:${partition}:lambda:${region}:${ownAccount}:function:${functionName(name, kind)}`;
}

/** The topic of a region. */
export function topicArn({ name }: Named, region: string): string {
  return `arn:${partition}:sns:${region}:${ownAccount}:${topicName(name)}`;
}

/** A role of IAM in any account. */
export function roleArn(account: string, name: string): string {
  return `arn:${partition}:iam::${account}:role/${name}`;
}

/** Types of things of EC2. */
export type Ec2Type = 'elastic-ip' | 'instance' | 'security-group' | 'network-interface' | 'route-table';

/** A thing of EC2, such as `instance` and `i-0123456789abcdef0`. */
export function ec2Arn(region: string, type: Ec2Type, id: string): string {
  return `arn:${partition}:ec2:${region}:${ownAccount}:${type}/${id}`;
}

/** A function of the user's. */
export function userFunctionArn(region: string, name: string): string {
  return `arn:${partition}:lambda:${region}:${ownAccount}:function:${name}`;
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
  return `arn:${partition}:autoscaling:${region}:${ownAccount}:autoScalingGroup:*:autoScalingGroupName/${name}`;
}

/** A service of Amazon ECS. */
export function ecsServiceArn(region: string, cluster: string, name: string): string {
  return `arn:${partition}:ecs:${region}:${ownAccount}:service/${cluster}/${name}`;
}

/** A cluster of EKS. */
export function eksClusterArn(region: string, cluster: string): string {
  return `arn:${partition}:eks:${region}:${ownAccount}:cluster/${cluster}`;
}

/** A managed node group of EKS; at the end stands an id of its own, which nobody knows beforehand. */
export function nodegroupArn(region: string, cluster: string, name: string): string {
  return `arn:${partition}:eks:${region}:${ownAccount}:nodegroup/${cluster}/${name}/*`;
}

/** A table of DynamoDB, of the user's. */
export function userTableArn(region: string, name: string): string {
  return `arn:${partition}:dynamodb:${region}:${ownAccount}:table/${name}`;
}

/** What Application Auto Scaling scales; it is known by an id that AWS chooses. */
export function scalableTargetArn(region: string): string {
  return `arn:${partition}:application-autoscaling:${region}:${ownAccount}:scalable-target/*`;
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
  return `arn:${partition}:rds:${region}:${ownAccount}:${type}:${name}`;
}

/** A vault of AWS Backup. */
export function backupVaultArn(region: string, name: string): string {
  return `arn:${partition}:backup:${region}:${ownAccount}:backup-vault:${name}`;
}

/** A CloudWatch alarm of the user's. */
export function alarmArn(region: string, name: string): string {
  return `arn:${partition}:cloudwatch:${region}:${ownAccount}:alarm:${name}`;
}

/** A rule of EventBridge; the ARN of one on the default bus does not name the bus. */
export function eventRuleArn(region: string, name: string, bus: string): string {
  const path = bus === 'default' ? name : `${bus}/${name}`;
  return `arn:${partition}:events:${region}:${ownAccount}:rule/${path}`;
}

/** A schedule of EventBridge Scheduler. */
export function scheduleArn(region: string, name: string, group: string): string {
  return `arn:${partition}:scheduler:${region}:${ownAccount}:schedule/${group}/${name}`;
}

/** A role of the user's in the account of what it is used for; its name may begin with a path. */
export function userRoleArn(name: string): string {
  return roleArn(ownAccount, name);
}

/** A hosted zone of Route 53. */
export function zoneArn(id: string): string {
  return `arn:${partition}:route53:::hostedzone/${id}`;
}

/** What has a function read a queue or a stream. */
export function eventSourceMappingArn(region: string, uuid: string): string {
  return `arn:${partition}:lambda:${region}:${ownAccount}:event-source-mapping:${uuid}`;
}

/** A parameter of Systems Manager, whose name begins with a slash. */
export function parameterArn(region: string, name: string): string {
  return `arn:${partition}:ssm:${region}:${ownAccount}:parameter${name}`;
}

/** A secret of Secrets Manager, which adds a hyphen and six characters of its own to the name. */
export function secretArns(region: string, name: string): string {
  return `arn:${partition}:secretsmanager:${region}:${ownAccount}:secret:${name}-??????`;
}

/** Every key of KMS in a region. */
export function keyArns(region: string): string {
  return `arn:${partition}:kms:${region}:${ownAccount}:key/*`;
}
