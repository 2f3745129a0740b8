import { isInRange, rangeText } from '../../../core/detection/answer.ts';
import type { Observation } from '../../../core/detection/observation.ts';
import { type MetricProbe, metricName } from '../../../core/model/probe.ts';
import type { MetricAnswer } from '../survey/metric-value.ts';
import { answerWithin } from './answer-within.ts';
import type { MetricReadings } from './metric-readings.ts';

/**
 * Judges a site by the newest value of its metric.
 *
 * @returns what the probe says of missing data where CloudWatch has no value, and `unknown` for whatever could not be
 *   read. Never rejects
 */
export function probeMetric(readings: MetricReadings, probe: MetricProbe): Promise<Observation> {
  return answerWithin(probe.timeoutMs, `CloudWatch in ${probe.region}`, async (passedMs) =>
    judge(await readings.answerOf(probe), probe, passedMs()),
  );
}

function judge(answer: MetricAnswer, probe: MetricProbe, latencyMs: number): Observation {
  const metric = `${metricName(probe)} in ${probe.region}`;
  if (!answer.isRead) return { outcome: 'unknown', detail: `CloudWatch cannot tell ${metric}: ${answer.why}` };
  const { value } = answer;
  if (value === null) return judgeMissing(metric, probe, latencyMs);
  const saw = `${probe.statistic} ${value}`;
  if (isInRange(probe.expect, value)) return { outcome: 'pass', latencyMs, saw };
  return {
    outcome: 'fail',
    reason: 'out-of-range',
    latencyMs,
    saw: `${saw}, expected ${rangeText(probe.expect)}`,
  };
}

function judgeMissing(metric: string, { missing }: MetricProbe, latencyMs: number): Observation {
  const saw = `no value of ${metric}`;
  switch (missing) {
    case 'up':
      return { outcome: 'pass', latencyMs, saw };
    case 'down':
      return { outcome: 'fail', reason: 'no-data', latencyMs, saw };
    case 'unknown':
      return { outcome: 'unknown', detail: saw };
  }
}
