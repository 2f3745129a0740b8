import { publishedLagAgeMsMax } from '../../../core/detection/lag-source.ts';
import type { DataResource, GlobalCluster } from '../../../core/model/data.ts';
import type { LagSource, MetricSource } from '../../../core/model/site.ts';

/** A metric of replication lag, and where it is. */
export interface LagMetric {
  readonly region: string;
  readonly source: MetricSource & { readonly unitMs: number; readonly isSearched?: true };
}

/** What lag is read of when the configuration names no source. */
export interface LagQuestion {
  readonly data: DataResource;
  readonly site: string;
  readonly region: string;
  /** Region of the site that writes, by the register; null when it is not known. */
  readonly writerRegion: string | null;
  /** Regions of the other sites, any of which may write. */
  readonly otherRegions: readonly string[];
  /** Nodes of the site's replication group, for ElastiCache. */
  readonly cacheNodes: readonly string[];
}

/**
 * Metrics in which AWS itself publishes the lag of a kind of data; several where the dimensions depend on the engine or
 * on what is primary. Those that have values count, the worst of them. Empty when there are none: the lag is unknown.
 *
 * Sources: Amazon Aurora User Guide, "Amazon CloudWatch metrics for Amazon Aurora"; Amazon DocumentDB Developer Guide,
 * "Monitoring an Amazon DocumentDB global clusters"; Neptune User Guide, "Neptune CloudWatch metrics"; Amazon RDS User
 * Guide, "Monitoring read replication"; ElastiCache User Guide, "Metrics for Valkey and Redis OSS"; DynamoDB Developer
 * Guide, "Metrics and dimensions". S3 publishes the latency of replication rules, which a Multi-Region Access Point
 * does not name.
 */
export function lagMetricsOf(question: LagQuestion): readonly LagMetric[] {
  const { data, site, region, writerRegion, cacheNodes } = question;
  switch (data.kind) {
    case 'aurora-global':
      return ofCluster(data, question, 'AWS/RDS', 'AuroraGlobalDBReplicationLag');
    case 'documentdb-global':
      return ofCluster(data, question, 'AWS/DocDB', 'GlobalClusterReplicationLag');
    case 'neptune-global':
      return ofCluster(data, question, 'AWS/Neptune', 'GlobalDbProgressLag');
    case 'rds-replica': {
      const instance = data.instances[site];
      if (instance === undefined) return [];
      return [metric(region, 'AWS/RDS', 'ReplicaLag', { DBInstanceIdentifier: instance }, 1_000)];
    }
    case 'elasticache-global':
      return cacheNodes.map((node) =>
        metric(region, 'AWS/ElastiCache', 'GlobalDatastoreReplicationLag', { CacheClusterId: node }, 1_000),
      );
    case 'dynamodb-global': {
      if (writerRegion === null || writerRegion === region) return [];
      const dimensions = { TableName: data.tableName, ReceivingRegion: region };
      return [metric(writerRegion, 'AWS/DynamoDB', 'ReplicationLatency', dimensions, 1)];
    }
    case 'memorydb-multi-region': {
      const cluster = data.clusters[site]?.split('/').at(-1);
      return cluster === undefined ? [] : [ofEachSource(region, cluster)];
    }
    case 'aurora-dsql':
    case 's3-mrap':
    case 'custom':
      return [];
  }
}

/**
 * With and without the region that writes come from: which of the two there is depends on engine and version. Any other
 * site may write, whatever the register says: a region that sends nothing has no values.
 */
function ofCluster(
  data: GlobalCluster,
  { site, region, otherRegions }: LagQuestion,
  namespace: string,
  name: string,
): readonly LagMetric[] {
  const cluster = data.clusters[site]?.split(':').at(-1);
  if (cluster === undefined) return [];
  const dimensions = { DBClusterIdentifier: cluster };
  const plain = metric(region, namespace, name, dimensions, 1);
  const ofSource = (source: string) => metric(region, namespace, name, { ...dimensions, SourceRegion: source }, 1);
  return [plain, ...otherRegions.map(ofSource)];
}

/**
 * The worst of all shards and of all regions that send to the cluster. No page of AWS names the dimensions of this
 * metric; every other metric of MemoryDB has the cluster's name among them, so it is searched for by that. Source:
 * MemoryDB Developer Guide, "Monitoring MemoryDB Multi-Region".
 */
function ofEachSource(region: string, cluster: string): LagMetric {
  const { source } = metric(region, 'AWS/MemoryDB', 'MultiRegionClusterReplicationLag', { ClusterName: cluster }, 1);
  return { region, source: { ...source, isSearched: true } };
}

function metric(
  region: string,
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  unitMs: number,
): LagMetric {
  return {
    region,
    source: { namespace, name, statistic: 'Maximum', dimensions, maxAgeMs: publishedLagAgeMsMax, unitMs },
  };
}

/**
 * The lag that metrics tell; undefined when none does. A negative value is RDS's word for "replication is not active":
 * that is unknown, and so is what stands beside it.
 *
 * @param values - in the order of the sources, in their unit; null where there is none
 */
export function lagOf(
  sources: readonly Pick<Extract<LagSource, { kind: 'metric' }>, 'unitMs'>[],
  values: readonly (number | null)[],
): number | undefined {
  const lags = sources.flatMap(({ unitMs }, index) => {
    const value = values[index] ?? null;
    return value === null ? [] : [value * unitMs];
  });
  if (lags.length === 0 || lags.some((lag) => lag < 0)) return undefined;
  return Math.round(Math.max(...lags));
}
