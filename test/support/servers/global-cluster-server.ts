import type { ServerResponse } from 'node:http';
import type { Answering, Seen } from '../stand-in.ts';
import { xml, xmlError } from '../stand-in.ts';

/** A global cluster of Aurora, DocumentDB or Neptune, whose APIs share their shapes. */
export interface GlobalClusterState {
  readonly id: string;
  readonly clusterArns: readonly string[];
  writerArn: string;
  /** Members that Aurora is still making anew; `hasNoStatus`: the engine says nothing of that, as Neptune. */
  resyncing?: readonly string[];
  readonly hasNoStatus?: boolean;
  /**
   * What changes first: `writer`, with `FailoverState` still there for as many describes as the move took; `state`,
   * with the old writer for one more describe. Left out: both at once.
   */
  readonly first?: 'writer' | 'state';
  /** Status of the clusters that are not promoted at the time; left out: `available`. */
  status?: string;
  /** Whether AWS refuses a change of roles in that status. */
  isRefused?: boolean;
  /** A promotion under way, with the describes that still show it as such; null when there is none. */
  move: {
    readonly toArn: string;
    readonly isDataLossAllowed: boolean;
    readonly tookDescribes: number;
    left: number;
  } | null;
}

/**
 * Answers as the RDS query protocol does, by the rules of the API reference: one move at a time, to a member that does
 * not write yet; a failover without `AllowDataLoss` is a switchover; never both of its flags.
 */
export function globalClusterServer(state: GlobalClusterState, describesMoving = 2): Answering {
  return (seen, response) => {
    const { Action, GlobalClusterIdentifier } = seen.form;
    if (Action === 'DescribeDBClusters') return describeCluster(seen, response, state);
    if (GlobalClusterIdentifier !== state.id) return xmlError(response, 'GlobalClusterNotFoundFault', 404);
    switch (Action) {
      case 'DescribeGlobalClusters':
        return describe(response, state);
      case 'SwitchoverGlobalCluster':
        return move(seen, response, state, false, describesMoving);
      case 'FailoverGlobalCluster': {
        if (seen.form.AllowDataLoss && seen.form.Switchover) return xmlError(response, 'InvalidParameterCombination');
        return move(seen, response, state, seen.form.AllowDataLoss === 'true', describesMoving);
      }
      default:
        return xmlError(response, 'InvalidAction');
    }
  };
}

function move(
  { form }: Seen,
  response: ServerResponse,
  state: GlobalClusterState,
  isDataLossAllowed: boolean,
  left: number,
) {
  const toArn = form.TargetDbClusterIdentifier ?? '';
  if (!state.clusterArns.includes(toArn)) return xmlError(response, 'DBClusterNotFoundFault', 404);
  if (state.isRefused) return xmlError(response, 'InvalidDBClusterStateFault');
  if (state.move || toArn === state.writerArn) return xmlError(response, 'InvalidGlobalClusterStateFault');
  state.move = { toArn, isDataLossAllowed, tookDescribes: left, left };
  xml(response, `<R><R><GlobalCluster>${clusterXml(state)}</GlobalCluster></R></R>`);
}

function describe(response: ServerResponse, state: GlobalClusterState): void {
  if (state.move) {
    const { left, toArn, tookDescribes } = state.move;
    if (left === 0) state.writerArn = toArn;
    if (left === (state.first === 'writer' ? -tookDescribes : 0)) state.move = null;
    else state.move.left -= 1;
  }
  const clusters = `<GlobalClusters><GlobalClusterMember>${clusterXml(state)}</GlobalClusterMember></GlobalClusters>`;
  xml(
    response,
    `<DescribeGlobalClustersResponse><DescribeGlobalClustersResult>${clusters}</DescribeGlobalClustersResult></DescribeGlobalClustersResponse>`,
  );
}

/** A cluster that is promoted is `promoting` until it writes, and for one more describe of the global cluster. */
function describeCluster({ form }: Seen, response: ServerResponse, cluster: GlobalClusterState) {
  const { clusterArns, move: moving, status: own = 'available' } = cluster;
  const arn = clusterArns.find((one) => one.split(':').at(-1) === form.DBClusterIdentifier);
  if (arn === undefined) return xmlError(response, 'DBClusterNotFoundFault', 404);
  const isPromoting = moving?.toArn === arn && moving.left >= -1;
  const status = isPromoting ? 'promoting' : own;
  const described = `<DBCluster><DBClusterArn>${arn}</DBClusterArn><Status>${status}</Status></DBCluster>`;
  xml(
    response,
    `<DescribeDBClustersResponse><DescribeDBClustersResult><DBClusters>${described}</DBClusters></DescribeDBClustersResult></DescribeDBClustersResponse>`,
  );
}

function clusterXml(cluster: GlobalClusterState): string {
  const { id, clusterArns, writerArn, move: moving, resyncing = [], hasNoStatus = false } = cluster;
  const statusOf = (arn: string) => {
    const status = resyncing.includes(arn) ? 'pending-resync' : 'connected';
    return hasNoStatus ? '' : `<SynchronizationStatus>${status}</SynchronizationStatus>`;
  };
  const members = clusterArns.map(
    (arn) =>
      `<GlobalClusterMember><DBClusterArn>${arn}</DBClusterArn><IsWriter>${arn === writerArn}</IsWriter>${statusOf(arn)}</GlobalClusterMember>`,
  );
  const isShown = moving !== null && !(cluster.first === 'state' && moving.left === 0);
  const state = isShown
    ? `<FailoverState><Status>${moving.isDataLossAllowed ? 'failing-over' : 'switching-over'}</Status><FromDbClusterArn>${writerArn}</FromDbClusterArn><ToDbClusterArn>${moving.toArn}</ToDbClusterArn><IsDataLossAllowed>${moving.isDataLossAllowed}</IsDataLossAllowed></FailoverState>`
    : '';
  return `<GlobalClusterIdentifier>${id}</GlobalClusterIdentifier><Status>available</Status><GlobalClusterMembers>${members.join('')}</GlobalClusterMembers>${state}`;
}
