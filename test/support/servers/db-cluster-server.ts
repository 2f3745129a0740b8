import type { Answering } from '../stand-in.ts';
import { xml, xmlError } from '../stand-in.ts';

/** An Aurora cluster, as its region knows it. */
export interface DbClusterState {
  readonly id: string;
  status: string;
  /** Least and most capacity of its serverless instances; `max` is null where it has never had one. */
  min: number;
  max: number | null;
  readonly instances: readonly string[];
  /** Describes after a change that still show it under way. */
  readonly describesModifying: number;
}

/**
 * Answers as the RDS query protocol does: one change at a time, by halves, and the least is not above the most. Source:
 * Amazon RDS API Reference, ModifyDBCluster, `ServerlessV2ScalingConfiguration`.
 */
export function dbClusterServer(state: DbClusterState): Answering {
  let left = 0;
  return ({ form }, response) => {
    if (form.DBClusterIdentifier !== state.id) return xmlError(response, 'DBClusterNotFoundFault', 404);
    if (form.Action === 'ModifyDBCluster') {
      if (state.status !== 'available') return xmlError(response, 'InvalidDBClusterStateFault');
      const min = Number(form['ServerlessV2ScalingConfiguration.MinCapacity']);
      const max = Number(form['ServerlessV2ScalingConfiguration.MaxCapacity']);
      if (!(min <= max) || max > 256 || !Number.isInteger(min * 2)) return xmlError(response, 'InvalidParameterValue');
      Object.assign(state, { min, max });
      left = state.describesModifying;
      if (left > 0) state.status = 'modifying';
      return xml(response, `<R><R><DBCluster>${clusterXml(state)}</DBCluster></R></R>`);
    }
    const shown = clusterXml(state);
    left -= 1;
    if (left === 0) state.status = 'available';
    return xml(
      response,
      `<DescribeDBClustersResponse><DescribeDBClustersResult><DBClusters><DBCluster>${shown}</DBCluster></DBClusters></DescribeDBClustersResult></DescribeDBClustersResponse>`,
    );
  };
}

function clusterXml({ id, status, min, max, instances }: DbClusterState): string {
  const range = `<MinCapacity>${min}</MinCapacity><MaxCapacity>${max}</MaxCapacity>`;
  const members = instances.map(
    (name) => `<DBClusterMember><DBInstanceIdentifier>${name}</DBInstanceIdentifier></DBClusterMember>`,
  );
  const scaling = max === null ? '' : `<ServerlessV2ScalingConfiguration>${range}</ServerlessV2ScalingConfiguration>`;
  return `<DBClusterIdentifier>${id}</DBClusterIdentifier><Status>${status}</Status>${scaling}<DBClusterMembers>${members.join('')}</DBClusterMembers>`;
}
