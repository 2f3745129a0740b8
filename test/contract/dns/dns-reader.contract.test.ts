import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { expect, it, test } from 'vitest';
import { DnsReader, sourcesOnAws } from '../../../src/adapters/aws/checkup/dns-reader.ts';
import type { AwsClients } from '../../../src/adapters/aws/clients.ts';
import { memoryChecks } from '../../../src/core/checkup/memory-checks.ts';
import { type DnsReadings, memoriesIn } from '../../../src/core/dns/readings.ts';
import { exampleDeployment } from '../../cdk/synthesized.ts';
import { describeOnMoto } from '../../support/on-moto.ts';
import { jsonError, standIn } from '../../support/stand-in.ts';

const deployment = exampleDeployment('two-regions');
const [east, west, witness] = deployment.controlRegions as readonly [string, string, string];
const [memory] = memoriesIn(deployment);
const AlarmName = memory?.alarm ?? '';

/** What is read of votes and memories, once all is. */
async function read(clients: AwsClients): Promise<DnsReadings> {
  const inquiry = new DnsReader(deployment, sourcesOnAws(clients, deployment, 5_000)).read();
  await inquiry.over;
  return inquiry.soFar();
}

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

    const { memories, oracles } = await read(clients());

    const checks = memoryChecks(deployment, memories ?? {});
    expect(checks.map(({ subject, state, found }) => [subject, state, found])).toEqual([
      [east, 'ok', 'remembers as left: web at virginia'],
      [west, 'ok', 'remembers as left: web at virginia'],
      [witness, 'doubtful', `has no alarm ${AlarmName}`],
    ]);
    expect(oracles).toEqual({
      [east]: { kind: 'no-address' },
      [west]: { kind: 'no-address' },
      [witness]: { kind: 'no-address' },
    });
  });
});

test('a region whose alarms and addresses may not be read is unknown', async () => {
  const { clients } = await standIn([east, west, witness], (_, response) =>
    jsonError(response, 'AccessDeniedException', 400),
  );

  const { memories, oracles } = await read(clients);

  expect(Object.values(memories ?? {})).toEqual(
    Array.from({ length: 3 }, () => ({ kind: 'unread', why: 'its alarms could not be read: denied' })),
  );
  expect(Object.values(oracles ?? {})).toEqual(
    Array.from({ length: 3 }, () => ({ kind: 'silent', why: 'its address could not be read: denied' })),
  );
});
