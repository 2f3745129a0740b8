import { DescribeReplicationGroupsCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import type { NamedService } from '../../../core/model/service.ts';
import type { AwsClients } from '../clients.ts';
import { heartbeatLagMs } from './heartbeat.ts';
import { type LagMetric, lagMetricsOf, lagOf } from './lag-metric.ts';
import { metricValues, queriesMax } from './metric-value.ts';

/**
 * Replication lag of a site in milliseconds: from the source that is declared, else from what AWS publishes of its
 * data.
 *
 * @param servingSite - where writes come from; null when it is not known
 * @param nowMs - epoch milliseconds
 * @returns undefined when there is no source, or none has a value that is young enough
 * @throws {PortError} when a source does not answer
 */
export async function readLagMs(
  clients: AwsClients,
  service: NamedService,
  site: string,
  servingSite: string | null,
  nowMs: number,
): Promise<number | undefined> {
  const place = service.sites[site];
  if (place?.region === undefined) return undefined;
  const { region, measures } = place;
  if (measures.lag?.kind === 'heartbeat') return await heartbeatLagMs(clients, region, measures.lag, nowMs);
  if (measures.lag?.kind === 'probe') return undefined;
  if (measures.lag) {
    const values = await metricValues(clients, region, [measures.lag], nowMs);
    return lagOf([measures.lag], values);
  }
  // What serves has no lag behind itself; a metric of another time would say otherwise.
  if (!service.data || site === servingSite) return undefined;
  const metrics = lagMetricsOf({
    data: service.data,
    site,
    region,
    sourceRegion: servingSite === null ? null : (service.sites[servingSite]?.region ?? null),
    cacheNodes: await cacheNodesOf(clients, service, site),
  });
  return await worstOf(clients, metrics, nowMs);
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
