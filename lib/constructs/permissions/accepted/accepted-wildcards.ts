import { Aws } from 'aws-cdk-lib';
import type { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { accept } from './accepted-finding.ts';

/** Why a policy names no single resource, by the end of what it names instead. Any other wildcard is a finding. */
const reasons: readonly (readonly [ending: string, reason: string])[] = [
  [':log-stream:*', "Lambda chooses the names of the streams in the function's own log group."],
  [':healthcheck/*', 'Route 53 chooses the ids while the stack is deployed; their status can be read, nothing else.'],
  [
    ':key/*',
    'The key of a secret or a topic is chosen with it; it may be used for what is named by its context, for nothing else.',
  ],
  [':change/*', 'Route 53 chooses the id of each change; its state can be read, nothing else.'],
  [':security-group/*', 'An instance gets back the groups that it had, which no configuration names.'],
  [':db:*', 'Which instances a cluster has, only the cluster knows; they can be read, nothing else.'],
  ['-before-*', 'The epoch before which an instance wrote is part of its later name; the rest of the name is given.'],
  [':og:*', 'A reader gets the groups that its cluster has; making an instance changes none of them.'],
  [':pg:*', 'A reader gets the groups that its cluster has; making an instance changes none of them.'],
  [':subgrp:*', 'A reader gets the groups that its cluster has; making an instance changes none of them.'],
  [
    ':scalable-target/*',
    'Application Auto Scaling chooses the id; conditions name the service and which capacities of tables are meant.',
  ],
  [':role/*', 'CloudFormation chooses the names; what the roles may do can be asked, nothing else.'],
  [':network-interface/*', 'EC2 chooses the id of the interface that holds an address; the address is named.'],
];

/** An Auto Scaling group is named by its name; the id before that is its own. */
const groupId = ':autoScalingGroup:*:autoScalingGroupName/';
const groupIdReason = 'Auto Scaling chooses the id of a group, and its name, which is unique in a region, follows.';

/** A managed node group of EKS is named by its cluster and its name; the id after that is its own. */
const nodegroup = /:nodegroup\/[^/*]+\/[^/*]+\/\*$/;
const nodegroupReason = 'EKS chooses the id of a node group; its name, which is unique in a cluster, goes before.';

/** A register names its voters, and so the regions of the one table that is meant. */
const tableOfAnyRegion = ':dynamodb:*:';
const tableReason = 'A configuration before or after this one may have made a region a voter; the table is named.';

/** Each control region has a function of this name. */
const functionOfAnyRegion = ':lambda:*:';
const functionReason = 'Each control region has the function; it is named, and its settings can be read, nothing else.';

/** Each control region has a topic of this name. */
const topicOfAnyRegion = ':sns:*:';
const topicReason = 'Each control region has the topic; it is named, and its subscribers can be read, nothing else.';

/** Each control region has an alarm of this name. */
const alarmOfAnyRegion = ':cloudwatch:*:';
const alarmReason = 'Each control region has the alarm; it is named, and its state can be read, nothing else.';

/**
 * Actions that know no resources, or none that is known beforehand. Source: Service Authorization Reference, AWS
 * Application Auto Scaling, AWS Backup, Amazon EC2, Amazon EC2 Auto Scaling, Elastic Load Balancing, Amazon ECS, Amazon
 * CloudWatch, AWS Global Accelerator, AWS Lambda, Amazon Route 53, Service Quotas and AWS X-Ray.
 */
const withoutResources = new Set([
  'application-autoscaling:DescribeScalableTargets',
  'autoscaling:DescribeAutoScalingGroups',
  'autoscaling:DescribeScalingActivities',
  'backup:ListRestoreJobsByProtectedResource',
  'cloudwatch:DescribeAlarms',
  'cloudwatch:GetMetricData',
  'ec2:DescribeAddresses',
  'ec2:DescribeImages',
  'ec2:DescribeInstanceStatus',
  'ec2:DescribeInstanceTypes',
  'ec2:DescribeInstances',
  'ec2:DescribeLaunchTemplateVersions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeRouteTables',
  'ec2:DescribeSecurityGroups',
  'ecs:DescribeTaskDefinition',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeLoadBalancerAttributes',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTargetGroupAttributes',
  'elasticloadbalancing:DescribeTargetHealth',
  'globalaccelerator:ListCrossAccountResources',
  'lambda:GetAccountSettings',
  'route53:GetAccountLimit',
  'servicequotas:GetAWSDefaultServiceQuota',
  'servicequotas:GetServiceQuota',
  'xray:PutTraceSegments',
  'xray:PutTelemetryRecords',
]);
/** What Lambda does in the name of a role to attach a function to a VPC; the function itself is denied it. */
const interfaceSids = new Set(['Interfaces', 'InterfacesNotByCode']);

/** Accepts cdk-nag's finding AwsSolutions-IAM5 for each wildcard that has its reason here. */
export function acceptWildcards(role: Role, statements: readonly PolicyStatement[]): void {
  for (const statement of statements) {
    for (const resource of statement.resources) {
      const reason = reasonFor(statement, resource);
      if (reason !== null) accept(role, `AwsSolutions-IAM5[Resource::${readable(resource)}]`, reason);
    }
  }
}

function reasonFor(statement: PolicyStatement, resource: string): string | null {
  if (resource.includes(groupId)) return groupIdReason;
  if (nodegroup.test(resource)) return nodegroupReason;
  if (resource.includes(tableOfAnyRegion)) return tableReason;
  if (resource.includes(alarmOfAnyRegion)) return alarmReason;
  if (resource.includes(functionOfAnyRegion)) return functionReason;
  if (resource.includes(topicOfAnyRegion)) return topicReason;
  if (resource !== '*') return reasons.find(([ending]) => resource.endsWith(ending))?.[1] ?? null;
  if (statement.actions.every((action) => withoutResources.has(action))) return 'These actions know no resources.';
  if (!interfaceSids.has(statement.sid ?? '')) return null;
  return 'Lambda names the interfaces that it makes in the name of this role; the code is denied the same actions.';
}

/** An ARN as cdk-nag writes it. */
function readable(resource: string): string {
  return resource
    .replaceAll(Aws.PARTITION, '<AWS::Partition>')
    .replaceAll(Aws.REGION, '<AWS::Region>')
    .replaceAll(Aws.ACCOUNT_ID, '<AWS::AccountId>');
}
