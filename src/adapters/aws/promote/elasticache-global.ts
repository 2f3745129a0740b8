import {
  DescribeGlobalReplicationGroupsCommand,
  ElastiCacheClient,
  FailoverGlobalReplicationGroupCommand,
  type GlobalReplicationGroup,
} from '@aws-sdk/client-elasticache';
import type { DataResource } from '../../../core/model/data.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { type Promoter, partOf, type RegionOf, requireLossAllowed } from './promoter.ts';

type GlobalDatastore = Extract<DataResource, { readonly kind: 'elasticache-global' }>;

/**
 * Status of a global datastore while its primary changes. The API reference lists none; a failover is refused unless
 * the datastore is `available` (API reference, `FailoverGlobalReplicationGroup`, `InvalidGlobalReplicationGroupState`).
 */
const movingStatus = 'modifying';

/** Status of a member that follows the primary. Source: ElastiCache User Guide, "Replication across AWS Regions". */
const memberStatus = 'associated';

/**
 * The primary of an ElastiCache global datastore.
 *
 * Replication is asynchronous and there is one call for both ways of moving: `FailoverGlobalReplicationGroup` promotes
 * a secondary with what it has, so a planned promotion needs the permission to lose as much as an unplanned one. Every
 * call goes to the target's region, which has a member.
 *
 * Replication groups are told apart by region and id: the same id may be in two regions.
 */
export function elastiCacheGlobal(clients: AwsClients, data: GlobalDatastore, regionOf: RegionOf): Promoter {
  return {
    readWriter: async (region, service) => {
      const group = await describe(clients, region, data.globalId);
      const primary = group.Members?.find(({ Role }) => Role?.toUpperCase() === 'PRIMARY');
      const writer = Object.keys(data.members).find(
        (site) =>
          data.members[site] === primary?.ReplicationGroupId &&
          regionOf(service, site) === primary?.ReplicationGroupRegion,
      );
      return { writer: writer ?? null, isMoving: group.Status?.toLowerCase() === movingStatus };
    },
    promote: async (promotion) => {
      const { service, to } = promotion;
      const groupId = partOf(data.members, to, 'replication group');
      requireLossAllowed(promotion, `${data.globalId}: a promotion may lose what was not replicated`);
      const home = regionOf(service, to);
      const command = new FailoverGlobalReplicationGroupCommand({
        GlobalReplicationGroupId: data.globalId,
        PrimaryRegion: home,
        PrimaryReplicationGroupId: groupId,
      });
      await clients.call((options) => clients.of(ElastiCacheClient, home).send(command, options));
    },
    // A group that has left the datastore is a primary of its own.
    roleOf: async (service, site) => {
      const groupId = partOf(data.members, site, 'replication group');
      const home = regionOf(service, site);
      const { Members, Status } = await describe(clients, home, data.globalId);
      if (Members === undefined || Status?.toLowerCase() === movingStatus) return undefined;
      const member = Members.find(
        ({ ReplicationGroupId, ReplicationGroupRegion }) =>
          ReplicationGroupId === groupId && ReplicationGroupRegion === home,
      );
      if (member?.Status?.toLowerCase() !== memberStatus) return 'takes-writes';
      const role = member.Role?.toUpperCase();
      return role === 'SECONDARY' ? 'replica' : role === 'PRIMARY' ? 'sole-writer' : undefined;
    },
  };
}

async function describe(clients: AwsClients, region: string, globalId: string): Promise<GlobalReplicationGroup> {
  const command = new DescribeGlobalReplicationGroupsCommand({
    GlobalReplicationGroupId: globalId,
    ShowMemberInfo: true,
  });
  const { GlobalReplicationGroups } = await clients.call((options) =>
    clients.of(ElastiCacheClient, region).send(command, options),
  );
  const found = GlobalReplicationGroups?.find(({ GlobalReplicationGroupId }) => GlobalReplicationGroupId === globalId);
  if (!found) throw new PortError({ kind: 'invalid', detail: `no global datastore ${globalId} in ${region}` });
  return found;
}
