import type { Service } from '../../../core/model/service.ts';
import type { Scalable, Site } from '../../../core/model/site.ts';
import { concurrencyDimension, ecsCountDimension, readerNames, readersMax, scalableDimension } from '../names.ts';
import {
  aliasArn,
  autoScalingGroupArn,
  dbClusterArn,
  dbInstanceArn,
  ec2Arn,
  ecsServiceArn,
  eksClusterArn,
  nodegroupArn,
  rdsArn,
  scalableTargetArn,
  userFunctionArn,
  userTableArn,
} from './arn.ts';
import type { Statement } from './statement.ts';
import { allow, type KindStatements, lookStatements } from './statement.ts';

type ScalableOf<K extends Scalable['kind']> = Extract<Scalable, { readonly kind: K }>;

/** What reading and setting one thing needs. */
interface Grants {
  /** On the thing itself. */
  readonly own: { readonly actions: readonly string[]; readonly resources: readonly string[] };
  /** Actions that know no resources. */
  readonly look: readonly string[];
}

/**
 * What the `start` function of a region may do: read and set the sizes of what the sites there declare.
 *
 * Source of actions and resources: Service Authorization Reference, Amazon EC2 Auto Scaling, Amazon ECS, AWS Lambda,
 * Amazon EC2, Amazon RDS, Amazon EKS, Amazon DynamoDB, AWS Application Auto Scaling.
 */
export const startStatements: KindStatements = ({ region, services }) => {
  const scalables = scalablesIn(Object.values(services), [region]).map(({ scalable }) => scalable);
  const grants = scalables.map((scalable) => grantsOf(scalable, region));
  const clusters = Object.values(services).flatMap(({ sites }) => readClustersIn(Object.values(sites), region));
  return [
    ...mergedByActions(grants),
    ...readerStatements(clusters, region),
    ...scalingStatements(scalables, region),
    ...aliasStatements(scalables, region),
    ...lookStatements(grants.flatMap(({ look }) => look)),
  ];
};

/** Clusters whose readers are made and deleted. */
function readClustersIn(sites: readonly Site[], region: string): readonly string[] {
  return sites.flatMap((site) =>
    site.region === region
      ? site.scale.flatMap((scalable) => (scalable.kind === 'aurora-readers' ? scalable.cluster : []))
      : [],
  );
}

/**
 * To make an instance is permitted on the instance, its cluster, and the groups that the cluster has. Which instances a
 * cluster has, only the cluster knows. Source: Service Authorization Reference, "Amazon RDS", CreateDBInstance.
 */
function readerStatements(names: readonly string[], region: string): readonly Statement[] {
  if (names.length === 0) return [];
  const clusters = names.map((name) => dbClusterArn(region, name));
  const groups = ['og', 'pg', 'subgrp'].map((type) => rdsArn(region, type, '*'));
  return [
    allow(['rds:CreateDBInstance', 'rds:DescribeDBClusters'], clusters),
    allow(['rds:CreateDBInstance'], groups),
    allow(['rds:DescribeDBInstances'], [dbInstanceArn(region, '*')]),
  ];
}

/**
 * What Application Auto Scaling keeps of a size is known by an id that AWS chooses; which service and which of its
 * sizes it is about can be told. Source: Service Authorization Reference, "AWS Application Auto Scaling".
 */
function scalingStatements(scalables: readonly Scalable[], region: string): readonly Statement[] {
  const ofTables = scalables.flatMap((scalable) =>
    scalable.kind === 'dynamodb-capacity' ? scalableDimension(scalable) : [],
  );
  const ofServices = scalables.flatMap(({ kind }) => (kind === 'ecs-service' ? ecsCountDimension : []));
  const ofAliases = scalables.flatMap(({ kind }) => (kind === 'provisioned-concurrency' ? concurrencyDimension : []));
  const all = { dynamodb: ofTables, ecs: ofServices, lambda: ofAliases };
  const namespaces = Object.entries(all).filter(([, names]) => names.length > 0);
  return namespaces.map(([namespace, names]) => ({
    actions: ['application-autoscaling:RegisterScalableTarget'],
    resources: [scalableTargetArn(region)],
    conditions: {
      StringEquals: {
        'application-autoscaling:service-namespace': namespace,
        'application-autoscaling:scalable-dimension': [...new Set(names)].sort(),
      },
    },
  }));
}

/** Whether an alias has weights. Source: Service Authorization Reference, "AWS Lambda", GetAlias: the function. */
function aliasStatements(scalables: readonly Scalable[], region: string): readonly Statement[] {
  const arns = scalables.flatMap((scalable) =>
    scalable.kind === 'provisioned-concurrency' ? userFunctionArn(region, scalable.functionName) : [],
  );
  return arns.length === 0 ? [] : [allow(['lambda:GetAlias'], [...new Set(arns)])];
}

/** The instances that may be made and deleted: those of the reserved names alone, as many as are ever wanted. */
function readerArns(region: string, { cluster, size, asActive }: ScalableOf<'aurora-readers'>): readonly string[] {
  const names = readerNames(cluster).slice(0, asActive ? readersMax : size);
  return names.map((name) => dbInstanceArn(region, name));
}

/** What is scaled of the sites of some regions, each with its region. */
export function scalablesIn(
  services: readonly Service[],
  regions: readonly string[],
): readonly { readonly region: string; readonly scalable: Scalable }[] {
  return services.flatMap(({ sites }) =>
    Object.values(sites).flatMap(({ region, scale }) =>
      region !== undefined && regions.includes(region) ? scale.map((scalable) => ({ region, scalable })) : [],
    ),
  );
}

function grantsOf(scalable: Scalable, region: string): Grants {
  const on = (actions: readonly string[], resources: readonly string[], look: readonly string[] = []): Grants => ({
    own: { actions, resources },
    look,
  });
  switch (scalable.kind) {
    case 'auto-scaling-group':
      return on(
        ['autoscaling:UpdateAutoScalingGroup'],
        [autoScalingGroupArn(region, scalable.name)],
        ['autoscaling:DescribeAutoScalingGroups', 'autoscaling:DescribeScalingActivities'],
      );
    case 'ecs-service':
      return on(
        ['ecs:DescribeServices', 'ecs:UpdateService'],
        [ecsServiceArn(region, scalable.cluster, scalable.name)],
        ['application-autoscaling:DescribeScalableTargets'],
      );
    case 'eks-nodegroup':
      return on(
        ['eks:DescribeNodegroup', 'eks:UpdateNodegroupConfig'],
        [nodegroupArn(region, scalable.cluster, scalable.name)],
        ['autoscaling:DescribeAutoScalingGroups'],
      );
    case 'eks-deployment':
      // What it may do in the cluster, the cluster says.
      return on(['eks:DescribeCluster'], [eksClusterArn(region, scalable.cluster)]);
    case 'provisioned-concurrency':
      return on(
        [
          'lambda:DeleteProvisionedConcurrencyConfig',
          'lambda:GetProvisionedConcurrencyConfig',
          'lambda:PutProvisionedConcurrencyConfig',
        ],
        [aliasArn(region, scalable.functionName, scalable.alias)],
        ['application-autoscaling:DescribeScalableTargets'],
      );
    case 'aurora-serverless':
      return on(['rds:DescribeDBClusters', 'rds:ModifyDBCluster'], [dbClusterArn(region, scalable.cluster)]);
    case 'aurora-readers':
      return on(
        ['rds:AddTagsToResource', 'rds:CreateDBInstance', 'rds:DeleteDBInstance'],
        readerArns(region, scalable),
      );
    case 'dynamodb-capacity':
      return on(
        ['dynamodb:DescribeTable', 'dynamodb:UpdateTable'],
        [userTableArn(region, scalable.table)],
        ['application-autoscaling:DescribeScalableTargets'],
      );
    case 'custom':
      return on(['lambda:InvokeFunction'], [userFunctionArn(region, scalable.functionName)]);
    case 'instances':
      return on(
        ['ec2:StartInstances', 'ec2:StopInstances'],
        scalable.instanceIds.map((id) => ec2Arn(region, 'instance', id)),
        ['ec2:DescribeInstanceStatus', 'ec2:DescribeInstances'],
      );
  }
}

function mergedByActions(grants: readonly Grants[]): readonly Statement[] {
  const byActions = new Map<string, Set<string>>();
  for (const { own } of grants) {
    const key = own.actions.join();
    byActions.set(key, new Set([...(byActions.get(key) ?? []), ...own.resources]));
  }
  return [...byActions].map(([actions, resources]) => ({ actions: actions.split(','), resources: [...resources] }));
}
