import { DescribeReplicationGroupsCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { surveyedLagOf } from '../../../core/detection/lag-source.ts';
import type { NamedService } from '../../../core/model/service.ts';
import type { AwsClients } from '../clients.ts';
import { sourceOfInstance } from '../promote/rds-replica.ts';
import { heartbeatLagMs } from './heartbeat.ts';
import { type LagMetric, lagMetricsOf, lagOf } from './lag-metric.ts';
import { metricValues, queriesMax } from './metric-value.ts';

/**
 * Replication lag of a site in milliseconds: from the source that is declared, else from what AWS publishes of its
 * data.
 *
 * @param writer - site that truly writes, by the register; null when it is not known
 * @param nowMs - epoch milliseconds
 * @returns undefined when there is no source, or none has a value that is young enough
 * @throws {PortError} when a source does not answer
 */
export async function readLagMs(
  clients: AwsClients,
  service: NamedService,
  site: string,
  writer: string | null,
  nowMs: number,
): Promise<number | undefined> {
  const place = service.sites[site];
  if (place?.region === undefined) return undefined;
  const { region, measures } = place;
  const source = surveyedLagOf(service, site);
  if (source === null) return undefined;
  if (source === 'declared') {
    const { lag } = measures;
    if (lag?.kind === 'heartbeat') return await heartbeatLagMs(clients, region, lag, nowMs);
    return lag?.kind === 'metric' ? lagOf([lag], await metricValues(clients, region, [lag], nowMs)) : undefined;
  }
  if (service.data === undefined) return undefined;
  if (!(await followsWriter(clients, service, site, writer))) return undefined;
  const metrics = lagMetricsOf({
    data: service.data,
    site,
    region,
    writerRegion: writer === null ? null : (service.sites[writer]?.region ?? null),
    otherRegions: otherRegionsOf(service, region),
    cacheNodes: await cacheNodesOf(clients, service, site),
  });
  return await worstOf(clients, metrics, nowMs);
}

/**
 * Whether what a site follows is the writer. A read replica of RDS goes on following the instance that it was made of,
 * wherever the service has gone, and its lag says nothing of what the new writer takes. Every other kind has one set of
 * members that follow whoever writes.
 */
async function followsWriter(
  clients: AwsClients,
  { data, sites }: NamedService,
  site: string,
  writer: string | null,
): Promise<boolean> {
  const region = sites[site]?.region;
  if (data?.kind !== 'rds-replica') return true;
  if (region === undefined || writer === null) return false;
  const sourceRegion = sites[writer]?.region;
  const [instance, source] = [data.instances[site], data.instances[writer]];
  if (instance === undefined || source === undefined || sourceRegion === undefined) return false;
  const followed = await sourceOfInstance(clients, region, instance);
  return followed !== null && followed.region === sourceRegion && followed.identifier === source;
}

/** Regions of a service's sites, but one. */
function otherRegionsOf({ sites }: NamedService, region: string): readonly string[] {
  const all = Object.values(sites).flatMap((site) => site.region ?? []);
  return [...new Set(all)].filter((one) => one !== region);
}

/** All metrics of one question are in one region. */
async function worstOf(clients: AwsClients, metrics: readonly LagMetric[], nowMs: number): Promise<number | undefined> {
  const region = metrics[0]?.region;
  if (region === undefined) return undefined;
  const sources = metrics.map(({ source }) => source).slice(0, queriesMax);
  return lagOf(sources, await metricValues(clients, region, sources, nowMs));
}

/** Nodes of a site's replication group: the lag is published by that of the primary one, and that changes. */
async function cacheNodesOf(clients: AwsClients, service: NamedService, site: string): Promise<readonly string[]> {
  if (service.data?.kind !== 'elasticache-global') return [];
  const group = service.data.members[site];
  const region = service.sites[site]?.region;
  if (group === undefined || region === undefined) return [];
  const command = new DescribeReplicationGroupsCommand({ ReplicationGroupId: group });
  const { ReplicationGroups } = await clients.call((options) =>
    clients.of(ElastiCacheClient, region).send(command, options),
  );
  return ReplicationGroups?.[0]?.MemberClusters ?? [];
}
