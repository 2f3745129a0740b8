import type { Deployment } from '../../core/model/deployment.ts';
import { preferredSite, type Service } from '../../core/model/service.ts';
import { surveyIntervalMs } from '../../core/watcher/surveys/survey.ts';
import { surveyedSites } from '../plan/function-set.ts';

/**
 * Nodes of a replication group whose lag is read: a primary and one replica are assumed, because the configuration does
 * not say how many there are.
 */
const cacheNodes = 2;

/** The work of a deployment's surveys in a month, in all its regions together. */
export interface SurveyWorkload {
  /** Invocations of the survey functions. */
  readonly surveys: number;
  /** Functions of the user's that say what role their part of the data has. */
  readonly invocations: number;
  /** Metrics that are asked for. */
  readonly metrics: number;
  /** Heartbeat items that are read; half a read unit each, as they need not be the newest. */
  readonly heartbeats: number;
}

/**
 * Computes the surveys of a month without a failover: each region's watcher asks about each of its sites.
 *
 * @param watchedSeconds - seconds for which one region's watchers run, warm-ups included
 */
export function surveyWorkloadOf(deployment: Deployment, watchedSeconds: number): SurveyWorkload {
  const { controlRegions, services } = deployment;
  const looks = (watchedSeconds * 1_000) / surveyIntervalMs;
  const surveyed = Object.values(services).flatMap((service) =>
    controlRegions.flatMap((region) => surveyedSites(service, region).map((site) => ({ service, site }))),
  );
  const sum = (countOf: (service: Service, site: string) => number) =>
    looks * surveyed.reduce((total, { service, site }) => total + countOf(service, site), 0);
  return {
    surveys: looks * surveyed.length,
    invocations: sum(({ data }) => (data?.kind === 'custom' ? 1 : 0)),
    metrics: sum(metricsOf),
    heartbeats: sum(({ sites }, site) => (sites[site]?.measures.lag?.kind === 'heartbeat' ? 1 : 0)),
  };
}

/** Metrics in one survey of a site. The lag of the serving site is not read, unless it declares a source. */
function metricsOf(service: Service, site: string): number {
  const { measures } = service.sites[site] ?? {};
  const load = measures?.load === undefined ? 0 : 1;
  if (measures?.lag !== undefined) return load + (measures.lag.kind === 'metric' ? 1 : 0);
  return load + (site === preferredSite(service) ? 0 : dataMetricsOf(service));
}

function dataMetricsOf({ data, sites }: Service): number {
  switch (data?.kind) {
    case 'aurora-global':
    case 'documentdb-global':
    case 'neptune-global':
      // The metric is read both with and without the dimension of the writer's region, because engines differ in which
      // of the two they publish.
      return 2;
    case 'elasticache-global':
      return cacheNodes;
    case 'rds-replica':
    case 'dynamodb-global':
      return 1;
    case 'memorydb-multi-region':
      // One for each other region; one shard is assumed, because the configuration does not say how many there are.
      return Object.keys(sites).length - 1;
    default:
      return 0;
  }
}
