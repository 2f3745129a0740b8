import { describe, expect, it } from 'vitest';
import { defineDeployment } from '../../src/config/loader.ts';
import { dataReads, partsIn, promoteStatements } from '../../src/config/plan/permissions/promote.ts';
import type { DataResource } from '../../src/core/model/data.ts';
import type { Service } from '../../src/core/model/service.ts';
import { shop } from '../unit/config/shop.fixture.ts';
import { resolved } from './resolved-statements.fixture.ts';

const region = 'us-west-2';
const clusters = {
  virginia: 'arn:aws:rds:us-east-1:123456789012:cluster:shop-east',
  oregon: 'arn:aws:rds:us-west-2:123456789012:cluster:shop-west',
};
const accessPointArn = 'arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap';

/** Clusters of a service in which every site writes. */
function watched(service: string) {
  const arn = (at: string) => `arn:aws:${service}:${at}:123456789012:cluster/${'a'.repeat(26)}`;
  return { virginia: arn('us-east-1'), oregon: arn('us-west-2') };
}

function withData(data: DataResource | undefined): Service {
  const { web } = defineDeployment(shop).services;
  if (!web) throw new Error('the fixture has no service "web"');
  return { ...web, data };
}

/** Statements as a template has them, with a concrete account. */
function statementsFor(data: DataResource | undefined, at = region): readonly unknown[] {
  return resolved(promoteStatements({ deployment: 'shop', region: at, services: { web: withData(data) } }), at);
}

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

describe('permissions of the data function', () => {
  it.each(['aurora-global', 'documentdb-global', 'neptune-global'] as const)(
    'reach one %s and its clusters',
    (kind) => {
      expect(statementsFor({ kind, globalId: 'Shop', clusters })).toEqual([
        {
          Effect: 'Allow',
          Action: 'rds:DescribeGlobalClusters',
          Resource: 'arn:aws:rds::123456789012:global-cluster:shop',
        },
        { Effect: 'Allow', Action: 'rds:DescribeDBClusters', Resource: clusters.oregon },
        {
          Effect: 'Allow',
          Action: ['rds:FailoverGlobalCluster', 'rds:SwitchoverGlobalCluster'],
          Resource: ['arn:aws:rds::123456789012:global-cluster:shop', clusters.virginia, clusters.oregon],
        },
      ]);
    },
  );

  it('reach the instance of its own region only, and one tag of it', () => {
    const instances = { virginia: 'shop-east', oregon: 'shop-west' };
    const arn = 'arn:aws:rds:us-west-2:123456789012:db:shop-west';

    expect(statementsFor({ kind: 'rds-replica', instances })).toEqual([
      { Effect: 'Allow', Action: ['rds:DescribeDBInstances', 'rds:PromoteReadReplica'], Resource: arn },
      {
        Effect: 'Allow',
        Action: 'rds:AddTagsToResource',
        Resource: arn,
        Condition: {
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['cdk-failover:promoted-from'] },
          Null: { 'aws:TagKeys': 'false' },
        },
      },
    ]);
  });

  it('reach one global datastore', () => {
    const members = { virginia: 'shop-east', oregon: 'shop-west' };

    expect(statementsFor({ kind: 'elasticache-global', globalId: 'ldgnf-shop', members })).toEqual([
      {
        Effect: 'Allow',
        Action: ['elasticache:DescribeGlobalReplicationGroups', 'elasticache:FailoverGlobalReplicationGroup'],
        Resource: 'arn:aws:elasticache::123456789012:globalreplicationgroup:ldgnf-shop',
      },
    ]);
  });

  it('reach the routes of one access point', () => {
    const buckets = { virginia: 'shop-east', oregon: 'shop-west' };

    expect(statementsFor({ kind: 's3-mrap', accessPointArn, buckets })).toEqual([
      {
        Effect: 'Allow',
        Action: ['s3:GetMultiRegionAccessPointRoutes', 's3:SubmitMultiRegionAccessPointRoutes'],
        Resource: accessPointArn,
      },
    ]);
  });

  it.each([
    ['shop-west', 'arn:aws:lambda:us-west-2:123456789012:function:shop-west'],
    ['arn:aws:lambda:us-west-2:999999999999:function:other', 'arn:aws:lambda:us-west-2:999999999999:function:other'],
  ])('reach the function of its own region only (%s)', (oregon, arn) => {
    expect(statementsFor({ kind: 'custom', functions: { virginia: 'shop-east', oregon } })).toEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn },
    ]);
  });

  it.each([
    ['aurora-global', { kind: 'aurora-global', globalId: 'shop', clusters }, 'rds:DescribeGlobalClusters'],
    ['rds-replica', { kind: 'rds-replica', instances: { virginia: 'e', oregon: 'w' } }, 'rds:DescribeDBInstances'],
    [
      'elasticache-global',
      { kind: 'elasticache-global', globalId: 'g', members: { virginia: 'e', oregon: 'w' } },
      'elasticache:DescribeGlobalReplicationGroups',
    ],
    [
      's3-mrap',
      { kind: 's3-mrap', accessPointArn, buckets: { virginia: 'e', oregon: 'w' } },
      's3:GetMultiRegionAccessPointRoutes',
    ],
    ['custom', { kind: 'custom', functions: { virginia: 'e', oregon: 'w' } }, 'lambda:InvokeFunction'],
  ] as const)('let a survey read the roles of %s, on what the promotion may read', (_kind, data, action) => {
    const local = partsIn(withData(data).sites, region);
    const reads = resolved(dataReads(data, region, local), region) as readonly Statement[];
    const promoted = statementsFor(data) as readonly Statement[];

    expect(reads.map(({ Action }) => Action)).toEqual([action]);
    expect(promoted.find(({ Action }) => [Action].flat().includes(action))?.Resource).toEqual(reads[0]?.Resource);
  });

  it.each([
    ['aurora-dsql', { kind: 'aurora-dsql', clusters: watched('dsql') }, 'dsql:GetCluster'],
    [
      'memorydb-multi-region',
      { kind: 'memorydb-multi-region', globalId: 'virxk-shop', clusters: watched('memorydb') },
      'memorydb:DescribeClusters',
    ],
  ] as const)(
    'let a survey read the state of %s, of its own region only, and nobody change it',
    (_kind, data, Action) => {
      const reads = resolved(dataReads(data, region, partsIn(withData(data).sites, region)), region);

      expect(reads).toEqual([{ Effect: 'Allow', Action, Resource: data.clusters.oregon }]);
      expect(statementsFor(data)).toEqual([]);
    },
  );

  it("let a survey read the state of dynamodb-global, of its own region's replica only, and nobody change it", () => {
    const data = { kind: 'dynamodb-global', tableName: 'shop' } as const;
    const reads = resolved(dataReads(data, region, partsIn(withData(data).sites, region)), region);

    expect(reads).toEqual([
      { Effect: 'Allow', Action: 'dynamodb:DescribeTable', Resource: expect.stringContaining(`:${region}:`) },
      {
        Effect: 'Allow',
        Action: 'dynamodb:DescribeGlobalTable',
        Resource: expect.stringContaining(':global-table/shop'),
      },
    ]);
    expect(statementsFor(data)).toEqual([]);
  });

  it('are none where there is nothing to promote', () => {
    expect(statementsFor(undefined)).toEqual([]);
    expect(statementsFor({ kind: 'dynamodb-global', tableName: 'shop' })).toEqual([]);
    expect(statementsFor({ kind: 'aurora-global', globalId: 'shop', clusters }, 'us-east-2')).toEqual([]);
  });
});
