import {
  DescribeDBClustersCommand as DescribeClusterDocumentDb,
  DescribeGlobalClustersCommand as DescribeDocumentDb,
  DocDBClient,
  FailoverGlobalClusterCommand as FailOverDocumentDb,
  SwitchoverGlobalClusterCommand as SwitchOverDocumentDb,
} from '@aws-sdk/client-docdb';
import {
  DescribeDBClustersCommand as DescribeClusterNeptune,
  DescribeGlobalClustersCommand as DescribeNeptune,
  FailoverGlobalClusterCommand as FailOverNeptune,
  NeptuneClient,
  SwitchoverGlobalClusterCommand as SwitchOverNeptune,
} from '@aws-sdk/client-neptune';
import {
  DescribeGlobalClustersCommand as DescribeAurora,
  DescribeDBClustersCommand as DescribeClusterAurora,
  FailoverGlobalClusterCommand as FailOverAurora,
  RDSClient,
  SwitchoverGlobalClusterCommand as SwitchOverAurora,
} from '@aws-sdk/client-rds';
import type { GlobalCluster } from '../../../core/model/data.ts';
import type { AwsClients } from '../clients.ts';

/** What the three APIs say of a global cluster, as far as it is looked at. */
export interface GlobalClusterView {
  readonly GlobalClusterIdentifier?: string | undefined;
  readonly Status?: string | undefined;
  readonly GlobalClusterMembers?:
    | readonly {
        readonly DBClusterArn?: string | undefined;
        readonly IsWriter?: boolean | undefined;
        /** Aurora and DocumentDB only. */
        readonly SynchronizationStatus?: string | undefined;
      }[]
    | undefined;
  /** Empty unless a switchover or failover is scheduled or in progress. */
  readonly FailoverState?:
    | { readonly Status?: string | undefined; readonly ToDbClusterArn?: string | undefined }
    | undefined;
}

/** What the three APIs say of one cluster, as far as it is looked at. */
export interface ClusterView {
  readonly DBClusterArn?: string | undefined;
  readonly Status?: string | undefined;
}

/** The calls that Aurora, DocumentDB and Neptune share. */
export interface GlobalClusterApi {
  describe(region: string, globalId: string): Promise<readonly GlobalClusterView[]>;
  /** @param cluster - identifier of a cluster in the region */
  describeCluster(region: string, cluster: string): Promise<readonly ClusterView[]>;
  /** Swaps the roles once the target has everything; loses nothing. */
  switchOver(region: string, globalId: string, targetArn: string): Promise<void>;
  /** Promotes the target with what it has. */
  failOver(region: string, globalId: string, targetArn: string): Promise<void>;
}

/** The API of a kind of global cluster. Each has a client of its own; all three are served by the RDS endpoints. */
export function globalClusterApi(clients: AwsClients, kind: GlobalCluster['kind']): GlobalClusterApi {
  switch (kind) {
    case 'aurora-global':
      return aurora(clients);
    case 'documentdb-global':
      return documentDb(clients);
    case 'neptune-global':
      return neptune(clients);
  }
}

function aurora(clients: AwsClients): GlobalClusterApi {
  const at = (region: string) => clients.of(RDSClient, region);
  return {
    describe: async (region, globalId) => {
      const command = new DescribeAurora(named(globalId));
      return (await clients.call((options) => at(region).send(command, options))).GlobalClusters ?? [];
    },
    describeCluster: async (region, cluster) => {
      const command = new DescribeClusterAurora({ DBClusterIdentifier: cluster });
      return (await clients.call((options) => at(region).send(command, options))).DBClusters ?? [];
    },
    switchOver: async (region, globalId, targetArn) => {
      const command = new SwitchOverAurora(targeted(globalId, targetArn));
      await clients.call((options) => at(region).send(command, options));
    },
    failOver: async (region, globalId, targetArn) => {
      const command = new FailOverAurora({ ...targeted(globalId, targetArn), AllowDataLoss: true });
      await clients.call((options) => at(region).send(command, options));
    },
  };
}

function documentDb(clients: AwsClients): GlobalClusterApi {
  const at = (region: string) => clients.of(DocDBClient, region);
  return {
    describe: async (region, globalId) => {
      const command = new DescribeDocumentDb(named(globalId));
      return (await clients.call((options) => at(region).send(command, options))).GlobalClusters ?? [];
    },
    describeCluster: async (region, cluster) => {
      const command = new DescribeClusterDocumentDb({ DBClusterIdentifier: cluster });
      return (await clients.call((options) => at(region).send(command, options))).DBClusters ?? [];
    },
    switchOver: async (region, globalId, targetArn) => {
      const command = new SwitchOverDocumentDb(targeted(globalId, targetArn));
      await clients.call((options) => at(region).send(command, options));
    },
    failOver: async (region, globalId, targetArn) => {
      const command = new FailOverDocumentDb({ ...targeted(globalId, targetArn), AllowDataLoss: true });
      await clients.call((options) => at(region).send(command, options));
    },
  };
}

function neptune(clients: AwsClients): GlobalClusterApi {
  const at = (region: string) => clients.of(NeptuneClient, region);
  return {
    describe: async (region, globalId) => {
      const command = new DescribeNeptune(named(globalId));
      return (await clients.call((options) => at(region).send(command, options))).GlobalClusters ?? [];
    },
    describeCluster: async (region, cluster) => {
      const command = new DescribeClusterNeptune({ DBClusterIdentifier: cluster });
      return (await clients.call((options) => at(region).send(command, options))).DBClusters ?? [];
    },
    switchOver: async (region, globalId, targetArn) => {
      const command = new SwitchOverNeptune(targeted(globalId, targetArn));
      await clients.call((options) => at(region).send(command, options));
    },
    failOver: async (region, globalId, targetArn) => {
      const command = new FailOverNeptune({ ...targeted(globalId, targetArn), AllowDataLoss: true });
      await clients.call((options) => at(region).send(command, options));
    },
  };
}

function named(globalId: string) {
  return { GlobalClusterIdentifier: globalId };
}

function targeted(globalId: string, targetArn: string) {
  return { GlobalClusterIdentifier: globalId, TargetDbClusterIdentifier: targetArn };
}
