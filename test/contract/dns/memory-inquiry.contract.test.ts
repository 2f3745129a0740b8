import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { expect, it, test } from 'vitest';
import { examineMemories } from '../../../src/adapters/aws/checkup/memory-inquiry.ts';
import type { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { memoriesIn } from '../../../src/core/checkup/memory-checks.ts';
import { exampleDeployment } from '../../cdk/synthesized.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { jsonError, standIn } from '../../support/stand-in.ts';

const deployment = exampleDeployment('two-regions');
const [east, west, witness] = deployment.controlRegions as readonly [string, string, string];
const [memory] = memoriesIn(deployment);
const AlarmName = memory?.alarm ?? '';

async function put(clients: AwsClients, region: string, StateValue: StateValue): Promise<void> {
  const client = clients.of(CloudWatchClient, region);
  const metric = { Namespace: 'Shop', MetricName: 'left', Statistic: 'Maximum' as const, Period: 60 };
  const threshold = { ComparisonOperator: 'GreaterThanThreshold' as const, Threshold: 0, EvaluationPeriods: 1 };
  await client.send(new PutMetricAlarmCommand({ AlarmName, ...metric, ...threshold }));
  await client.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'said so' }));
}

describeOnMoto('what DNS remembers, by moto', [east, west, witness], (clients) => {
  it('is read in each region, and an alarm that is not there is said', async () => {
    await put(clients(), east, 'ALARM');
    await put(clients(), west, 'ALARM');

    const checks = await examineMemories(clients(), deployment);

    expect(checks.map(({ subject, state, found }) => [subject, state, found])).toEqual([
      [east, 'ok', 'remembers as left: web at virginia'],
      [west, 'ok', 'remembers as left: web at virginia'],
      [witness, 'doubtful', `has no alarm ${AlarmName}`],
    ]);
  });
});

test('a region whose alarms may not be read is unknown', async () => {
  const { clients } = await standIn([east, west, witness], (_, response) =>
    jsonError(response, 'AccessDeniedException', 400),
  );

  const checks = await examineMemories(clients, deployment);

  expect(checks.map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown']);
});
