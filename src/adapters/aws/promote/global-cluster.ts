import type { WriterState } from '../../../core/kinds/promote.ts';
import type { DataRole, GlobalCluster } from '../../../core/model/data.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { GlobalClusterApi, GlobalClusterView } from './global-cluster-api.ts';
import { type Promoter, partOf, requireLossAllowed } from './promoter.ts';

/** Statuses of a global cluster whose writer is about to change, besides a `FailoverState` of any status. */
const movingStatuses: readonly string[] = ['failing-over', 'switching-over'];

/**
 * Statuses of a cluster whose role changes: the global cluster may say nothing of it any more, or not yet. Source:
 * Amazon Aurora User Guide, "Viewing DB cluster status"; those of the global cluster besides.
 */
const changingStatuses: readonly string[] = [...movingStatuses, 'promoting'];

/**
 * Statuses of a cluster that takes what its role allows: it is well, or something is done to it beside its work.
 * Source: the same guide, "Viewing DB cluster status".
 */
const workingStatuses: readonly string[] = [
  'available',
  'backing-up',
  'configuring-iam-database-auth',
  'configuring-log-exports',
  'resetting-master-credentials',
  'storage-optimization',
  'update-iam-db-auth',
];

/** Statuses that end by themselves, of a cluster and of a global cluster. Source: the same. */
const passingStatuses: readonly string[] = [
  'backtracking',
  'creating',
  'maintenance',
  'migrating',
  'modifying',
  'renaming',
  'starting',
  'upgrading',
];

/**
 * Errors by which a global cluster takes no change of roles at present; no page of AWS says in which statuses. Source:
 * Amazon RDS API Reference, `FailoverGlobalCluster` and `SwitchoverGlobalCluster`.
 */
const refusals: readonly string[] = ['InvalidDBClusterStateFault', 'InvalidGlobalClusterStateFault'];

/** Status of a member that is in sync; the other status is `pending-resync`. */
const connectedStatus = 'connected';

/**
 * The writer of an Aurora global database, or of a global cluster of DocumentDB or Neptune.
 *
 * Any region with a member answers reads; the new site's region is asked. A failover is called in the region of the
 * cluster that is promoted, a switchover in the region of the cluster that is demoted, which is well in that case.
 * Sources: Amazon Aurora User Guide, "Using switchover or failover in Amazon Aurora Global Database"; Amazon DocumentDB
 * Developer Guide, "Disaster recovery and Amazon DocumentDB global clusters": `--region` of each CLI example.
 *
 * A failover needs `AllowDataLoss`: without it the API switches over, which takes a primary that is well (API
 * reference, `FailoverGlobalCluster`). `Switchover` cannot be given along with it and is not needed. So an unplanned
 * promotion without permission is refused here.
 *
 * A failover that AWS refuses while something passing is done to the cluster is asked for again until that has ended:
 * whoever would serve without it is gone. A planned promotion is refused before it begins instead: the writer would be
 * cut off for as long.
 *
 * @param refused - ARNs of clusters of which the newest failover was refused so; shared by all looks and writes of a
 *   process, and forgotten by the first look, which is the one after the write
 */
export function globalCluster(api: GlobalClusterApi, data: GlobalCluster, refused = new Set<string>()): Promoter {
  return {
    readWriter: async (region, _service, site, { isPlanned }) => {
      const arn = partOf(data.clusters, site, 'cluster');
      const wasRefused = refused.delete(arn);
      const view = await find(api, region, data.globalId);
      const status = await statusOf(api, arn);
      const sight = sightOf(view, status, arn, data);
      const passing = [status, view.Status].find((one) => passingStatuses.includes(one ?? ''));
      if (passing === undefined || sight.isMoving || sight.writer === site) return sight;
      if (isPlanned) throw busy(arn, passing);
      return wasRefused ? { ...sight, isMoving: true, movingTo: site } : sight;
    },
    promote: async (promotion) => {
      const targetArn = partOf(data.clusters, promotion.to, 'cluster');
      const region = regionOfArn(targetArn);
      if (promotion.isPlanned) {
        const writerArn = writerOf(await find(api, region, data.globalId)) ?? targetArn;
        await api.switchOver(regionOfArn(writerArn), data.globalId, targetArn);
        return;
      }
      requireLossAllowed(promotion, `${data.globalId}: a failover may lose what was not replicated`);
      try {
        await api.failOver(region, data.globalId, targetArn);
      } catch (error) {
        if (isRefusal(error)) refused.add(targetArn);
        throw error;
      }
    },
    roleOf: async (_service, site) => {
      const arn = partOf(data.clusters, site, 'cluster');
      return roleIn(await find(api, regionOfArn(arn), data.globalId), arn);
    },
  };
}

/**
 * Role of a cluster. One that was removed from the global cluster takes writes of its own. After a failover the API
 * calls the old primary a reader at once. But it has been rebuilt only once it is `connected` again; until then the
 * storage of a region that was out of contact may still take writes. Neptune has no such status, so `IsWriter` must be
 * enough there. Source: Amazon RDS API Reference and Amazon DocumentDB API
 * Reference, `GlobalClusterMember`; Amazon Aurora User Guide, "Using switchover or failover in Amazon Aurora Global
 * Database".
 */
function roleIn(view: GlobalClusterView, arn: string): DataRole | undefined {
  if (isUnderWay(view) || view.GlobalClusterMembers === undefined) return undefined;
  const member = view.GlobalClusterMembers.find(({ DBClusterArn }) => DBClusterArn === arn);
  if (member === undefined) return 'takes-writes';
  // A replica needs a writer: while no member is the writer, the API does not know the roles yet.
  if (member.IsWriter === undefined || writerOf(view) === undefined) return undefined;
  if (member.IsWriter) return 'sole-writer';
  return (member.SynchronizationStatus ?? connectedStatus) === connectedStatus ? 'replica' : 'takes-writes';
}

/** @throws {PortError} `invalid` when the region knows no such global cluster */
async function find(api: GlobalClusterApi, region: string, globalId: string): Promise<GlobalClusterView> {
  const found = await api.describe(region, globalId);
  // Identifiers are kept in lower case, whatever was typed; the answer may hold others where a stand-in does not
  // filter.
  const known = found.find((one) => one.GlobalClusterIdentifier?.toLowerCase() === globalId.toLowerCase());
  if (!known) throw new PortError({ kind: 'invalid', detail: `no global cluster ${globalId} in ${region}` });
  return known;
}

/**
 * Who writes, as seen for a cluster that must become the writer.
 *
 * It is the writer once the global cluster calls it so and it works itself. `FailoverState` is then no more than
 * work on the other members: AWS may keep it while it rebuilds them. It may also be gone before the roles have changed;
 * until then the cluster's own status says so. No page of AWS names an order of the three.
 */
function sightOf(
  view: GlobalClusterView,
  status: string | undefined,
  arn: string,
  { clusters }: GlobalCluster,
): WriterState {
  const siteOf = (one: string | undefined) => Object.keys(clusters).find((site) => clusters[site] === one);
  const writer = siteOf(writerOf(view)) ?? null;
  if (writerOf(view) === arn) return { writer, isMoving: !workingStatuses.includes(status ?? '') };
  const isChanging = changingStatuses.includes(status ?? '');
  if (isChanging) return { writer, isMoving: true, movingTo: siteOf(arn) };
  return { writer, isMoving: isUnderWay(view), movingTo: siteOf(view.FailoverState?.ToDbClusterArn) };
}

/**
 * Status of one cluster, by the API of its own region.
 *
 * @returns undefined when the region names none
 */
async function statusOf(api: GlobalClusterApi, arn: string): Promise<string | undefined> {
  const found = await api.describeCluster(regionOfArn(arn), arn.split(':').at(-1) ?? '');
  return found.find(({ DBClusterArn }) => DBClusterArn === arn)?.Status;
}

function busy(arn: string, status: string): PortError {
  const detail = `${arn}, or its global cluster, is ${status}, and may take no change of roles: wait for its end`;
  return new PortError({ kind: 'unavailable', detail });
}

function isRefusal(error: unknown): boolean {
  return error instanceof PortError && error.cause instanceof Error && refusals.includes(error.cause.name);
}

function isUnderWay({ FailoverState, Status }: GlobalClusterView): boolean {
  return Boolean(FailoverState?.Status) || movingStatuses.includes(Status ?? '');
}

function writerOf({ GlobalClusterMembers }: GlobalClusterView): string | undefined {
  return GlobalClusterMembers?.find(({ IsWriter }) => IsWriter === true)?.DBClusterArn;
}

/** @throws {PortError} `invalid` when the text is no ARN with a region */
function regionOfArn(arn: string): string {
  const region = arn.split(':')[3];
  if (!region) throw new PortError({ kind: 'invalid', detail: `no region in the cluster's ARN ${arn}` });
  return region;
}
