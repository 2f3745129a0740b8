import { DescribeGlobalTableCommand, DynamoDBClient, type TableDescription } from '@aws-sdk/client-dynamodb';
import type { SharedData } from '../../../core/model/data.ts';
import type { NamedService } from '../../../core/model/service.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { describeTable } from '../start/dynamodb-capacity.ts';
import { requestJson } from '../wire/signed-request.ts';

type GlobalTable = Extract<SharedData, { readonly kind: 'dynamodb-global' }>;
type Dsql = Extract<SharedData, { readonly kind: 'aurora-dsql' }>;
type MemoryDb = Extract<SharedData, { readonly kind: 'memorydb-multi-region' }>;

/** Words for the state of a part; one that is in no list says nothing. */
interface Words {
  readonly usable: readonly string[];
  readonly unusable: readonly string[];
  /** It takes writes, and they stay where they are. */
  readonly apart?: readonly string[];
}

/**
 * A table that is updated takes reads and writes. Source: Amazon DynamoDB API Reference, `TableDescription`,
 * TableStatus; the SDK's list of its values.
 */
const tableWords: Words = {
  usable: ['ACTIVE', 'UPDATING'],
  unusable: ['CREATING', 'DELETING', 'INACCESSIBLE_ENCRYPTION_CREDENTIALS', 'ARCHIVING', 'ARCHIVED'],
  apart: ['REPLICATION_NOT_AUTHORIZED'],
};

/** Of DynamoDB, for a table that is in no global table of the old version. */
const noGlobalTable = 'GlobalTableNotFoundException';

/**
 * An idle cluster wakes when somebody connects. Source: Aurora DSQL User Guide, "Aurora DSQL cluster lifecycle"; Aurora
 * DSQL API Reference, `ClusterStatus`.
 */
const dsqlWords: Words = {
  usable: ['ACTIVE', 'IDLE', 'INACTIVE', 'UPDATING'],
  unusable: ['CREATING', 'PENDING_SETUP', 'FAILED', 'PENDING_DELETE', 'DELETING', 'DELETED'],
};

/**
 * The reference lists no words, only examples; these are from it and from MemoryDB Developer Guide, "Viewing a
 * cluster's details". Compared in lower case, because the two differ in that.
 */
const memoryDbWords: Words = {
  usable: ['available', 'updating', 'snapshotting'],
  unusable: ['creating', 'create-failed', 'deleting'],
};

/**
 * Why a site's part of data that every site writes takes no writes, or keeps them to itself, by the API of the site's
 * own region; one line each, empty for none.
 *
 * Only what the API says against the part counts. What it does not say is unknown, and no region is asked about
 * another one: that may be the one that is lost.
 *
 * @returns undefined for other data
 * @throws {PortError} when the API does not answer, or in words that are not known
 */
export async function sharedDataFlaws(
  clients: AwsClients,
  { data, sites }: NamedService,
  site: string,
): Promise<readonly string[] | undefined> {
  const region = sites[site]?.region;
  if (region === undefined) return undefined;
  if (data?.kind === 'dynamodb-global') {
    const others = Object.values(sites).flatMap((other) => other.region ?? []);
    const apart = [...new Set(others)].filter((other) => other !== region);
    return await unlessMissing(tableFlaws(clients, region, data, apart));
  }
  if (data?.kind === 'aurora-dsql') return await unlessMissing(dsqlFlaws(clients, region, data, site));
  if (data?.kind === 'memorydb-multi-region') return await unlessMissing(memoryDbFlaws(clients, region, data, site));
  return undefined;
}

/** @param others - the other regions with sites; a replica there shares the writes */
async function tableFlaws(
  clients: AwsClients,
  region: string,
  { tableName }: GlobalTable,
  others: readonly string[],
): Promise<readonly string[]> {
  const table = await describeTable(clients, region, tableName);
  const replicas = others.length === 0 ? [] : await replicaRegions(clients, region, table, tableName);
  const what = `the table ${tableName} in ${region}`;
  return [
    ...stateFlaws(what, String(table.TableStatus), tableWords),
    ...others
      .filter((other) => !replicas.includes(other))
      .map((other) => `${what} has no replica in ${other}: they share no data`),
  ];
}

/**
 * Regions of a table's replicas, its own left out or not.
 *
 * DynamoDB takes a replica out of its global table when the key of it, or its region, was out of reach for 20 hours:
 * what is left is a table that takes writes, and shares none. A global table of the old version (2017.11.29) lists its
 * replicas by an operation of its own. Sources: Amazon DynamoDB API Reference, `ReplicaDescription`, ReplicaStatus;
 * Amazon DynamoDB Developer Guide, "DynamoDB global tables versions", "Determining the version of a global table".
 */
async function replicaRegions(
  clients: AwsClients,
  region: string,
  { GlobalTableVersion, Replicas = [] }: TableDescription,
  tableName: string,
): Promise<readonly string[]> {
  if (GlobalTableVersion !== undefined || Replicas.length > 0)
    return Replicas.flatMap(({ RegionName }) => RegionName ?? []);
  const command = new DescribeGlobalTableCommand({ GlobalTableName: tableName });
  try {
    const { GlobalTableDescription: found } = await clients.call((options) =>
      clients.of(DynamoDBClient, region).send(command, options),
    );
    return (found?.ReplicationGroup ?? []).flatMap(({ RegionName }) => RegionName ?? []);
  } catch (error) {
    if (error instanceof PortError && error.cause instanceof Error && error.cause.name === noGlobalTable) return [];
    throw error;
  }
}

async function dsqlFlaws(
  clients: AwsClients,
  region: string,
  { clusters }: Dsql,
  site: string,
): Promise<readonly string[]> {
  const id = nameIn(clusters[site]);
  const answer = (await requestJson(clients, {
    region,
    service: 'dsql',
    isDualStack: true,
    method: 'GET',
    path: `/cluster/${id}`,
  })) as { readonly status?: unknown; readonly multiRegionProperties?: { readonly clusters?: unknown } } | null;
  const peers = answer?.multiRegionProperties?.clusters ?? [];
  if (!Array.isArray(peers)) throw unreadable('GetCluster', 'no list of peers');
  const strangers = Object.keys(clusters).filter(
    (other) => clusters[other] !== clusters[site] && !peers.includes(clusters[other]),
  );
  return [
    ...stateFlaws(`the cluster ${id} of Aurora DSQL`, String(answer?.status), dsqlWords),
    ...strangers.map((other) => `the cluster ${id} of Aurora DSQL is no peer of that of ${other}: they share no data`),
  ];
}

async function memoryDbFlaws(
  clients: AwsClients,
  region: string,
  { clusters, globalId }: MemoryDb,
  site: string,
): Promise<readonly string[]> {
  const name = nameIn(clusters[site]);
  const answer = (await requestJson(clients, {
    region,
    service: 'memorydb',
    host: 'memory-db',
    method: 'POST',
    path: '/',
    target: 'AmazonMemoryDB.DescribeClusters',
    body: { ClusterName: name },
  })) as { readonly Clusters?: readonly { readonly Status?: unknown; readonly MultiRegionClusterName?: unknown }[] };
  const [cluster] = answer?.Clusters ?? [];
  if (cluster === undefined) throw unreadable('DescribeClusters', `nothing of ${name}`);
  const { Status, MultiRegionClusterName: owner } = cluster;
  const isStranger = owner !== globalId;
  return [
    ...stateFlaws(`the cluster ${name} of MemoryDB`, String(Status).toLowerCase(), memoryDbWords),
    ...(isStranger
      ? [`the cluster ${name} of MemoryDB is in ${owner ?? 'no multi-Region cluster'}, not in ${globalId}`]
      : []),
  ];
}

/** @throws {PortError} `unavailable` for a word that is not known */
function stateFlaws(what: string, word: string, { usable, unusable, apart = [] }: Words): readonly string[] {
  if (usable.includes(word)) return [];
  if (apart.includes(word)) return [`${what} is ${word}: it shares no writes`];
  if (unusable.includes(word)) return [`${what} is ${word}: it takes no writes`];
  throw unreadable(what, `the state ${word}, which is not known here`);
}

/** A part that is not there takes no writes; that is an answer, and no fault. */
async function unlessMissing(flaws: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await flaws;
  } catch (error) {
    if (error instanceof PortError && error.fault.kind === 'invalid') return [error.fault.detail];
    throw error;
  }
}

function nameIn(arn = ''): string {
  return arn.split('/').at(-1) ?? '';
}

function unreadable(who: string, said: string): PortError {
  return new PortError({ kind: 'unavailable', detail: `${who} gave ${said}` });
}
