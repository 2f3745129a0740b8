import type { WriterState } from '../../../core/kinds/promote.ts';
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

/** What the API says, with sites called as the function's own configuration calls them. */
function inWordsOf(data: DataResource, state: WriterState, idOf: (name: string) => string): WriterState {
  const parts = Object.values(data).filter((part) => typeof part === 'object');
  const known = parts.flatMap((part) => Object.keys(part));
  const named = (site: string) => known.find((name) => idOf(name) === idOf(site)) ?? site;
  const { writer, movingTo } = state;
  return {
    ...state,
    writer: writer === null ? null : named(writer),
    ...(movingTo === undefined ? {} : { movingTo: named(movingTo) }),
  };
}

/** Writers of data. A promotion that was taken counts as a change, though the writer changes later. */
export const promote: SimKind<'promote'> = {
  apis: Object.values(dataApis),
  apisOf: ({ data: { kind }, region }) => ({ ...dataApis[kind], region }),
  read: ({ databases, sites }, { service, to, data, isReturn }) => {
    const fault = databases.refusalOf(service, to);
    if (fault !== null) throw new SimFault(fault);
    return inWordsOf(data, databases.look(service, to, isReturn), (name) => sites.idOf(service, name));
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
