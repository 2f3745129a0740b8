import type { SharedData } from '../../../core/model/data.ts';
import type { NamedService } from '../../../core/model/service.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { requestJson } from '../wire/signed-request.ts';

type Dsql = Extract<SharedData, { readonly kind: 'aurora-dsql' }>;
type MemoryDb = Extract<SharedData, { readonly kind: 'memorydb-multi-region' }>;

/** Words for the state of a cluster; one that is in neither list says nothing. */
interface Words {
  readonly usable: readonly string[];
  readonly unusable: readonly string[];
}

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
 * @returns undefined for other data, and for a kind of whose state the region says nothing
 * @throws {PortError} when the API does not answer, or in words that are not known
 */
export async function sharedDataFlaws(
  clients: AwsClients,
  { data, sites }: NamedService,
  site: string,
): Promise<readonly string[] | undefined> {
  const region = sites[site]?.region;
  if (region === undefined) return undefined;
  if (data?.kind === 'aurora-dsql') return await unlessMissing(dsqlFlaws(clients, region, data, site));
  if (data?.kind === 'memorydb-multi-region') return await unlessMissing(memoryDbFlaws(clients, region, data, site));
  return undefined;
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
function stateFlaws(what: string, word: string, { usable, unusable }: Words): readonly string[] {
  if (usable.includes(word)) return [];
  if (unusable.includes(word)) return [`${what} is ${word}: it takes no writes`];
  throw unreadable(what, `the state ${word}, which is not known here`);
}

/** A cluster that is not there takes no writes; that is an answer, and no fault. */
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
