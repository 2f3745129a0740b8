import type { DataResource } from '../../../core/model/data.ts';
import { SimFault } from '../api-call.ts';
import type { ApiPair, SimKind } from './kind.ts';

/** What looks at data of a kind, and what promotes it. */
export const dataApis: Readonly<Record<DataResource['kind'], ApiPair>> = {
  'aurora-global': { read: 'rds:DescribeGlobalClusters', write: 'rds:FailoverGlobalCluster' },
  'documentdb-global': { read: 'rds:DescribeGlobalClusters', write: 'rds:FailoverGlobalCluster' },
  'neptune-global': { read: 'rds:DescribeGlobalClusters', write: 'rds:FailoverGlobalCluster' },
  'rds-replica': { read: 'rds:DescribeDBInstances', write: 'rds:PromoteReadReplica' },
  'elasticache-global': {
    read: 'elasticache:DescribeGlobalReplicationGroups',
    write: 'elasticache:FailoverGlobalReplicationGroup',
  },
  'dynamodb-global': { read: 'dynamodb:DescribeTable', write: 'dynamodb:UpdateTable' },
  'aurora-dsql': { read: 'dsql:GetCluster', write: 'dsql:UpdateCluster' },
  'memorydb-multi-region': { read: 'memorydb:DescribeClusters', write: 'memorydb:UpdateCluster' },
  's3-mrap': { read: 's3:GetMultiRegionAccessPointRoutes', write: 's3:SubmitMultiRegionAccessPointRoutes' },
  custom: { read: 'lambda:Invoke', write: 'lambda:Invoke' },
};

/** Writers of data. A promotion that was taken counts as a change, though the writer changes later. */
export const promote: SimKind<'promote'> = {
  apis: Object.values(dataApis),
  apisOf: ({ data: { kind }, region }) => ({ ...dataApis[kind], region }),
  read: ({ databases }, { service, to }) => {
    const fault = databases.refusalOf(service, to);
    if (fault !== null) throw new SimFault(fault);
    return databases.look(service, to);
  },
  write: ({ databases }, thing) => {
    const fault = databases.promote(thing);
    if (fault !== null) throw new SimFault(fault);
    return true;
  },
  targetOf: ({ service }) => service,
  wantedText: ({ to }) => to,
  seenText: ({ writer }) => String(writer),
};
