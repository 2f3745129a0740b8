import type { Answering } from '../stand-in.ts';
import { xml, xmlError } from '../stand-in.ts';

/** A global datastore of ElastiCache. */
export interface GlobalDatastoreState {
  readonly id: string;
  readonly members: readonly { readonly id: string; readonly region: string }[];
  primaryRegion: string;
  /** A failover under way, with the describes that still show it as such; null when there is none. */
  move: { readonly region: string; left: number } | null;
}

/** Answers as ElastiCache's query protocol does: a failover only while the datastore is `available`. */
export function globalDatastoreServer(state: GlobalDatastoreState, describesMoving = 2): Answering {
  return ({ form }, response) => {
    if (form.GlobalReplicationGroupId !== state.id) {
      return xmlError(response, 'GlobalReplicationGroupNotFoundFault', 404);
    }
    if (form.Action === 'FailoverGlobalReplicationGroup') {
      const { PrimaryRegion: region = '', PrimaryReplicationGroupId } = form;
      const isMember = state.members.some((one) => one.region === region && one.id === PrimaryReplicationGroupId);
      if (!isMember) return xmlError(response, 'InvalidParameterValue');
      if (state.move || region === state.primaryRegion) return xmlError(response, 'InvalidGlobalReplicationGroupState');
      state.move = { region, left: describesMoving };
      return xml(response, `<R><R><GlobalReplicationGroup>${groupXml(state, false)}</GlobalReplicationGroup></R></R>`);
    }
    if (state.move?.left === 0) {
      state.primaryRegion = state.move.region;
      state.move = null;
    } else if (state.move) {
      state.move.left -= 1;
    }
    const group = `<GlobalReplicationGroup>${groupXml(state, form.ShowMemberInfo === 'true')}</GlobalReplicationGroup>`;
    return xml(
      response,
      `<DescribeGlobalReplicationGroupsResponse><DescribeGlobalReplicationGroupsResult><GlobalReplicationGroups>${group}</GlobalReplicationGroups></DescribeGlobalReplicationGroupsResult></DescribeGlobalReplicationGroupsResponse>`,
    );
  };
}

function groupXml({ id, members, primaryRegion, move }: GlobalDatastoreState, hasMembers: boolean): string {
  const list = members.map(
    ({ id: group, region }) =>
      `<GlobalReplicationGroupMember><ReplicationGroupId>${group}</ReplicationGroupId><ReplicationGroupRegion>${region}</ReplicationGroupRegion><Role>${region === primaryRegion ? 'PRIMARY' : 'SECONDARY'}</Role><Status>associated</Status></GlobalReplicationGroupMember>`,
  );
  const shown = hasMembers ? `<Members>${list.join('')}</Members>` : '';
  return `<GlobalReplicationGroupId>${id}</GlobalReplicationGroupId><Status>${move ? 'modifying' : 'available'}</Status>${shown}`;
}
