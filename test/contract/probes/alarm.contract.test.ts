import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { expect, it, test } from 'vitest';
import type { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { probeAlarm } from '../../../src/adapters/aws/probe/alarm-prober.ts';
import { AlarmStates } from '../../../src/adapters/aws/probe/alarm-states.ts';
import { type AlarmProbe, alarmReadIntervalMs } from '../../../src/core/model/probe.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { jsonError, standIn } from '../../support/stand-in.ts';

const region = 'us-east-1';
/** Far off, so that a busy machine does not end a probe first. */
const answerMs = 120_000;

function alarm(name: string, more: Partial<AlarmProbe> = {}): AlarmProbe {
  return {
    type: 'cloudwatch-alarm',
    name,
    region,
    composite: false,
    timeoutMs: answerMs,
    corroborating: false,
    ...more,
  };
}

/** What each probe finds, all asked at once at the same instant. */
function probeAll(clients: AwsClients, ...probes: readonly AlarmProbe[]) {
  const states = new AlarmStates(clients, { monotonicMs: () => 0 }, probes);
  return Promise.all(probes.map((probe) => probeAlarm(states, probe)));
}

describeOnMoto('alarms, by moto', [region], (clients) => {
  async function put(name: string, StateValue: StateValue): Promise<void> {
    const client = clients().of(CloudWatchClient, region);
    const metric = { Namespace: 'Shop', MetricName: 'Errors', Statistic: 'Sum' as const, Period: 60 };
    const threshold = { ComparisonOperator: 'GreaterThanThreshold' as const, Threshold: 1, EvaluationPeriods: 1 };
    await client.send(new PutMetricAlarmCommand({ AlarmName: name, ...metric, ...threshold }));
    await client.send(new SetAlarmStateCommand({ AlarmName: name, StateValue, StateReason: `it is ${StateValue}` }));
  }

  it('OK passes, ALARM fails with its reason, and without data nobody can tell', async () => {
    await put('well', 'OK');
    await put('ill', 'ALARM');
    await put('silent', 'INSUFFICIENT_DATA');

    const [well, ill, silent] = await probeAll(clients(), alarm('well'), alarm('ill'), alarm('silent'));

    expect(well).toMatchObject({ outcome: 'pass', saw: 'OK' });
    expect(ill).toMatchObject({ outcome: 'fail', reason: 'alarm', saw: 'ALARM: it is ALARM' });
    expect(silent).toEqual({
      outcome: 'unknown',
      detail: 'the alarm cannot tell (INSUFFICIENT_DATA): it is INSUFFICIENT_DATA',
    });
  });

  it('an alarm that is not there is unknown, and its neighbour is not', async () => {
    await put('there', 'OK');

    const [there, missing] = await probeAll(clients(), alarm('there'), alarm('missing'));

    expect(there?.outcome).toBe('pass');
    expect(missing).toMatchObject({
      outcome: 'unknown',
      detail: expect.stringContaining('no alarm missing in us-east-1'),
    });
  });
});

/** CloudWatch as its reference describes it: moto takes no composite alarm from this SDK, and evaluates none. */
function answering(alarms: Readonly<Record<string, readonly Record<string, string>[]>>) {
  return standIn([region], (seen, response) => {
    const { AlarmTypes } = JSON.parse(seen.body) as { readonly AlarmTypes: readonly string[] };
    const isAsked = ([list]: [string, unknown]) => AlarmTypes.includes(list.replace(/s$/, ''));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(Object.fromEntries(Object.entries(alarms).filter(isAsked))));
  });
}

test('a composite alarm is found where it is declared as one, and asked for nowhere else', async () => {
  const whole = { AlarmName: 'whole', StateValue: 'ALARM', StateReason: 'a part' };
  const { clients } = await answering({ CompositeAlarms: [whole] });

  const [found] = await probeAll(clients, alarm('whole', { composite: true }));
  const [hidden] = await probeAll(clients, alarm('whole'));

  expect(found).toMatchObject({ outcome: 'fail', reason: 'alarm' });
  expect(hidden).toMatchObject({ outcome: 'unknown', detail: expect.stringContaining('needs composite: true') });
});

test.each([
  ['PARTIAL_DATA', 'fail'],
  ['EVALUATION_ERROR', 'unknown'],
  ['EVALUATION_FAILURE', 'unknown'],
])('an alarm whose evaluation is in state %s: %s', async (EvaluationState, expected) => {
  const one = { AlarmName: 'one', StateValue: 'ALARM', StateReason: 'no query', EvaluationState };
  const { clients } = await answering({ MetricAlarms: [one] });

  const [observation] = await probeAll(clients, alarm('one'));

  expect(observation?.outcome).toBe(expected);
});

test('the alarms of a region are read in one call, and once an interval, whatever came of it', async () => {
  const throttling = await standIn([region], (_, response) => jsonError(response, 'ThrottlingException'));
  let nowMs = 0;
  const probes = [alarm('one'), alarm('other')];
  const states = new AlarmStates(throttling.clients, { monotonicMs: () => nowMs }, probes);
  const probe = () => Promise.all(probes.map((each) => probeAlarm(states, each)));

  const first = await probe();
  nowMs = alarmReadIntervalMs - 1;
  await probe();
  const early = throttling.seen.length;
  nowMs = alarmReadIntervalMs;
  await probe();

  expect(early).toBe(1);
  expect(throttling.seen).toHaveLength(2);
  expect(first).toEqual(
    probes.map(() => ({
      outcome: 'unknown',
      detail: expect.stringMatching(/^CloudWatch in us-east-1: throttled: ThrottlingException/),
    })),
  );
});

test('an answer that does not come by the deadline is unknown', async () => {
  const silent = await standIn([region], () => undefined);

  const [observation] = await probeAll(silent.clients, alarm('one', { timeoutMs: 300 }));

  expect(observation).toEqual({
    outcome: 'unknown',
    detail: 'CloudWatch in us-east-1 did not answer within 300 ms',
  });
});
