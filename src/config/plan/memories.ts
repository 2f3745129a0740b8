import { memoryAlarmName } from '../../core/dns/checks.ts';
import { memoryDimension, rememberedIn } from '../../core/dns/memory.ts';
import type { Deployment } from '../../core/model/deployment.ts';
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
    rememberedIn(configured).map(({ sites: guarded }) => {
      const sites = memoryDimension(guarded);
      const dimensions = { deployment: deployment.name, service, sites };
      const name = memoryAlarmName(deployment.name, service, guarded);
      return { service, sites, name, metric: { namespace: metricNamespace, name: memoryMetric, dimensions } };
    }),
  );
}
