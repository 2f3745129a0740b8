import { type DBCluster, DescribeDBClustersCommand, ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import type { ScaleState } from '../../../core/kinds/start.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import type { ScaleHandle } from './scale-handle.ts';

/** Status of a cluster that takes a change. */
const available = 'available';

/**
 * Statuses that pass by themselves, in which what was asked for is in force and the instances of a cluster take
 * connections. Source: Amazon Aurora User Guide, "Viewing DB cluster status", as for all statuses here.
 */
const passingInForce: readonly string[] = ['backing-up', 'failing-over', 'switching-over', 'promoting'];

/** Statuses that pass by themselves, and in which the size counts as not there yet. */
const passing: readonly string[] = [
  'backtracking',
  'configuring-iam-database-auth',
  'configuring-log-exports',
  'creating',
  'maintenance',
  'migrating',
  'modifying',
  'renaming',
  'resetting-master-credentials',
  'starting',
  'storage-optimization',
  'update-iam-db-auth',
  'upgrading',
];

/**
 * The least capacity of an Aurora cluster's serverless instances, in Aurora capacity units.
 *
 * A new range is in force at once, whether it is to be applied immediately or not. An instance below the new minimum
 * grows to it from then on; how far it is, only a metric of CloudWatch says, a minute later. So ready means that the
 * cluster has the range and an instance, not that the instance has grown. Source: Amazon Aurora User Guide, "Setting
 * the Aurora serverless capacity range for a cluster".
 *
 * `MaxCapacity` is raised when it would refuse the size, and is not lowered again, because a higher maximum costs
 * nothing by itself. Parameters that follow from it, such as `max_connections`, follow with the next restart. Source:
 * the same guide, "Working with parameter groups for Aurora serverless".
 *
 * Aurora takes a change of a cluster that is available only (`InvalidDBClusterStateFault`: "DB cluster is not available
 * for modification with status modifying"); any other status that passes is waited for. Source: aws-controllers-k8s
 * issue 1107 and rds-controller pull request 56.
 */
export const auroraServerless: ScaleHandle<'aurora-serverless'> = {
  async read(clients, { region }, { cluster }) {
    const { Status = '', DBClusterMembers = [], ...seen } = await describeCluster(clients, region, cluster);
    const wanted = seen.ServerlessV2ScalingConfiguration?.MinCapacity ?? 0;
    const isInForce = [available, ...passingInForce].includes(Status) && DBClusterMembers.length > 0;
    return {
      wanted,
      ready: isInForce ? wanted : 0,
      ...(isBusy(Status) || passingInForce.includes(Status) ? busyWith(cluster, Status) : {}),
    };
  },

  async set(clients, { region }, { cluster }, { size }) {
    const range = (await describeCluster(clients, region, cluster)).ServerlessV2ScalingConfiguration;
    if (range?.MaxCapacity === undefined) {
      const detail = `cluster ${cluster} has no range of capacity: add a serverless instance to it`;
      throw new PortError({ kind: 'invalid', detail });
    }
    if (range.MinCapacity === size) return;
    const command = new ModifyDBClusterCommand({
      DBClusterIdentifier: cluster,
      ServerlessV2ScalingConfiguration: { MinCapacity: size, MaxCapacity: Math.max(range.MaxCapacity, size) },
      ApplyImmediately: true,
    });
    await clients.call((options) => clients.of(RDSClient, region).send(command, options));
  },
};

/** Whether something is done to a cluster, in which it takes neither a change nor another instance. */
export function isBusy(status: string): boolean {
  return passing.includes(status);
}

/** What is said of a cluster that takes no change at present. */
export function busyWith(cluster: string, status: string): Pick<ScaleState, 'isBusy' | 'hindrance'> {
  return { isBusy: true, hindrance: `cluster ${cluster} is ${status}` };
}

/**
 * A cluster of Aurora, as its region knows it.
 *
 * @throws {PortError} `invalid` when the region has no such cluster
 */
export async function describeCluster(clients: AwsClients, region: string, cluster: string): Promise<DBCluster> {
  const command = new DescribeDBClustersCommand({ DBClusterIdentifier: cluster });
  const { DBClusters } = await clients.call((options) => clients.of(RDSClient, region).send(command, options));
  const found = DBClusters?.find(({ DBClusterIdentifier }) => DBClusterIdentifier === cluster);
  if (!found) throw new PortError({ kind: 'invalid', detail: `no cluster ${cluster} in ${region}` });
  return found;
}
