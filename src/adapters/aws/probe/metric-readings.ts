import { type MetricProbe, metricName, metricReadIntervalMs } from '../../../core/model/probe.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { AwsClients } from '../clients.ts';
import type { MetricAnswer, MetricQuery } from '../survey/metric-value.ts';

/** A metric that is asked for, and where. */
type Asked = Omit<MetricProbe, 'type' | 'expect' | 'missing' | 'timeoutMs' | 'corroborating' | 'dependency'>;

/** One read of metrics, whatever came of it. */
interface Read {
  readonly atMs: number;
  readonly answers: Promise<ReadonlyMap<string, MetricAnswer>>;
}

/**
 * Reads the metrics of a deployment's probes, those of one region and period in one call, three times in each period at
 * most.
 *
 * What came of a read, its failure too, is the answer until the next one: a tick asks far more often than a metric
 * changes, and each metric that is asked for is paid for. Make one for each generation of a watcher, so that nothing
 * old is answered after a freeze.
 */
export class MetricReadings {
  readonly #clients: AwsClients;
  readonly #clock: Pick<Clock, 'monotonicMs' | 'wallMs'>;
  readonly #metrics: readonly Asked[];
  readonly #reads = new Map<string, Read>();

  /** @param metrics - all that will be asked for */
  constructor(clients: AwsClients, clock: Pick<Clock, 'monotonicMs' | 'wallMs'>, metrics: readonly Asked[]) {
    this.#clients = clients;
    this.#clock = clock;
    this.#metrics = metrics;
  }

  /** @throws {PortError} when the metrics could not be read */
  async answerOf(metric: Asked): Promise<MetricAnswer> {
    const nowMs = this.#clock.monotonicMs();
    const last = this.#reads.get(callOf(metric));
    const isFresh = last !== undefined && nowMs - last.atMs < metricReadIntervalMs(metric);
    const answers = isFresh ? last.answers : this.#read(metric);
    if (!isFresh) this.#reads.set(callOf(metric), { atMs: nowMs, answers });
    return (await answers).get(keyOf(metric)) ?? { isRead: false, why: 'it was not asked for' };
  }

  async #read(metric: Asked): Promise<ReadonlyMap<string, MetricAnswer>> {
    const together = this.#metrics.filter((other) => callOf(other) === callOf(metric));
    const asked = [...new Map(together.map((one) => [keyOf(one), one])).values()];
    // Loaded at the first read: most deployments have no metric, and start without it.
    const { metricAnswers, queriesMax } = await import('../survey/metric-value.ts');
    const parts = Array.from({ length: Math.ceil(asked.length / queriesMax) }, (_, index) =>
      asked.slice(index * queriesMax, (index + 1) * queriesMax),
    );
    const nowMs = this.#clock.wallMs();
    const answers = await Promise.all(
      parts.map((part) => metricAnswers(this.#clients, metric.region, part.map(queryOf), nowMs)),
    );
    return new Map(
      answers.flat().flatMap((answer, index) => {
        const one = asked[index];
        return one === undefined ? [] : [[keyOf(one), answer] as const];
      }),
    );
  }
}

/** CloudWatch counts the age of a value from when its period begins, and this probe from when it ends. */
function queryOf({ namespace, name, statistic, dimensions, periodMs, maxAgeMs }: Asked): MetricQuery {
  const isOfWholePeriods = statistic === 'Sum' || statistic === 'SampleCount';
  return {
    namespace,
    name,
    statistic,
    dimensions,
    periodMs,
    maxAgeMs: maxAgeMs + (isOfWholePeriods ? 0 : periodMs),
  };
}

/** Metrics that one call reads have this in common. */
function callOf({ region, periodMs }: Asked): string {
  return `${region}/${periodMs}`;
}

function keyOf(metric: Asked): string {
  return `${metricName(metric)} ${metric.statistic} ${metric.maxAgeMs}`;
}
