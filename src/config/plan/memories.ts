import { memoryAlarmName } from '../../core/dns/checks.ts';
import { memoryDimension, rememberedIn } from '../../core/dns/memory.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { Service } from '../../core/model/service.ts';
import { sitesByPriority } from '../../core/model/service.ts';
import type { MetricPlan } from './alarms.ts';
import { memoryMetric, metricNamespace } from './names.ts';

/** An alarm that nobody is told of: a health check follows it. */
export interface MemoryAlarmPlan {
  readonly service: string;
  /** Sites that it is about, as its metric has them. */
  readonly sites: string;
  readonly name: string;
  readonly metric: MetricPlan;
}

/** The alarms, in each region's stack, by which DNS remembers who was left. */
export function memoryAlarms(deployment: Deployment): readonly MemoryAlarmPlan[] {
  return Object.entries(deployment.services).flatMap(([service, configured]) =>
    rememberedIn(configured).map(({ sites }) => {
      const name = memoryAlarmName(deployment.name, service, sites);
      const metric = memoryMetricOf(deployment.name, service, sites);
      return { service, sites: memoryDimension(sites), name, metric };
    }),
  );
}

function memoryMetricOf(deployment: string, service: string, guarded: readonly string[]): MetricPlan {
  const dimensions = { deployment, service, sites: memoryDimension(guarded) };
  return { namespace: metricNamespace, name: memoryMetric, dimensions };
}

/** How the metrics of DNS's memory tell whether a site serves: the first less the second, 1 or 0. */
export interface ServingSign {
  readonly service: string;
  readonly site: string;
  /** 1 once nobody before it in the chain serves; null stands for 1: there is nobody, or there is no chain. */
  readonly isReached: MetricPlan | null;
  /** 1 once it does not serve either; null stands for 0: nobody comes after it. */
  readonly isPassed: MetricPlan | null;
}

/** Signs of every site of the services that DNS has a memory of. Others have no metric of who serves. */
export function servingSigns(deployment: Deployment): readonly ServingSign[] {
  return Object.entries(deployment.services).flatMap(([service, configured]) =>
    signsOf(deployment.name, service, configured),
  );
}

function signsOf(deployment: string, service: string, configured: Service): readonly ServingSign[] {
  const guards = rememberedIn(configured);
  if (guards.length === 0) return [];
  const isChain = configured.traffic.dns?.policy === 'failover';
  const metricFor = (site: string | undefined) => {
    const guard = guards.find((each) => each.site === site);
    return guard === undefined ? null : memoryMetricOf(deployment, service, guard.sites);
  };
  const sites = sitesByPriority(configured);
  return sites.map((site, place) => ({
    service,
    site,
    isReached: isChain ? metricFor(sites[place - 1]) : null,
    isPassed: metricFor(site),
  }));
}
