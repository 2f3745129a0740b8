import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { promotedTag } from '../../../src/config/plan/promoted-tag.ts';
import type { DataResource } from '../../../src/core/model/data.ts';
import type { Service } from '../../../src/core/model/service.ts';
import { hookArn } from './arn.ts';
import { allow, type KindStatements } from './kind-statements.ts';

/**
 * What the `promote` function of a region may do: read and promote what the services declare, and nothing else.
 *
 * Source of actions and resources: Service Authorization Reference, Amazon RDS (whose actions DocumentDB and Neptune
 * use), Amazon ElastiCache, Amazon S3.
 */
export const promoteStatements: KindStatements = ({ region, services }) =>
  Object.values(services).flatMap(({ data, sites }) => {
    const isHere = Object.values(sites).some((site) => site.region === region);
    return data === undefined || !isHere ? [] : statementsOf(data, region, partsIn(sites, region));
  });

/** Picks what a region's sites have of something. */
type Local = (parts: Readonly<Record<string, string>>) => readonly string[];

function partsIn(sites: Service['sites'], region: string): Local {
  return (parts) => Object.keys(parts).flatMap((site) => (sites[site]?.region === region ? [parts[site] ?? ''] : []));
}

function statementsOf(data: DataResource, region: string, local: Local): readonly PolicyStatement[] {
  switch (data.kind) {
    case 'aurora-global':
    case 'documentdb-global':
    case 'neptune-global': {
      const globalArn = `arn:${Aws.PARTITION}:rds::${Aws.ACCOUNT_ID}:global-cluster:${data.globalId.toLowerCase()}`;
      return [
        allow(['rds:DescribeGlobalClusters'], [globalArn]),
        allow(
          ['rds:FailoverGlobalCluster', 'rds:SwitchoverGlobalCluster'],
          [globalArn, ...Object.values(data.clusters)],
        ),
      ];
    }
    case 'rds-replica':
      return replicaStatements(
        local(data.instances).map((id) => `arn:${Aws.PARTITION}:rds:${region}:${Aws.ACCOUNT_ID}:db:${id}`),
      );
    case 'elasticache-global':
      return [
        allow(
          ['elasticache:DescribeGlobalReplicationGroups', 'elasticache:FailoverGlobalReplicationGroup'],
          [`arn:${Aws.PARTITION}:elasticache::${Aws.ACCOUNT_ID}:globalreplicationgroup:${data.globalId}`],
        ),
      ];
    case 's3-mrap':
      return [
        allow(['s3:GetMultiRegionAccessPointRoutes', 's3:SubmitMultiRegionAccessPointRoutes'], [data.accessPointArn]),
      ];
    case 'custom':
      return [
        allow(
          ['lambda:InvokeFunction'],
          local(data.functions).map((name) => hookArn(region, name)),
        ),
      ];
    case 'dynamodb-global':
      return [];
  }
}

/** Of the tags, only the one that says that the instance was promoted. */
function replicaStatements(instances: readonly string[]): readonly PolicyStatement[] {
  return [
    allow(['rds:DescribeDBInstances', 'rds:PromoteReadReplica'], instances),
    new PolicyStatement({
      actions: ['rds:AddTagsToResource'],
      resources: [...instances],
      conditions: {
        'ForAllValues:StringEquals': { 'aws:TagKeys': [promotedTag] },
        Null: { 'aws:TagKeys': 'false' },
      },
    }),
  ];
}
