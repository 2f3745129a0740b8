import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { AwsClients } from '../clients.ts';

/**
 * Period that is asked for where none is named, and the shortest that AWS's own services publish. Source: CloudWatch
 * User Guide, "Metrics concepts".
 */
const periodMsDefault = 60_000;

/** Queries that one request may hold. Source: CloudWatch API Reference, GetMetricData. */
export const queriesMax = 500;

/** A metric that is asked for. */
export interface MetricQuery {
  readonly namespace: string;
  readonly name: string;
  /** As CloudWatch names it, such as `Average` or `p99`. */
  readonly statistic: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Whether these dimensions are some of several metrics, of whose values the highest counts; absent: they are all. */
  readonly isSearched?: true;
  /** A minute where it is left out. */
  readonly periodMs?: number;
  /** Age beyond which a value is ignored. */
  readonly maxAgeMs: number;
}

/** What CloudWatch says of one metric. */
export type MetricAnswer =
  /** Null: CloudWatch has no value that is young enough. */
  | { readonly isRead: true; readonly value: number | null }
  /** CloudWatch itself could not tell, for the reason that its status code names. */
  | { readonly isRead: false; readonly why: string };

/**
 * Newest value of each metric, in its own unit; null where there is none that is young enough, and where CloudWatch
 * cannot tell.
 *
 * @param nowMs - epoch milliseconds; CloudWatch stamps its values with wall-clock time
 * @throws {PortError} when CloudWatch does not answer
 */
export async function metricValues(
  clients: AwsClients,
  region: string,
  queries: readonly MetricQuery[],
  nowMs: number,
): Promise<readonly (number | null)[]> {
  const answers = await metricAnswers(clients, region, queries.slice(0, queriesMax), nowMs);
  return queries.map((_, index) => {
    const answer = answers[index];
    return answer?.isRead ? answer.value : null;
  });
}

/**
 * What CloudWatch says of each metric, by one request.
 *
 * A datapoint bears the time at which its period begins, and its age is counted from there. Of a sum only a period that
 * is over counts, from its end: the sum of a minute that has just begun says nothing.
 *
 * @param queries - at most `queriesMax`
 * @param nowMs - epoch milliseconds; CloudWatch stamps its values with wall-clock time
 * @throws {PortError} when CloudWatch does not answer
 */
export async function metricAnswers(
  clients: AwsClients,
  region: string,
  queries: readonly MetricQuery[],
  nowMs: number,
): Promise<readonly MetricAnswer[]> {
  if (queries.length === 0) return [];
  const longestMs = Math.max(...queries.map(({ maxAgeMs }) => maxAgeMs));
  const periodMs = Math.max(...queries.map(periodMsOf));
  const command = new GetMetricDataCommand({
    StartTime: new Date(nowMs - longestMs - 2 * periodMs),
    EndTime: new Date(nowMs + periodMs),
    ScanBy: 'TimestampDescending',
    MetricDataQueries: queries.map((query, index) => ({ Id: `m${index}`, ...questionOf(query) })),
  });
  const { MetricDataResults } = await clients.call((options) =>
    clients.of(CloudWatchClient, region).send(command, options),
  );
  return queries.map((query, index) =>
    answerOf(
      query,
      MetricDataResults?.find(({ Id }) => Id === `m${index}`),
      nowMs,
    ),
  );
}

/** Source of the expression: CloudWatch User Guide, "CloudWatch search expression syntax". */
function questionOf(query: MetricQuery): Omit<MetricDataQuery, 'Id'> {
  const { namespace, name, statistic, dimensions, isSearched } = query;
  const periodSeconds = periodMsOf(query) / 1_000;
  if (isSearched) {
    const terms = Object.entries({ Namespace: namespace, MetricName: name, ...dimensions });
    const search = terms.map(([key, value]) => `${key}="${value}"`).join(' ');
    return { Expression: `MAX(SEARCH('${search}', '${statistic}', ${periodSeconds}))` };
  }
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: namespace, MetricName: name, Dimensions };
  return { MetricStat: { Metric, Period: periodSeconds, Stat: statistic } };
}

/**
 * The newest values come first, so that a part of the data is enough where it has one. Source: CloudWatch API
 * Reference, MetricDataResult, `StatusCode`.
 */
function answerOf(query: MetricQuery, result: MetricDataResult | undefined, nowMs: number): MetricAnswer {
  const code = result === undefined ? 'no result' : (result.StatusCode ?? 'Complete');
  const points = (result?.Timestamps ?? []).map((at, nth) => ({ atMs: at.getTime(), value: result?.Values?.[nth] }));
  const value = newestOf(query, points, nowMs);
  if (code === 'Complete' || (code === 'PartialData' && value !== null)) return { isRead: true, value };
  const said = result?.Messages?.map(({ Value = '' }) => Value).join('; ') ?? '';
  return { isRead: false, why: said === '' ? code : `${code}: ${said}` };
}

/** One value of a metric; `atMs` is when its period begins. */
export interface Datapoint {
  readonly atMs: number;
  readonly value: number | undefined;
}

/** Statistics that grow while their period lasts. */
const growing: readonly string[] = ['Sum', 'SampleCount'];

/** The newest value that counts; null when there is none. */
export function newestOf(
  query: Pick<MetricQuery, 'statistic' | 'maxAgeMs' | 'periodMs'>,
  points: readonly Datapoint[],
  nowMs: number,
): number | null {
  const isGrowing = growing.includes(query.statistic);
  const ageOf = ({ atMs }: Datapoint) => nowMs - atMs - (isGrowing ? periodMsOf(query) : 0);
  const counted = points
    .filter((point) => (isGrowing ? ageOf(point) >= 0 : true))
    .filter((point) => ageOf(point) <= query.maxAgeMs)
    .sort((a, b) => b.atMs - a.atMs);
  return counted[0]?.value ?? null;
}

function periodMsOf({ periodMs = periodMsDefault }: Pick<MetricQuery, 'periodMs'>): number {
  return periodMs;
}
