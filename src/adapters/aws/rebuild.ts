import {
  CreateDBInstanceReadReplicaCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { InstancePlace, RebuildState, RebuildThing } from '../../core/kinds/rebuild.ts';
import { PortError } from '../../ports/port-error.ts';
import type { KindHandlers } from '../../ports/ports.ts';
import type { AwsClients } from './clients.ts';

/**
 * Statuses in which an instance stands as it is and can be changed. Anything else is on its way to one of these, or
 * needs a person. Source: Amazon RDS User Guide, "Viewing Amazon RDS DB instance status".
 */
const steady: readonly (string | undefined)[] = ['available', 'storage-optimization'];

/**
 * Makes an instance of RDS anew as a read replica of the writer's, the old one being renamed.
 *
 * Before anything is changed the writer is looked at in its own region: it must be available, and no replica itself.
 * The replica is made like the old instance, which stands in the same region under its new name; what RDS takes from
 * the source by itself (storage, its size, the engine) is left to it. Nothing here deletes anything. Source: Amazon RDS
 * API Reference, "ModifyDBInstance" and "CreateDBInstanceReadReplica"; Amazon RDS User Guide, "Creating a read replica
 * in a different AWS Region".
 */
export function rebuildHandlers(clients: AwsClients): KindHandlers<'rebuild'> {
  const find = async (there: AwsClients, { region, instance }: InstancePlace): Promise<DBInstance | null> => {
    const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: instance });
    try {
      const { DBInstances = [] } = await there.call((options) => there.of(RDSClient, region).send(command, options));
      return DBInstances.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === instance) ?? null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  };

  const look = async (thing: RebuildThing) => {
    const there = clients.in(thing.account);
    const [own, source] = await Promise.all([find(there, thing), find(there, thing.source)]);
    const what = whyNoSource(source);
    if (source === null || what !== null) {
      const detail = `${thing.source.instance} in ${thing.source.region} ${what}: nothing is made a replica of it`;
      throw new PortError({ kind: 'invalid', detail });
    }
    return { there, own, source };
  };

  return {
    'read:rebuild': async (thing) => {
      const { own, source } = await look(thing);
      return { role: roleOf(thing, own, source) };
    },

    'write:rebuild': async (thing) => {
      const { there, own, source } = await look(thing);
      const role = roleOf(thing, own, source);
      if (role === 'other') {
        const detail = `${thing.instance} in ${thing.region} is a replica of something else: a person has to look at it`;
        throw new PortError({ kind: 'denied', detail });
      }
      const client = there.of(RDSClient, thing.region);
      if (role === 'alone') {
        const command = new ModifyDBInstanceCommand({
          DBInstanceIdentifier: thing.instance,
          NewDBInstanceIdentifier: thing.aside,
          ApplyImmediately: true,
        });
        await there.call((options) => client.send(command, options));
      }
      if (role === 'nothing') {
        const kept = await find(there, { region: thing.region, instance: thing.aside });
        const command = new CreateDBInstanceReadReplicaCommand(replicaLike(thing, kept, source));
        await there.call((options) => client.send(command, options));
      }
      return null;
    },
  };
}

function roleOf({ source }: RebuildThing, own: DBInstance | null, writer: DBInstance): RebuildState['role'] {
  if (own !== null && isReplica(own)) {
    const from = own.ReadReplicaSourceDBInstanceIdentifier;
    if (from !== writer.DBInstanceArn && from !== source.instance) return 'other';
    return own.DBInstanceStatus === 'creating' ? 'making' : 'replica';
  }
  // Whatever a change meets while RDS is at work on one of the two, it is refused: it is waited for.
  if (!steady.includes(writer.DBInstanceStatus)) return 'making';
  if (own === null) return 'nothing';
  return steady.includes(own.DBInstanceStatus) ? 'alone' : 'making';
}

/** @throws {PortError} `invalid` when the old instance is not there under its new name */
function replicaLike(
  { instance, region, source, aside, service }: RebuildThing,
  kept: DBInstance | null,
  writer: DBInstance,
) {
  if (kept === null) {
    const detail = `neither ${instance} nor ${aside} is in ${region}: create ${instance} by hand, as a replica of ${source.instance}`;
    throw new PortError({ kind: 'invalid', detail });
  }
  const isElsewhere = source.region !== region;
  const group = kept.DBParameterGroups?.[0]?.DBParameterGroupName;
  return {
    DBInstanceIdentifier: instance,
    SourceDBInstanceIdentifier: isElsewhere ? writer.DBInstanceArn : source.instance,
    // From this the client makes the signed address that an encrypted source in another region needs.
    ...(isElsewhere ? { SourceRegion: source.region } : {}),
    ...(isElsewhere && kept.StorageEncrypted ? { KmsKeyId: kept.KmsKeyId } : {}),
    ...(isElsewhere ? { DBSubnetGroupName: kept.DBSubnetGroup?.DBSubnetGroupName } : {}),
    ...(group === undefined || group.startsWith('default.') ? {} : { DBParameterGroupName: group }),
    DBInstanceClass: kept.DBInstanceClass,
    VpcSecurityGroupIds: kept.VpcSecurityGroups?.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
    Port: kept.Endpoint?.Port,
    MultiAZ: kept.MultiAZ,
    PubliclyAccessible: kept.PubliclyAccessible,
    AutoMinorVersionUpgrade: kept.AutoMinorVersionUpgrade,
    DeletionProtection: kept.DeletionProtection,
    Tags: [{ Key: 'cdk-failover:service', Value: service }],
  };
}

/** Why RDS would make no replica of an instance, or must not; null when it can. */
function whyNoSource(source: DBInstance | null): string | null {
  if (source === null) return 'is not there';
  if (isReplica(source)) return 'is a replica itself';
  return source.BackupRetentionPeriod === 0 ? 'has no automated backups' : null;
}

function isReplica({ ReadReplicaSourceDBInstanceIdentifier: source }: DBInstance): boolean {
  return source !== undefined && source !== '';
}

function isMissing(error: unknown): boolean {
  const name = error instanceof PortError && error.cause instanceof Error ? error.cause.name : '';
  return name === 'DBInstanceNotFound' || name === 'DBInstanceNotFoundFault';
}
