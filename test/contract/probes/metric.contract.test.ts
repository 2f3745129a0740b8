import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { expect, it, test } from 'vitest';
import type { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { probeMetric } from '../../../src/adapters/aws/probe/metric-prober.ts';
import { MetricReadings } from '../../../src/adapters/aws/probe/metric-readings.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { type MetricProbe, metricReadIntervalMs } from '../../../src/core/model/probe.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { jsonError, standIn } from '../../support/stand-in.ts';

const region = 'us-east-1';
/** Far off, so that a busy machine does not end a probe first. */
const answerMs = 120_000;

function metric(name: string, more: Partial<MetricProbe> = {}): MetricProbe {
  return {
    type: 'cloudwatch-metric',
    namespace: 'Shop',
    name,
    dimensions: { Site: 'eu' },
    statistic: 'Average',
    periodMs: 60_000,
    maxAgeMs: 300_000,
    expect: { atLeast: 2 },
    missing: 'unknown',
    region,
    timeoutMs: answerMs,
    corroborating: false,
    ...more,
  };
}

/** What each probe finds, all asked at once at the same instant. */
function probeAll(clients: AwsClients, ...probes: readonly MetricProbe[]) {
  const clock = { monotonicMs: () => 0, wallMs: systemClock.wallMs };
  const readings = new MetricReadings(clients, clock, probes);
  return Promise.all(probes.map((probe) => probeMetric(readings, probe)));
}

describeOnMoto('metrics, by moto', [region], (clients) => {
  async function put(MetricName: string, ...values: readonly number[]): Promise<void> {
    const Dimensions = [{ Name: 'Site', Value: 'eu' }];
    const Timestamp = new Date(systemClock.wallMs() - 120_000);
    const MetricData = values.map((Value) => ({ MetricName, Value, Dimensions, Timestamp }));
    await clients()
      .of(CloudWatchClient, region)
      .send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData }));
  }

  it('a value in its range passes, and one out of it fails', async () => {
    await put('hosts', 1, 3);

    const [average, least, sum] = await probeAll(
      clients(),
      metric('hosts'),
      metric('hosts', { statistic: 'Minimum' }),
      metric('hosts', { statistic: 'Sum', expect: { above: 4 } }),
    );

    expect(average).toMatchObject({ outcome: 'pass', saw: 'Average 2' });
    expect(least).toMatchObject({ outcome: 'fail', reason: 'out-of-range', saw: 'Minimum 1, expected at least 2' });
    expect(sum).toMatchObject({ outcome: 'fail', reason: 'out-of-range', saw: 'Sum 4, expected above 4' });
  });

  it.each([
    ['unknown', 'unknown'],
    ['down', 'fail'],
    ['up', 'pass'],
  ] as const)('a metric without a value, where missing is %s: %s', async (missing, outcome) => {
    await put('hosts-elsewhere', 3);

    const [nobody, otherSite] = await probeAll(
      clients(),
      metric('nobody', { missing }),
      metric('hosts-elsewhere', { missing, dimensions: { Site: 'us' } }),
    );

    expect([nobody?.outcome, otherSite?.outcome]).toEqual([outcome, outcome]);
  });
});

/** CloudWatch as its reference describes it, with these results whatever is asked. */
function answering(...results: readonly object[]) {
  return standIn([region], (_, response) => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify({ MetricDataResults: results }));
  });
}

const nowSeconds = () => systemClock.wallMs() / 1_000;

test.each([
  ['a period that is long over', 'Average', 361, 'unknown'],
  ['a period that has just ended', 'Average', 61, 'pass'],
  ['a period that goes on', 'Average', 20, 'pass'],
  ['the sum of a period that goes on', 'Sum', 20, 'unknown'],
  ['the sum of a period that is over', 'Sum', 70, 'pass'],
  ['the sum of a period that is long over', 'Sum', 370, 'unknown'],
])('the only value is of %s: %s', async (_, statistic, agoSeconds, outcome) => {
  const { clients } = await answering({ Id: 'm0', Timestamps: [nowSeconds() - agoSeconds], Values: [5] });

  const [observation] = await probeAll(clients, metric('one', { statistic }));

  expect(observation?.outcome).toBe(outcome);
});

test.each([
  ['InternalError', 'unknown'],
  ['Forbidden', 'unknown'],
  ['PartialData', 'unknown'],
  ['Complete', 'fail'],
])('no value and the status %s, where missing is down: %s', async (StatusCode, outcome) => {
  const { clients } = await answering({ Id: 'm0', StatusCode, Timestamps: [], Values: [] });

  const [observation] = await probeAll(clients, metric('one', { missing: 'down' }));

  expect(observation?.outcome).toBe(outcome);
});

test('a metric of which CloudWatch says nothing at all is unknown', async () => {
  const { clients } = await answering();

  const [observation] = await probeAll(clients, metric('one', { missing: 'down' }));

  expect(observation).toEqual({
    outcome: 'unknown',
    detail: 'CloudWatch cannot tell Shop one (Site eu) in us-east-1: no result',
  });
});

test('metrics of a period are read in one call, three times in it, whatever came of it', async () => {
  const throttling = await standIn([region], (_, response) => jsonError(response, 'ThrottlingException'));
  let nowMs = 0;
  const probes = [metric('one'), metric('other')];
  const clock = { monotonicMs: () => nowMs, wallMs: systemClock.wallMs };
  const readings = new MetricReadings(throttling.clients, clock, probes);
  const probe = () => Promise.all(probes.map((each) => probeMetric(readings, each)));

  const first = await probe();
  nowMs = metricReadIntervalMs(metric('one')) - 1;
  await probe();
  const early = throttling.seen.length;
  nowMs += 1;
  await probe();

  expect([early, throttling.seen.length]).toEqual([1, 2]);
  expect(first).toEqual(
    probes.map(() => ({
      outcome: 'unknown',
      detail: expect.stringMatching(/^CloudWatch in us-east-1: throttled: ThrottlingException/),
    })),
  );
});

test('an answer that does not come by the deadline is unknown', async () => {
  const silent = await standIn([region], () => undefined);

  const [observation] = await probeAll(silent.clients, metric('one', { timeoutMs: 300, missing: 'down' }));

  expect(observation).toEqual({
    outcome: 'unknown',
    detail: 'CloudWatch in us-east-1 did not answer within 300 ms',
  });
});
