import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { MetricSource } from '../../../core/model/site.ts';
import type { AwsClients } from '../clients.ts';

/**
 * Period that is asked for, and the shortest that AWS's own services publish. Source: CloudWatch User Guide, "Metrics
 * concepts".
 */
const periodMs = 60_000;

/** Queries that one request may hold. Source: CloudWatch API Reference, GetMetricData. */
export const queriesMax = 500;

/**
 * Newest value of each metric, in its own unit; null where there is none that is young enough.
 *
 * A datapoint bears the time at which its period begins, and its age is counted from there. Of a sum only a period that
 * is over counts, from its end: the sum of a minute that has just begun says nothing.
 *
 * @param nowMs - epoch milliseconds; CloudWatch stamps its values with wall-clock time
 * @throws {PortError} when CloudWatch does not answer
 */
export async function metricValues(
  clients: AwsClients,
  region: string,
  sources: readonly MetricSource[],
  nowMs: number,
): Promise<readonly (number | null)[]> {
  if (sources.length === 0) return [];
  const asked = sources.slice(0, queriesMax);
  const longestMs = Math.max(...asked.map(({ maxAgeMs }) => maxAgeMs));
  const command = new GetMetricDataCommand({
    StartTime: new Date(nowMs - longestMs - 2 * periodMs),
    EndTime: new Date(nowMs + periodMs),
    ScanBy: 'TimestampDescending',
    MetricDataQueries: asked.map(({ namespace, name, statistic, dimensions }, index) => ({
      Id: `m${index}`,
      MetricStat: {
        Metric: {
          Namespace: namespace,
          MetricName: name,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: periodMs / 1_000,
        Stat: statistic,
      },
    })),
  });
  const { MetricDataResults } = await clients.call((options) =>
    clients.of(CloudWatchClient, region).send(command, options),
  );
  return sources.map((source, index) => {
    const result = MetricDataResults?.find(({ Id }) => Id === `m${index}`);
    const points = (result?.Timestamps ?? []).map((at, nth) => ({ atMs: at.getTime(), value: result?.Values?.[nth] }));
    return newestOf(source, points, nowMs);
  });
}

/** One value of a metric; `atMs` is when its period begins. */
export interface Datapoint {
  readonly atMs: number;
  readonly value: number | undefined;
}

/** The newest value that counts; null when there is none. */
export function newestOf(
  { statistic, maxAgeMs }: Pick<MetricSource, 'statistic' | 'maxAgeMs'>,
  points: readonly Datapoint[],
  nowMs: number,
): number | null {
  const ageOf = ({ atMs }: Datapoint) => nowMs - atMs - (statistic === 'Sum' ? periodMs : 0);
  const counted = points
    .filter((point) => (statistic === 'Sum' ? ageOf(point) >= 0 : true))
    .filter((point) => ageOf(point) <= maxAgeMs)
    .sort((a, b) => b.atMs - a.atMs);
  return counted[0]?.value ?? null;
}
