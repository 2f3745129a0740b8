import type { Answering } from '../stand-in.ts';
import { xml, xmlError } from '../stand-in.ts';

/** One instance of RDS, as its region knows it. */
export interface DbInstanceState {
  readonly id: string;
  readonly arn: string;
  status: string;
  /** ARN of what it replicates from; empty when of nothing. */
  source: string;
  /** ARNs of what replicates from it. */
  replicas: readonly string[];
  readonly tags: Record<string, string>;
  /** Days for which backups are kept; 0 when left out. */
  readonly backupDays?: number;
  /** Describes that still show the promotion under way. */
  describesMoving: number;
}

/**
 * Answers as the RDS query protocol does: a replica is promoted while it is available, and takes some describes for it.
 */
export function dbInstanceServer(state: DbInstanceState): Answering {
  return ({ form }, response) => {
    if (form.Action === 'AddTagsToResource') {
      if (form.ResourceName !== state.arn) return xmlError(response, 'DBInstanceNotFound', 404);
      state.tags[form['Tags.Tag.1.Key'] ?? ''] = form['Tags.Tag.1.Value'] ?? '';
      return xml(response, '<AddTagsToResourceResponse/>');
    }
    if (form.DBInstanceIdentifier !== state.id) return xmlError(response, 'DBInstanceNotFound', 404);
    if (form.Action === 'PromoteReadReplica') {
      if (state.source === '' || state.status !== 'available') return xmlError(response, 'InvalidDBInstanceState');
      state.status = 'modifying';
      state.describesMoving = 2;
      return xml(response, `<R><R><DBInstance>${instanceXml(state)}</DBInstance></R></R>`);
    }
    if (state.status === 'modifying') {
      if (state.describesMoving === 0) {
        state.status = 'available';
        state.source = '';
      } else {
        state.describesMoving -= 1;
      }
    }
    return xml(
      response,
      `<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances><DBInstance>${instanceXml(state)}</DBInstance></DBInstances></DescribeDBInstancesResult></DescribeDBInstancesResponse>`,
    );
  };
}

function instanceXml({ id, arn, status, source, replicas, tags, backupDays = 0 }: DbInstanceState): string {
  const list = replicas.map((one) => `<ReadReplicaDBInstanceIdentifier>${one}</ReadReplicaDBInstanceIdentifier>`);
  const tagged = Object.entries(tags).map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`);
  const from =
    source === '' ? '' : `<ReadReplicaSourceDBInstanceIdentifier>${source}</ReadReplicaSourceDBInstanceIdentifier>`;
  return `<DBInstanceIdentifier>${id}</DBInstanceIdentifier><DBInstanceArn>${arn}</DBInstanceArn><DBInstanceStatus>${status}</DBInstanceStatus><BackupRetentionPeriod>${backupDays}</BackupRetentionPeriod>${from}<ReadReplicaDBInstanceIdentifiers>${list.join('')}</ReadReplicaDBInstanceIdentifiers><TagList>${tagged.join('')}</TagList>`;
}
