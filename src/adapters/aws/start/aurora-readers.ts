import {
  CreateDBInstanceCommand,
  type DBCluster,
  type DBInstance,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { readerNames } from '../../../config/plan/names.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { busyWith, describeCluster, isBusy } from './aurora-serverless.ts';
import type { ScaleHandle } from './scale-handle.ts';

/**
 * Statuses of an instance in which it takes connections. Source: Amazon Aurora User Guide, "Viewing DB instance status
 * in an Aurora DB cluster".
 */
const takesConnections: readonly (string | undefined)[] = [
  'available',
  'backing-up',
  'configuring-enhanced-monitoring',
  'configuring-iam-database-auth',
  'configuring-log-exports',
  'storage-optimization',
];

/** The last to be made the writer; a serverless one grows by itself. Source: the same guide, "Fault tolerance". */
const lastTier = 15;

/** RDS has an instance of that name already; an order before this one has made it. */
const alreadyThere = 'DBInstanceAlreadyExistsFault';
const alreadyThereCode = 'DBInstanceAlreadyExists';

/**
 * How many instances an Aurora cluster has besides the one that writes, or that will write once the cluster is
 * promoted: the cluster of a secondary region has readers only. Source: Amazon Aurora User Guide, "Configuration
 * requirements of an Amazon Aurora global database".
 *
 * What is missing is made like an instance that is there, under names that are reserved for it (`readerNames`), and
 * only what has such a name is ever deleted: never one that writes, and never the last one. The data is in the volume
 * of the cluster, so a reader that is deleted takes none with it. Source: the same guide, "Adding Aurora Replicas to a
 * DB cluster" and "Deleting a DB instance from an Aurora DB cluster". While something else is done to the cluster, it
 * gets no instance (`InvalidDBClusterStateFault`). Source: Amazon RDS API Reference, CreateDBInstance.
 */
export const auroraReaders: ScaleHandle<'aurora-readers'> = {
  async read(clients, { region }, { cluster }) {
    const seen = await describeCluster(clients, region, cluster);
    const { Status = '' } = seen;
    const members = namesIn(seen);
    const instances = members.length === 0 ? [] : await describeInstances(clients, region, cluster);
    const up = instances.filter(({ DBInstanceStatus }) => takesConnections.includes(DBInstanceStatus));
    // One that is being deleted is a member until it is gone.
    const leaving = instances.filter(({ DBInstanceStatus }) => DBInstanceStatus === 'deleting').length;
    return {
      wanted: Math.max(0, members.length - leaving - 1),
      ready: Math.max(0, up.length - 1),
      ...(isBusy(Status) ? busyWith(cluster, Status) : {}),
    };
  },

  async set(clients, place, { cluster }, { size }) {
    const { region } = place;
    const seen = await describeCluster(clients, region, cluster);
    const instances = await describeInstances(clients, region, cluster);
    const staying = instances.filter(({ DBInstanceStatus }) => DBInstanceStatus !== 'deleting');
    const model = staying.find((one) => !isOwn(cluster, one)) ?? staying[0];
    if (model === undefined) {
      const detail = `cluster ${cluster} has no instance: add one, which its readers are made like`;
      throw new PortError({ kind: 'invalid', detail });
    }
    const change = size - (staying.length - 1);
    if (change > 0) await add(clients, place, model, { cluster, taken: namesIn(seen), count: change });
    if (change < 0) await take(clients, region, { seen, staying, cluster, count: -change });
  },
};

async function add(
  clients: AwsClients,
  { region, service }: { readonly region: string; readonly service: string },
  model: DBInstance,
  { cluster, taken, count }: { readonly cluster: string; readonly taken: readonly string[]; readonly count: number },
): Promise<void> {
  const free = readerNames(cluster).filter((name) => !taken.includes(name));
  // Groups that AWS gives by itself need not be named.
  const group = model.DBParameterGroups?.[0]?.DBParameterGroupName;
  for (const name of free.slice(0, count)) {
    const command = new CreateDBInstanceCommand({
      DBInstanceIdentifier: name,
      DBClusterIdentifier: cluster,
      DBInstanceClass: model.DBInstanceClass,
      Engine: model.Engine,
      PubliclyAccessible: model.PubliclyAccessible,
      AutoMinorVersionUpgrade: model.AutoMinorVersionUpgrade,
      PromotionTier: lastTier,
      Tags: [{ Key: 'cdk-failover:service', Value: service }],
      ...(group === undefined || group.startsWith('default.') ? {} : { DBParameterGroupName: group }),
    });
    try {
      await clients.call((options) => clients.of(RDSClient, region).send(command, options));
    } catch (error) {
      if (!isAlreadyThere(error)) throw error;
    }
  }
}

async function take(
  clients: AwsClients,
  region: string,
  {
    seen,
    staying,
    cluster,
    count,
  }: {
    readonly seen: DBCluster;
    readonly staying: readonly DBInstance[];
    readonly cluster: string;
    readonly count: number;
  },
): Promise<void> {
  const writers = (seen.DBClusterMembers ?? []).filter(({ IsClusterWriter }) => IsClusterWriter);
  const isWriter = (name: string) => writers.some(({ DBInstanceIdentifier }) => DBInstanceIdentifier === name);
  const own = readerNames(cluster).filter((name) => staying.some((one) => one.DBInstanceIdentifier === name));
  const free = own.filter((name) => !isWriter(name)).reverse();
  if (free.length < count) {
    const others = staying.length - 1 - free.length;
    const detail = `cluster ${cluster} has ${others} readers that were not made here, or that write: raise standbySize to ${others}, or take them away`;
    throw new PortError({ kind: 'invalid', detail });
  }
  for (const name of free.slice(0, count)) {
    // Without this, RDS wants the name of a snapshot; an instance of Aurora has none of its own.
    const command = new DeleteDBInstanceCommand({ DBInstanceIdentifier: name, SkipFinalSnapshot: true });
    await clients.call((options) => clients.of(RDSClient, region).send(command, options));
  }
}

function namesIn({ DBClusterMembers = [] }: DBCluster): readonly string[] {
  return DBClusterMembers.flatMap(({ DBInstanceIdentifier }) => DBInstanceIdentifier ?? []);
}

function isOwn(cluster: string, { DBInstanceIdentifier = '' }: DBInstance): boolean {
  return readerNames(cluster).includes(DBInstanceIdentifier);
}

/** A cluster has sixteen instances at most, and a page of RDS a hundred. */
async function describeInstances(clients: AwsClients, region: string, cluster: string): Promise<readonly DBInstance[]> {
  const command = new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: [cluster] }] });
  const { DBInstances = [] } = await clients.call((options) => clients.of(RDSClient, region).send(command, options));
  return DBInstances.filter(({ DBClusterIdentifier }) => DBClusterIdentifier === cluster);
}

function isAlreadyThere(error: unknown): boolean {
  const name = error instanceof PortError && error.cause instanceof Error ? error.cause.name : '';
  return name === alreadyThere || name === alreadyThereCode;
}
