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
  /** A promotion under way, with the describes that still show it as such; null when there is none. */
  move: { readonly toArn: string; readonly isDataLossAllowed: boolean; left: number } | null;
}

/**
 * Answers as the RDS query protocol does, by the rules of the API reference: one move at a time, to a member that does
 * not write yet; a failover without `AllowDataLoss` is a switchover; never both of its flags.
 */
export function globalClusterServer(state: GlobalClusterState, describesMoving = 2): Answering {
  return (seen, response) => {
    const { Action, GlobalClusterIdentifier } = seen.form;
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
  if (state.move || toArn === state.writerArn) return xmlError(response, 'InvalidGlobalClusterStateFault');
  state.move = { toArn, isDataLossAllowed, left };
  xml(response, `<R><R><GlobalCluster>${clusterXml(state)}</GlobalCluster></R></R>`);
}

function describe(response: ServerResponse, state: GlobalClusterState): void {
  if (state.move?.left === 0) {
    state.writerArn = state.move.toArn;
    state.move = null;
  } else if (state.move) {
    state.move.left -= 1;
  }
  const clusters = `<GlobalClusters><GlobalClusterMember>${clusterXml(state)}</GlobalClusterMember></GlobalClusters>`;
  xml(
    response,
    `<DescribeGlobalClustersResponse><DescribeGlobalClustersResult>${clusters}</DescribeGlobalClustersResult></DescribeGlobalClustersResponse>`,
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
  const state = moving
    ? `<FailoverState><Status>${moving.isDataLossAllowed ? 'failing-over' : 'switching-over'}</Status><FromDbClusterArn>${writerArn}</FromDbClusterArn><ToDbClusterArn>${moving.toArn}</ToDbClusterArn><IsDataLossAllowed>${moving.isDataLossAllowed}</IsDataLossAllowed></FailoverState>`
    : '';
  return `<GlobalClusterIdentifier>${id}</GlobalClusterIdentifier><Status>available</Status><GlobalClusterMembers>${members.join('')}</GlobalClusterMembers>${state}`;
}
