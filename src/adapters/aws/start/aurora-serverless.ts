import { type DBCluster, DescribeDBClustersCommand, ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import type { ScaleHandle } from './scale-handle.ts';

/**
 * Statuses of a cluster in which what was asked for is in force and its instances take connections. In any other, such
 * as `modifying`, the size counts as not there yet. Source: Amazon Aurora User Guide, "Viewing DB cluster status".
 */
const inForce: readonly string[] = ['available', 'backing-up', 'failing-over', 'switching-over', 'promoting'];

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
 * Aurora refuses a change while another is under way (`InvalidDBClusterStateFault`); the order is given again then.
 */
export const auroraServerless: ScaleHandle<'aurora-serverless'> = {
  async read(clients, { region }, { cluster }) {
    const { Status = '', DBClusterMembers = [], ...seen } = await describeCluster(clients, region, cluster);
    const wanted = seen.ServerlessV2ScalingConfiguration?.MinCapacity ?? 0;
    return { wanted, ready: inForce.includes(Status) && DBClusterMembers.length > 0 ? wanted : 0 };
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
