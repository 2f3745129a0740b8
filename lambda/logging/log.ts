import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { memoryMetric, metricNamespace, noService } from '../../src/config/plan/names.ts';
import { alertOf } from '../../src/core/alerting/alert.ts';
import type { AlertName } from '../../src/core/alerting/alert-name.ts';
import type { FailoverEvent } from '../../src/core/alerting/event.ts';
import { raisedIn } from '../../src/core/alerting/pulse.ts';
import { badIn } from '../../src/core/checkup/checkup-events.ts';
import { memoriesIn } from '../../src/core/dns/memory.ts';

/** How many checks of the hourly checkup found something bad: the metric of the alarm of this name. */
const badMetric: AlertName = 'doctor-red';

/** Structured log; writing never waits and never fails. */
export interface Log {
  write(event: FailoverEvent): void;
}

/**
 * Log lines as JSON, and a count of each alarm in CloudWatch's embedded metric format.
 *
 * Both are lines on the standard output: no call, no waiting. A count is written only while an alarm is raised, so a
 * healthy deployment has none and pays for none; only what DNS remembers and the hourly checkup write a 0, too. In a
 * line, `service` is the deployment, as Powertools has it, and `failover` holds the event.
 */
export function createLog(deployment: string): Log {
  const logger = new Logger({ serviceName: deployment });
  const counters = new Map<string, Metrics>();
  const counterOf = (service: string): Metrics => {
    const known = counters.get(service);
    if (known) return known;
    const counter = new Metrics({
      namespace: metricNamespace,
      serviceName: service,
      defaultDimensions: { deployment },
      singleMetric: true,
    });
    counters.set(service, counter);
    return counter;
  };
  return {
    write: ({ detail, ...failover }) => {
      logger.info(detail, { failover });
      for (const alarm of alarmsIn({ detail, ...failover })) {
        counterOf(failover.service ?? noService).addMetric(alarm, MetricUnit.Count, 1);
      }
      const bad = badIn({ detail, ...failover });
      if (bad !== null) counterOf(noService).addMetric(badMetric, MetricUnit.Count, bad);
      for (const [sites, value] of memoriesIn({ detail, ...failover })) {
        // The counter writes each metric at once, so the dimension is that metric's alone.
        counterOf(failover.service ?? noService)
          .addDimension('sites', sites)
          .addMetric(memoryMetric, MetricUnit.Count, value);
      }
    },
  };
}

/** Alarms that an event raises; a pulse repeats those that last. */
function alarmsIn(event: FailoverEvent): readonly AlertName[] {
  const raised = alertOf(event);
  return raised === null ? raisedIn(event) : [raised];
}
