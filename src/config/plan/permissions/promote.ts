import type { DataResource } from '../../../core/model/data.ts';
import type { Service } from '../../../core/model/service.ts';
import { promotedTag } from '../promoted-tag.ts';
import { hookArn, ownAccount, partition, userTableArn } from './arn.ts';
import type { Statement } from './statement.ts';
import { allow, type KindStatements } from './statement.ts';

/**
 * What the `promote` function of a region may do: read and promote what the services declare, and nothing else.
 *
 * Source of actions and resources: Service Authorization Reference, Amazon RDS (whose actions DocumentDB and Neptune
 * use), Amazon ElastiCache, Amazon S3, Amazon DynamoDB, Amazon Aurora DSQL, Amazon MemoryDB.
 */
export const promoteStatements: KindStatements = ({ region, services }) =>
  Object.values(services).flatMap(({ data, sites }) => {
    const isHere = Object.values(sites).some((site) => site.region === region);
    return data === undefined || !isHere ? [] : statementsOf(data, region, partsIn(sites, region));
  });

type Replicas = Extract<DataResource, { readonly kind: 'rds-replica' }>;

/** Picks what a region's sites have of something. */
type Local = (parts: Readonly<Record<string, string>>) => readonly string[];

/** What a region's sites have of something, by site. */
export function partsIn(sites: Service['sites'], region: string): Local {
  return (parts) => Object.keys(parts).flatMap((site) => (sites[site]?.region === region ? [parts[site] ?? ''] : []));
}

function statementsOf(data: DataResource, region: string, local: Local): readonly Statement[] {
  switch (data.kind) {
    case 'aurora-global':
    case 'documentdb-global':
    case 'neptune-global':
      return [
        ...dataReads(data, region, local),
        allow(['rds:DescribeDBClusters'], local(data.clusters)),
        allow(
          ['rds:FailoverGlobalCluster', 'rds:SwitchoverGlobalCluster'],
          [globalClusterArn(data.globalId), ...Object.values(data.clusters)],
        ),
      ];
    case 'rds-replica':
      return replicaStatements(instanceArns(data, region, local));
    case 'elasticache-global':
      return [
        allow(
          ['elasticache:DescribeGlobalReplicationGroups', 'elasticache:FailoverGlobalReplicationGroup'],
          [datastoreArn(data.globalId)],
        ),
      ];
    case 's3-mrap':
      return [
        allow(['s3:GetMultiRegionAccessPointRoutes', 's3:SubmitMultiRegionAccessPointRoutes'], [data.accessPointArn]),
      ];
    case 'custom':
      return dataReads(data, region, local);
    case 'dynamodb-global':
    case 'aurora-dsql':
    case 'memorydb-multi-region':
      return [];
  }
}

/**
 * What reading the roles of data takes: who writes, and whether a site's part is a replica. A function of the user's is
 * invoked for that as for anything else. Of data that every site writes, what reading the state of a site's part takes.
 */
export function dataReads(data: DataResource, region: string, local: Local): readonly Statement[] {
  switch (data.kind) {
    case 'aurora-global':
    case 'documentdb-global':
    case 'neptune-global':
      return [allow(['rds:DescribeGlobalClusters'], [globalClusterArn(data.globalId)])];
    case 'rds-replica':
      return [allow(['rds:DescribeDBInstances'], instanceArns(data, region, local))];
    case 'elasticache-global':
      return [allow(['elasticache:DescribeGlobalReplicationGroups'], [datastoreArn(data.globalId)])];
    case 's3-mrap':
      return [allow(['s3:GetMultiRegionAccessPointRoutes'], [data.accessPointArn])];
    case 'custom':
      return [
        allow(
          ['lambda:InvokeFunction'],
          local(data.functions).map((name) => hookArn(region, name)),
        ),
      ];
    case 'dynamodb-global':
      return [
        allow(['dynamodb:DescribeTable'], [userTableArn(region, data.tableName)]),
        allow(['dynamodb:DescribeGlobalTable'], [globalTableArn(data.tableName)]),
      ];
    case 'aurora-dsql':
      return [allow(['dsql:GetCluster'], local(data.clusters))];
    case 'memorydb-multi-region':
      return [allow(['memorydb:DescribeClusters'], local(data.clusters))];
  }
}

function globalClusterArn(globalId: string): string {
  return `arn:${partition}:rds::${ownAccount}:global-cluster:${globalId.toLowerCase()}`;
}

/** A global table of the old version; those of today have no ARN of their own. */
function globalTableArn(name: string): string {
  return `arn:${partition}:dynamodb::${ownAccount}:global-table/${name}`;
}

function datastoreArn(globalId: string): string {
  return `arn:${partition}:elasticache::${ownAccount}:globalreplicationgroup:${globalId}`;
}

function instanceArns({ instances }: Replicas, region: string, local: Local): readonly string[] {
  return local(instances).map((id) => `arn:${partition}:rds:${region}:${ownAccount}:db:${id}`);
}

/** Of the tags, only the one that says that the instance was promoted. */
function replicaStatements(instances: readonly string[]): readonly Statement[] {
  return [
    allow(['rds:DescribeDBInstances', 'rds:PromoteReadReplica'], instances),
    {
      actions: ['rds:AddTagsToResource'],
      resources: [...instances],
      conditions: {
        'ForAllValues:StringEquals': { 'aws:TagKeys': [promotedTag] },
        Null: { 'aws:TagKeys': 'false' },
      },
    },
  ];
}
