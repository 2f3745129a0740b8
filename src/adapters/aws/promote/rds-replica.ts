import {
  AddTagsToResourceCommand,
  type DBInstance,
  DescribeDBInstancesCommand,
  PromoteReadReplicaCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { promotedTag } from '../../../config/plan/promoted-tag.ts';
import type { DataResource, DataRole } from '../../../core/model/data.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import {
  type Promoter,
  type Promotion,
  type PromotionWish,
  partOf,
  type RegionOf,
  requireLossAllowed,
} from './promoter.ts';

type Replicas = Extract<DataResource, { readonly kind: 'rds-replica' }>;

/** Statuses that end by themselves. Source: Amazon RDS User Guide, "Viewing Amazon RDS DB instance status". */
const movingStatuses: readonly string[] = ['modifying', 'rebooting'];

/**
 * Statuses that end by themselves, and in which RDS promotes no replica (`InvalidDBInstanceState`). Sources: the same
 * guide; Amazon RDS API Reference, PromoteReadReplica, of `backing-up`.
 */
const busyStatuses: readonly string[] = [
  'backing-up',
  'configuring-enhanced-monitoring',
  'configuring-iam-database-auth',
  'configuring-log-exports',
  'maintenance',
  'resetting-master-credentials',
  'starting',
  'upgrading',
];

/**
 * Statuses of an instance that is about to be gone under its name: it is set aside (`rebuild`), or deleted. It is the
 * writer of nothing any more. Source: the same guide.
 */
const leavingStatuses: readonly string[] = ['renaming', 'deleting'];

/** An instance with the site that it belongs to. */
interface Seen {
  readonly site: string;
  readonly instance: DBInstance;
}

/**
 * The writer among RDS instances, of which one is the source of the others.
 *
 * Every call goes to the target's region. `PromoteReadReplica` cuts the replica off with what it has: it never waits
 * for the source, so a planned promotion needs the permission to lose as much as an unplanned one. The old primary does
 * not learn of this and continues to take writes. It must be fenced before. Afterwards a person must delete it and
 * create it again as a replica of the new primary. Until then an instance that has no replica and was never promoted
 * does not count as a writer, so a move back to its stale data is refused. Source: Amazon RDS User Guide, "Promoting a
 * read replica to be a standalone DB instance".
 */
export function rdsReplica(clients: AwsClients, data: Replicas, regionOf: RegionOf): Promoter {
  const siteOf = (service: string, region: string, identifier: string) =>
    Object.keys(data.instances).find((site) => {
      const place = placeOf(identifier, region);
      return data.instances[site] === place.identifier && regionOf(service, site) === place.region;
    }) ?? null;
  const describe = async (region: string, site: string): Promise<Seen> => ({
    site,
    instance: await describeInstance(clients, region, partOf(data.instances, site, 'instance')),
  });
  /** Whether an instance is the true writer: others replicate from it, or it was promoted. */
  const isRightful = (service: string, region: string, { instance }: Seen) =>
    isAlone(instance) &&
    (isPromoted(instance) ||
      (instance.ReadReplicaDBInstanceIdentifiers ?? []).some((one) => siteOf(service, region, one) !== null));

  const readWriter: Promoter['readWriter'] = async (region, service, to, wish) => {
    const local = Object.keys(data.instances).filter((site) => regionOf(service, site) === region);
    if (local.length === 0) {
      throw new PortError({ kind: 'invalid', detail: `no instance of ${service} is declared in ${region}` });
    }
    const seen = await describeAny(local.map((site) => describe(region, site)));
    const target = seen.find(({ site }) => site === to)?.instance;
    const isMoving =
      (target !== undefined && isAwaited(target, region, wish)) ||
      seen.some(({ instance }) => movingStatuses.includes(instance.DBInstanceStatus ?? ''));
    // Its last replica may have been promoted, and left it without any sign.
    if (wish.isReturn && target !== undefined && isAlone(target)) return { writer: to, isMoving };
    const rightful = seen.filter((one) => isRightful(service, region, one));
    if (rightful.length > 0) return { writer: writerOf(rightful, to), isMoving };
    const source = seen.map(({ instance }) => sourceOf(instance)).find((one) => one !== null);
    return { writer: source ? siteOf(service, region, source) : null, isMoving };
  };

  /** The tag is set first: an instance that was promoted without it would never count as a writer. */
  const promote = async (promotion: Promotion): Promise<void> => {
    const { service, from, to } = promotion;
    const region = regionOf(service, to);
    const seen = await describe(region, to);
    if (isRightful(service, region, seen)) return;
    const { DBInstanceIdentifier: id, DBInstanceArn: arn, BackupRetentionPeriod: backupDays = 0 } = seen.instance;
    const source = sourceOf(seen.instance);
    if (source === null || siteOf(service, region, source) === null) {
      const state = source === null ? 'is no replica' : `is a replica of ${source}, which is no site's`;
      throw new PortError({ kind: 'denied', detail: `${id} in ${region} ${state}: create it anew as a replica` });
    }
    requireLossAllowed(promotion, `${id}: promoting a replica may lose what was not replicated`);
    const tag = new AddTagsToResourceCommand({ ResourceName: arn, Tags: [{ Key: promotedTag, Value: from }] });
    await clients.call((options) => clients.of(RDSClient, region).send(tag, options));
    const command = new PromoteReadReplicaCommand({
      DBInstanceIdentifier: id,
      // Left out, it is 1 day, whatever the replica had. For a replica without backups that is right: whoever
      // replicates from it later needs them. Source: RDS API Reference, PromoteReadReplica.
      ...(backupDays > 0 ? { BackupRetentionPeriod: backupDays } : {}),
    });
    await clients.call((options) => clients.of(RDSClient, region).send(command, options));
  };

  /**
   * An instance with a source is a replica. It still has one while it is being promoted. One without may be the writer
   * or an old primary: no region knows all instances, so none is ever called the only writer.
   */
  const roleOf = async (service: string, site: string): Promise<DataRole | undefined> => {
    const region = regionOf(service, site);
    const { instance } = await describe(region, site);
    const source = sourceOf(instance);
    if (source === null) return 'takes-writes';
    // One that is still being created has its source by name, and nothing in it.
    if ([...movingStatuses, 'creating'].includes(instance.DBInstanceStatus ?? '')) return undefined;
    return siteOf(service, region, source) === null ? 'takes-writes' : 'replica';
  };

  return { readWriter, promote, roleOf };
}

/** Whether an instance replicates from no other one, and is not about to be gone under its name. */
function isAlone(instance: DBInstance): boolean {
  return sourceOf(instance) === null && !leavingStatuses.includes(instance.DBInstanceStatus ?? '');
}

/**
 * The writer among several. The old primary of a region goes on to be one beside the new one: the one that is asked
 * about is a writer, as it would be in a region of its own. Which is the newer one, the register tells.
 */
function writerOf(rightful: readonly Seen[], asked: string): string | null {
  const [only, ...others] = rightful.map(({ site }) => site);
  if (rightful.some(({ site }) => site === asked)) return asked;
  return others.length === 0 ? (only ?? null) : null;
}

/**
 * Whether an instance is a replica that RDS does not promote yet, and whose promotion waits for that: whoever would
 * serve without it is gone. A planned promotion is refused instead, so that its rehearsal fails: the writer would be
 * cut off for as long as a backup takes. Without leave to lose anything nothing is promoted, and nothing is waited for.
 *
 * @throws {PortError} `unavailable` for a planned promotion, unless it was ordered already
 */
function isAwaited(instance: DBInstance, region: string, { isPlanned, isDataLossAllowed }: PromotionWish): boolean {
  const { DBInstanceStatus: status = '', DBInstanceIdentifier: id } = instance;
  if (sourceOf(instance) === null || !busyStatuses.includes(status)) return false;
  if (isPromoted(instance)) return true;
  if (!isPlanned || !isDataLossAllowed) return isDataLossAllowed;
  const detail = `${id} in ${region} is ${status}, and RDS promotes no replica then: wait for its end`;
  throw new PortError({ kind: 'unavailable', detail });
}

/**
 * What an instance replicates from; null when it is no replica.
 *
 * @throws {PortError} `invalid` when the region has no such instance
 */
export async function sourceOfInstance(
  clients: AwsClients,
  region: string,
  identifier: string,
): Promise<{ readonly region: string; readonly identifier: string } | null> {
  const source = sourceOf(await describeInstance(clients, region, identifier));
  return source === null ? null : placeOf(source, region);
}

/** Of several sites in one region, one may have no instance: the old primary, until it is created again. */
async function describeAny(looks: readonly Promise<Seen>[]): Promise<readonly Seen[]> {
  const results = await Promise.allSettled(looks);
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const isMissing = (error: unknown) => error instanceof PortError && error.fault.kind === 'invalid';
  const other = refused.find((error) => !isMissing(error));
  if (other !== undefined) throw other;
  const seen = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (seen.length === 0) throw refused[0];
  return seen;
}

async function describeInstance(clients: AwsClients, region: string, identifier: string): Promise<DBInstance> {
  const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier });
  const { DBInstances } = await clients.call((options) => clients.of(RDSClient, region).send(command, options));
  const found = DBInstances?.find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === identifier);
  if (!found) throw new PortError({ kind: 'invalid', detail: `no instance ${identifier} in ${region}` });
  return found;
}

function sourceOf({ ReadReplicaSourceDBInstanceIdentifier }: DBInstance): string | null {
  return ReadReplicaSourceDBInstanceIdentifier || null;
}

function isPromoted({ TagList }: DBInstance): boolean {
  return TagList?.some(({ Key }) => Key === promotedTag) ?? false;
}

/** An instance of the same region is named by its identifier, one of another by its ARN. */
function placeOf(identifier: string, region: string): { readonly region: string; readonly identifier: string } {
  const [arn, , , there, , , name] = identifier.split(':');
  return arn === 'arn' ? { region: there ?? '', identifier: name ?? '' } : { region, identifier };
}
