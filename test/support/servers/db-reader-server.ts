import type { Answering } from '../stand-in.ts';
import { xml, xmlError } from '../stand-in.ts';

/** An instance of an Aurora cluster. */
export interface ReaderState {
  readonly id: string;
  status: string;
  isWriter?: boolean;
  readonly form?: Readonly<Record<string, string>>;
}

/** An Aurora cluster and its instances, as their region knows them. */
export interface ReadClusterState {
  readonly id: string;
  status: string;
  instances: ReaderState[];
  /** Name of a parameter group that its instances have. */
  readonly group?: string;
  /** Describes of the instances after which one that is made is available, and one that is deleted is gone. */
  readonly looks: number;
}

/**
 * Answers as the RDS query protocol does: a cluster takes an instance while it is available, an instance is made and
 * deleted by and by, and the last one of a secondary cluster stays. Source: Amazon RDS API Reference, CreateDBInstance,
 * DeleteDBInstance; Amazon Aurora User Guide, "Adding Aurora Replicas to a DB cluster".
 */
export function dbReaderServer(state: ReadClusterState): Answering {
  const left = new Map<string, number>();
  const settle = () => {
    for (const [id, looks] of left) {
      if (looks > 1) {
        left.set(id, looks - 1);
        continue;
      }
      left.delete(id);
      const one = state.instances.find((instance) => instance.id === id);
      if (one?.status === 'creating') one.status = 'available';
      else state.instances = state.instances.filter((instance) => instance.id !== id);
    }
  };
  return ({ form }, response) => {
    const { DBInstanceIdentifier: name = '' } = form;
    const known = state.instances.find(({ id }) => id === name);
    switch (form.Action) {
      case 'DescribeDBClusters':
        return form.DBClusterIdentifier === state.id
          ? answer(
              response,
              'DescribeDBClusters',
              `<DBClusters><DBCluster>${clusterXml(state)}</DBCluster></DBClusters>`,
            )
          : xmlError(response, 'DBClusterNotFoundFault', 404);
      case 'DescribeDBInstances': {
        const isAsked = form['Filters.Filter.1.Values.Value.1'] === state.id;
        const shown = isAsked ? state.instances.map((one) => instanceXml(state, one)).join('') : '';
        settle();
        return answer(response, 'DescribeDBInstances', `<DBInstances>${shown}</DBInstances>`);
      }
      case 'CreateDBInstance':
        if (known !== undefined) return xmlError(response, 'DBInstanceAlreadyExists');
        if (state.status !== 'available') return xmlError(response, 'InvalidDBClusterStateFault');
        state.instances.push({ id: name, status: 'creating', form });
        left.set(name, state.looks);
        return answer(response, 'CreateDBInstance', '<DBInstance/>');
      case 'DeleteDBInstance':
        if (known === undefined) return xmlError(response, 'DBInstanceNotFound', 404);
        if (state.instances.length === 1 || form.SkipFinalSnapshot !== 'true')
          return xmlError(response, 'InvalidDBClusterStateFault');
        known.status = 'deleting';
        left.set(name, state.looks);
        return answer(response, 'DeleteDBInstance', '<DBInstance/>');
      default:
        return xmlError(response, 'InvalidAction');
    }
  };
}

function answer(response: Parameters<typeof xml>[0], action: string, body: string): void {
  xml(response, `<${action}Response><${action}Result>${body}</${action}Result></${action}Response>`);
}

function clusterXml({ id, status, instances }: ReadClusterState): string {
  const members = instances.map(
    (one) =>
      `<DBClusterMember><DBInstanceIdentifier>${one.id}</DBInstanceIdentifier><IsClusterWriter>${one.isWriter ?? false}</IsClusterWriter></DBClusterMember>`,
  );
  return `<DBClusterIdentifier>${id}</DBClusterIdentifier><Status>${status}</Status><DBClusterMembers>${members.join('')}</DBClusterMembers>`;
}

function instanceXml(
  { id: cluster, group = 'default.aurora-postgresql16' }: ReadClusterState,
  one: ReaderState,
): string {
  const groups = `<DBParameterGroups><DBParameterGroup><DBParameterGroupName>${group}</DBParameterGroupName></DBParameterGroup></DBParameterGroups>`;
  return (
    `<DBInstance><DBInstanceIdentifier>${one.id}</DBInstanceIdentifier><DBClusterIdentifier>${cluster}</DBClusterIdentifier>` +
    `<DBInstanceStatus>${one.status}</DBInstanceStatus><DBInstanceClass>db.r7g.large</DBInstanceClass>` +
    `<Engine>aurora-postgresql</Engine><PubliclyAccessible>false</PubliclyAccessible>${groups}</DBInstance>`
  );
}
