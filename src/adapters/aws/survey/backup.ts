import {
  BackupClient,
  ListRecoveryPointsByBackupVaultCommand,
  ListRestoreJobsByProtectedResourceCommand,
  type RecoveryPointByBackupVault,
  type RestoreJobsListMember,
} from '@aws-sdk/client-backup';
import { DescribeDBClustersCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import type { BackupFacts } from '../../../core/detection/backup.ts';
import type { BackupSource } from '../../../core/model/site.ts';
import type { Clock } from '../../../ports/clock.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { SlowFacts } from './slow-facts.ts';

type VaultSource = BackupSource & { readonly kind: 'aws-backup' };

/** Pages of a list that are read at most, of 1,000 entries each; a vault with more is not read to its end. */
const pagesMax = 4;
const pageSize = 1_000;

/**
 * Statuses of a recovery point that can be restored and stays. Not `PARTIAL`: a part of it is missing. Not `STOPPED`: a
 * continuous backup that takes nothing any more. Not `EXPIRED`: AWS tries to delete it. Source: AWS Backup API
 * Reference, "DescribeRecoveryPoint", `Status`.
 */
const restorable: readonly (string | undefined)[] = ['COMPLETED', 'AVAILABLE'];

/**
 * In the ARN of a continuous backup. There is one for a resource, which goes on from when it was created: until it is
 * stopped, it can be restored to about now. Source: AWS Backup Developer Guide, "Continuous backups and point-in-time
 * recovery (PITR)" and "Changing your retention period"; of the ARN, terraform-aws-modules/terraform-aws-rds issue 567.
 */
const continuousMark = ':recovery-point:continuous:';

/** How the validation of a restore test ended badly. Source: AWS Backup API Reference, "RestoreJobsListMember". */
const notGood: readonly (string | undefined)[] = ['FAILED', 'TIMED_OUT'];

/** Epoch milliseconds; null: there is none. */
type Instant = number | null;

/** Reads how old the backups of sites are; every few minutes, because each read takes several calls. */
export class BackupReader {
  readonly #clients: AwsClients;
  readonly #backups: SlowFacts<{ readonly atMs: Instant }>;
  readonly #restores: SlowFacts<{ readonly atMs: Instant }>;

  constructor(clients: AwsClients, clock: Clock) {
    this.#clients = clients;
    this.#backups = new SlowFacts(clock);
    this.#restores = new SlowFacts(clock);
  }

  /**
   * The ages, by the clock of the function; what cannot be read is absent. Never rejects.
   *
   * @param nowMs - epoch milliseconds
   */
  async factsOf(region: string, source: BackupSource, nowMs: number): Promise<BackupFacts> {
    const key = JSON.stringify([region, source]);
    const [backup, restore] = await Promise.all([
      this.#backups.get(key, async () => ({ atMs: await this.#newest(region, source, nowMs) })),
      source.kind !== 'aws-backup' || source.maxRestoreAgeMs === undefined
        ? null
        : this.#restores.get(key, async () => ({ atMs: await newestRestore(this.#clients, region, source) })),
    ]);
    // A clock that is a little off must not make a new backup one of the future.
    const age = (atMs: Instant) => (atMs === null ? null : Math.max(0, nowMs - atMs));
    return {
      ...(backup === null ? {} : { backupAgeMs: age(backup.atMs) }),
      ...(restore === null ? {} : { restoreAgeMs: age(restore.atMs) }),
    };
  }

  async #newest(region: string, source: BackupSource, nowMs: number): Promise<Instant> {
    if (source.kind === 'rds') return await latestRestorable(this.#clients, region, source.resourceArn);
    const youngEnough = await newestPoint(this.#clients, region, source, nowMs, new Date(nowMs - source.maxAgeMs));
    return youngEnough ?? (await newestPoint(this.#clients, region, source, nowMs));
  }
}

/**
 * When the newest recovery point was created; now for a continuous one. The order of the list is not documented, so all
 * of it is read; first only what is young enough, because that is little. Source: AWS Backup API Reference,
 * "ListRecoveryPointsByBackupVault".
 */
async function newestPoint(
  clients: AwsClients,
  region: string,
  { vault, resourceArn }: VaultSource,
  nowMs: number,
  createdAfter?: Date,
): Promise<Instant> {
  const points = await everyPage<RecoveryPointByBackupVault>(async (token) => {
    const command = new ListRecoveryPointsByBackupVaultCommand({
      BackupVaultName: vault,
      ByResourceArn: resourceArn,
      ByCreatedAfter: createdAfter,
      MaxResults: pageSize,
      NextToken: token,
    });
    const page = await clients.call((options) => clients.of(BackupClient, region).send(command, options));
    return { entries: page.RecoveryPoints ?? [], next: page.NextToken };
  });
  const usable = points.filter(({ Status }) => restorable.includes(Status));
  const isContinuous = ({ RecoveryPointArn = '' }: RecoveryPointByBackupVault) =>
    RecoveryPointArn.includes(continuousMark);
  return usable.some(isContinuous) ? nowMs : newestOf(usable.map(({ CreationDate }) => CreationDate));
}

/**
 * When a backup was last restored, by a restore test or by anybody; one that was validated must have been found good.
 * Source: AWS Backup API Reference, "ListRestoreJobsByProtectedResource".
 */
async function newestRestore(clients: AwsClients, region: string, { resourceArn }: VaultSource): Promise<Instant> {
  const jobs = await everyPage<RestoreJobsListMember>(async (token) => {
    const command = new ListRestoreJobsByProtectedResourceCommand({
      ResourceArn: resourceArn,
      ByStatus: 'COMPLETED',
      MaxResults: pageSize,
      NextToken: token,
    });
    const page = await clients.call((options) => clients.of(BackupClient, region).send(command, options));
    return { entries: page.RestoreJobs ?? [], next: page.NextToken };
  });
  const good = jobs.filter(
    ({ Status, ValidationStatus }) => Status === 'COMPLETED' && !notGood.includes(ValidationStatus),
  );
  return newestOf(good.map(({ CompletionDate }) => CompletionDate));
}

/**
 * The latest time to which RDS can restore; null while backups are off. Source: Amazon RDS API Reference, "DBInstance"
 * and "DBCluster", `LatestRestorableTime` and `BackupRetentionPeriod`.
 *
 * @throws {PortError} `invalid` when the region has no such cluster or instance, or does not say the time
 */
async function latestRestorable(clients: AwsClients, region: string, resourceArn: string): Promise<Instant> {
  const [, , , , , type, id = ''] = resourceArn.split(':');
  const client = clients.of(RDSClient, region);
  const isIt = (arn: string | undefined) => arn === resourceArn;
  const describe = async () => {
    if (type === 'cluster') {
      const command = new DescribeDBClustersCommand({ DBClusterIdentifier: id });
      const { DBClusters = [] } = await clients.call((options) => client.send(command, options));
      return DBClusters.find(({ DBClusterArn }) => isIt(DBClusterArn));
    }
    const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: id });
    const { DBInstances = [] } = await clients.call((options) => client.send(command, options));
    return DBInstances.find(({ DBInstanceArn }) => isIt(DBInstanceArn));
  };
  const seen = await describe();
  if (seen?.LatestRestorableTime !== undefined) return seen.LatestRestorableTime.getTime();
  if (seen?.BackupRetentionPeriod === 0) return null;
  throw new PortError({ kind: 'invalid', detail: `${region} says no latest restorable time of ${id}` });
}

/** @throws {PortError} `invalid` for a list that goes on: its newest entry may be on a page that was not read */
async function everyPage<T>(
  ask: (token: string | undefined) => Promise<{ readonly entries: readonly T[]; readonly next: string | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let token: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const { entries, next } = await ask(token);
    all.push(...entries);
    if (next === undefined) return all;
    token = next;
  }
  throw new PortError({ kind: 'invalid', detail: `more than ${pagesMax} pages` });
}

function newestOf(dates: readonly (Date | undefined)[]): Instant {
  return dates.reduce<Instant>((newest, date) => {
    const atMs = date?.getTime() ?? null;
    return atMs === null ? newest : Math.max(newest ?? atMs, atMs);
  }, null);
}
