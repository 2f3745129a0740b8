import type { Deployment } from '../../../core/model/deployment.ts';
import type { Service } from '../../../core/model/service.ts';
import type { BackupSource, Fence, Scalable } from '../../../core/model/site.ts';
import { networkBalancerOf } from '../../schema/aws-id.ts';
import { fencesIn, surveyedSites } from '../function-set.ts';
import { registerKey } from '../names.ts';
import {
  aliasArn,
  backupVaultArn,
  dbClusterArn,
  dbInstanceArn,
  ecsServiceArn,
  eksClusterArn,
  hookArn,
  nodegroupArn,
  ownAccount,
  partition,
  userFunctionArn,
  userTableArn,
} from './arn.ts';
import { dataReads, partsIn } from './promote.ts';
import { scalablesIn } from './start.ts';
import type { Statement } from './statement.ts';
import { lookStatements } from './statement.ts';
import { leadingKeys, readItems } from './tables.ts';

/** What a region's `survey` function reads of its own state table. */
export function surveyRegister(deployment: Deployment, region: string): Statement {
  const surveyed = Object.keys(deployment.services).filter((name) => {
    const service = deployment.services[name];
    return service !== undefined && surveyedSites(service, region).length > 0;
  });
  return readItems('Register', deployment, [region], surveyed.map(registerKey));
}

/**
 * What a region's `survey` function reads of sites. The audit of a standby also reads what the serving site runs on, in
 * any region.
 */
export function surveyStatements(deployment: Deployment, region: string): readonly Statement[] {
  const services = Object.values(deployment.services).filter((service) => surveyedSites(service, region).length > 0);
  const scaled = services.filter(({ sites }) =>
    Object.values(sites).some((site) => site.region === region && site.scale.length > 0),
  );
  const scalables = scalablesIn(
    scaled,
    scaled.flatMap(({ sites }) => Object.values(sites).flatMap((site) => site.region ?? [])),
  );
  return [
    ...scaledStatements(scalables, region),
    ...services.flatMap((service) => heartbeatStatements(service, region)),
    ...cacheStatements(services, region),
    ...services.flatMap((service) => openingStatements(service, region)),
    ...backupStatements(
      services.flatMap((service) => backupsIn(service, region)),
      region,
    ),
    ...lookStatements([
      ...services.flatMap((service) => looksOf(service, region)),
      ...scalables.flatMap(({ scalable }) => auditLooks(scalable)),
    ]),
  ];
}

/** Actions that know no resources, or none that is known beforehand. */
function looksOf(service: Service, region: string): readonly string[] {
  const sites = Object.entries(service.sites).filter(([, site]) => site.region === region);
  const hasMetric = sites.some(([, { measures }]) => measures.load !== undefined || measures.lag?.kind === 'metric');
  const hasTargets = sites.some(([name]) => service.traffic.targets?.targetGroups[name] !== undefined);
  const hasRestores = backupsIn(service, region).some(
    (backup) => backup.kind === 'aws-backup' && backup.maxRestoreAgeMs !== undefined,
  );
  return [
    ...(hasRestores ? ['backup:ListRestoreJobsByProtectedResource'] : []),
    ...(hasMetric || service.data !== undefined ? ['cloudwatch:GetMetricData'] : []),
    ...(hasTargets ? balancerLooks(service) : []),
    ...sites.flatMap(([, { fence }]) =>
      fence !== undefined && namesInstances(fence) ? ['ec2:DescribeInstanceStatus', 'ec2:DescribeInstances'] : [],
    ),
  ];
}

/** The health of targets, and what of a balancer wins over weights. */
function balancerLooks({ traffic }: Service): readonly string[] {
  const arns = traffic.targets?.listenerArn ?? [];
  const isRule = (arn: string) => arn.includes(':listener-rule/');
  return [
    'elasticloadbalancing:DescribeTargetGroupAttributes',
    'elasticloadbalancing:DescribeTargetHealth',
    ...(arns.some(isRule) ? ['elasticloadbalancing:DescribeRules'] : []),
    ...(arns.every(isRule) ? [] : ['elasticloadbalancing:DescribeListeners']),
    ...(arns.some((arn) => networkBalancerOf(arn) !== null)
      ? ['elasticloadbalancing:DescribeLoadBalancerAttributes']
      : []),
  ];
}

function namesInstances({ kind }: Fence): boolean {
  return kind === 'groups' || kind === 'targets' || kind === 'address';
}

/**
 * Permissions to read the roles of the data, and the answer of the user's function about a site that it has cut off.
 * Only `read` is sent to that function, but IAM cannot distinguish one request to a function from another.
 */
function openingStatements(service: Service, region: string): readonly Statement[] {
  const { data, sites } = service;
  const isHere = (site: string) => sites[site]?.region === region;
  const hooks = fencesIn([service], region).flatMap((fence) =>
    fence.kind === 'custom' || fence.kind === 'read-only' ? [hookArn(region, fence.functionName)] : [],
  );
  return [
    ...(data !== undefined && Object.keys(sites).some(isHere) ? dataReads(data, region, partsIn(sites, region)) : []),
    ...(hooks.length === 0 ? [] : [allow(['lambda:InvokeFunction'], hooks)]),
  ];
}

const imageLooks = ['ec2:DescribeImages', 'ec2:DescribeInstanceTypes', 'ec2:DescribeSecurityGroups'];
/** A quota has an ARN, but its default does not; both say how much an account may have, and no more. */
const quotaLooks = ['servicequotas:GetAWSDefaultServiceQuota', 'servicequotas:GetServiceQuota'];

function auditLooks(scalable: Scalable): readonly string[] {
  switch (scalable.kind) {
    case 'auto-scaling-group':
      return [
        'autoscaling:DescribeAutoScalingGroups',
        'ec2:DescribeLaunchTemplateVersions',
        ...imageLooks,
        ...quotaLooks,
      ];
    case 'ecs-service':
      return ['ecs:DescribeTaskDefinition', 'ec2:DescribeSecurityGroups', ...quotaLooks];
    case 'eks-nodegroup':
      return ['autoscaling:DescribeAutoScalingGroups'];
    case 'provisioned-concurrency':
      return quotaLooks;
    case 'instances':
      return ['ec2:DescribeInstanceStatus', 'ec2:DescribeInstances', ...imageLooks, ...quotaLooks];
    case 'dynamodb-capacity':
      return ['application-autoscaling:DescribeScalableTargets'];
    case 'aurora-serverless':
    case 'aurora-readers':
    case 'eks-deployment':
    case 'custom':
      return [];
  }
}

/** Of the other regions it reads sizes only: whoever may ask a function may also have it scale something. */
function scaledStatements(
  scalables: readonly { readonly region: string; readonly scalable: Scalable }[],
  ownRegion: string,
): readonly Statement[] {
  const services = scalables.flatMap(({ region, scalable }) =>
    scalable.kind === 'ecs-service' ? ecsServiceArn(region, scalable.cluster, scalable.name) : [],
  );
  const aliases = scalables.flatMap(({ region, scalable }) =>
    scalable.kind === 'provisioned-concurrency'
      ? [aliasArn(region, scalable.functionName, scalable.alias), userFunctionArn(region, scalable.functionName)]
      : [],
  );
  const nodegroups = scalables.flatMap(({ region, scalable }) =>
    scalable.kind === 'eks-nodegroup' ? nodegroupArn(region, scalable.cluster, scalable.name) : [],
  );
  const eksClusters = scalables.flatMap(({ region, scalable }) =>
    scalable.kind === 'eks-deployment' ? eksClusterArn(region, scalable.cluster) : [],
  );
  const clusters = scalables.flatMap(({ region, scalable }) =>
    scalable.kind === 'aurora-serverless' || scalable.kind === 'aurora-readers'
      ? dbClusterArn(region, scalable.cluster)
      : [],
  );
  // Which instances a cluster has, only the cluster knows.
  const instances = scalables.flatMap(({ region, scalable }) =>
    scalable.kind === 'aurora-readers' ? dbInstanceArn(region, '*') : [],
  );
  const tables = scalables.flatMap(({ region, scalable }) =>
    scalable.kind === 'dynamodb-capacity' ? userTableArn(region, scalable.table) : [],
  );
  const asked = scalables.flatMap(({ region, scalable }) =>
    scalable.kind === 'custom' && region === ownRegion ? userFunctionArn(region, scalable.functionName) : [],
  );
  return [
    ...(services.length === 0 ? [] : [allow(['ecs:DescribeServices'], services)]),
    ...(aliases.length === 0
      ? []
      : [
          allow(
            ['lambda:GetAlias', 'lambda:GetFunctionConfiguration', 'lambda:GetProvisionedConcurrencyConfig'],
            aliases,
          ),
        ]),
    ...(nodegroups.length === 0 ? [] : [allow(['eks:DescribeNodegroup'], nodegroups)]),
    ...(eksClusters.length === 0 ? [] : [allow(['eks:DescribeCluster'], eksClusters)]),
    ...(clusters.length === 0 ? [] : [allow(['rds:DescribeDBClusters'], clusters)]),
    ...(instances.length === 0 ? [] : [allow(['rds:DescribeDBInstances'], instances)]),
    ...(tables.length === 0 ? [] : [allow(['dynamodb:DescribeTable'], tables)]),
    ...(asked.length === 0 ? [] : [allow(['lambda:InvokeFunction'], asked)]),
  ];
}

/** The one item of each heartbeat, in the replica that is in the function's own region. */
function heartbeatStatements({ sites }: Service, region: string): readonly Statement[] {
  return Object.values(sites).flatMap(({ region: at, measures: { lag } }) =>
    at !== region || lag?.kind !== 'heartbeat'
      ? []
      : [
          {
            actions: ['dynamodb:GetItem'],
            resources: [userTableArn(region, lag.tableName)],
            conditions: leadingKeys([lag.key]),
          },
        ],
  );
}

/** The lag of a replication group is published by its nodes, whose names only it knows. */
function cacheStatements(services: readonly Service[], region: string): readonly Statement[] {
  const groups = services.flatMap(({ data, sites }) =>
    data?.kind === 'elasticache-global'
      ? Object.entries(data.members).flatMap(([site, group]) => (sites[site]?.region === region ? group : []))
      : [],
  );
  if (groups.length === 0) return [];
  const arn = (group: string) => `arn:${partition}:elasticache:${region}:${ownAccount}:replicationgroup:${group}`;
  return [allow(['elasticache:DescribeReplicationGroups'], groups.map(arn))];
}

function backupsIn({ sites }: Service, region: string): readonly BackupSource[] {
  return Object.values(sites).flatMap(({ region: at, measures }) => (at === region ? (measures.backup ?? []) : []));
}

/**
 * What is kept in the vaults, and what RDS can restore. Source: Service Authorization Reference, "AWS Backup" and
 * "Amazon RDS".
 */
function backupStatements(backups: readonly BackupSource[], region: string): readonly Statement[] {
  const vaults = backups.flatMap((backup) =>
    backup.kind === 'aws-backup' ? backupVaultArn(region, backup.vault) : [],
  );
  const databases = backups.flatMap(({ kind, resourceArn }) => (kind === 'rds' ? resourceArn : []));
  const clusters = databases.filter((arn) => arn.includes(':cluster:'));
  const instances = databases.filter((arn) => !arn.includes(':cluster:'));
  return [
    ...(vaults.length === 0 ? [] : [allow(['backup:ListRecoveryPointsByBackupVault'], vaults)]),
    ...(clusters.length === 0 ? [] : [allow(['rds:DescribeDBClusters'], clusters)]),
    ...(instances.length === 0 ? [] : [allow(['rds:DescribeDBInstances'], instances)]),
  ];
}

function allow(actions: readonly string[], resources: readonly string[]): Statement {
  return { actions: [...actions], resources: [...new Set(resources)] };
}
