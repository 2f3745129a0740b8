import { protectionLevels } from '../operator/protection.ts';
import { type AttributeValue, attributes, nanos, type OtlpRequest, resource, scope } from './otlp.ts';
import type { MetricsReport, ServiceFacts } from './report.ts';

/** What was not delivered since a sender began. */
export interface DropCount {
  readonly count: number;
  /** Epoch milliseconds. */
  readonly sinceMs: number;
}

/** Every metric, by name: its unit in UCUM, and what it says. */
export const metricCatalogue = {
  'failover.protection': ['1', 'Whether a service has this protection level now (1) or not (0)'],
  'failover.epoch': ['1', 'Epoch of the register'],
  'failover.site.active': ['1', 'Whether the register names this site (1) or not (0)'],
  'failover.site.votes': ['{watcher}', 'Fresh watchers that hold this opinion of the site'],
  'failover.site.replication.lag': ['s', 'Replication lag of the data of the site'],
  'failover.site.probe.duration': ['s', 'What the slowest probe of the site took from this region'],
  'failover.run.decision.duration': ['s', 'From the first sign of the fault to the decision, in the newest run'],
  'failover.run.recovery.duration': ['s', 'From the first sign of the fault until verified, in the newest run'],
  'failover.telemetry.dropped': ['{request}', 'Requests that this collector did not take since the sender began'],
} as const satisfies Readonly<Record<string, readonly [unit: string, description: string]>>;

type MetricName = keyof typeof metricCatalogue;

/** One value. */
interface Point {
  readonly name: Exclude<MetricName, 'failover.telemetry.dropped'>;
  readonly value: number;
  readonly of: Readonly<Record<string, AttributeValue>>;
}

/** `AGGREGATION_TEMPORALITY_CUMULATIVE`. Source: opentelemetry-proto, `metrics.proto`. */
const cumulative = 2;

/** The metrics of a report as a collector takes them. What is not known has no value. */
export function metricsRequest(report: MetricsReport, dropped: DropCount): OtlpRequest {
  const { deployment, region, atMs, services } = report;
  const points = Object.entries(services).flatMap(([service, facts]) => pointsOf(service, facts));
  const timeUnixNano = nanos(atMs);
  const names = [...new Set(points.map(({ name }) => name))];
  const gauges = names.map((name) => ({
    ...described(name),
    gauge: {
      dataPoints: points
        .filter((point) => point.name === name)
        .map(({ value, of }) => ({ attributes: attributes(of), timeUnixNano, asDouble: value })),
    },
  }));
  const drops = {
    ...described('failover.telemetry.dropped'),
    sum: {
      aggregationTemporality: cumulative,
      isMonotonic: true,
      dataPoints: [{ startTimeUnixNano: nanos(dropped.sinceMs), timeUnixNano, asInt: String(dropped.count) }],
    },
  };
  const scopeMetrics = [{ scope, metrics: [...gauges, drops] }];
  return {
    path: '/v1/metrics',
    body: { resourceMetrics: [{ resource: resource(deployment, region), scopeMetrics }] },
  };
}

function described(name: MetricName) {
  const [unit, description] = metricCatalogue[name];
  return { name, unit, description };
}

function pointsOf(service: string, { protection, epoch, active, run, sites }: ServiceFacts): readonly Point[] {
  const own = { 'failover.service': service };
  const timed = { ...own, 'failover.run.kind': run?.kind ?? '' };
  return [
    ...protectionLevels.map((level) =>
      point('failover.protection', Number(level === protection), { ...own, 'failover.level': level }),
    ),
    ...known('failover.epoch', epoch, own),
    ...known('failover.run.decision.duration', secondsOf(run?.decisionMs), timed),
    ...known('failover.run.recovery.duration', secondsOf(run?.recoveryMs), timed),
    ...Object.entries(sites).flatMap(([site, { votes, replicationLagMs, probeMs }]) => {
      const at = { ...own, 'failover.site': site };
      return [
        ...known('failover.site.active', active === null ? null : Number(site === active), at),
        ...Object.entries(votes).map(([opinion, count]) =>
          point('failover.site.votes', count, { ...at, 'failover.opinion': opinion }),
        ),
        ...known('failover.site.replication.lag', secondsOf(replicationLagMs), at),
        ...known('failover.site.probe.duration', secondsOf(probeMs), at),
      ];
    }),
  ];
}

function point(name: Point['name'], value: number, of: Point['of']): Point {
  return { name, value, of };
}

function known(name: Point['name'], value: number | null, of: Point['of']): readonly Point[] {
  return value === null ? [] : [point(name, value, of)];
}

function secondsOf(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : ms / 1_000;
}
