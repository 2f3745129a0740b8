import { expect, test } from 'vitest';
import { ConfigError } from '../../../../src/config/config-error.ts';
import { parseDeploymentValue } from '../../../../src/config/loader.ts';
import { applyOverrides } from '../../../../src/scenario/overrides.ts';
import { shop } from '../shop.fixture.ts';

/** The measures of a site that is written with this source of lag, or what is said of it. */
function lagOf(written: unknown) {
  try {
    const at = 'services.web.sites.oregon.measures';
    const deployment = parseDeploymentValue(applyOverrides(shop, { [at]: { lag: written } }), 'c.yaml');
    return deployment.services.web?.sites.oregon?.measures.lag;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

const metric = { kind: 'metric', statistic: 'Maximum', maxAgeMs: 300_000, unitMs: 1 };

test.each([
  [
    'all that read a stream',
    { kind: 'kinesis-consumer', stream: 'orders' },
    {
      ...metric,
      namespace: 'AWS/Kinesis',
      name: 'GetRecords.IteratorAgeMilliseconds',
      dimensions: { StreamName: 'orders' },
    },
  ],
  [
    'a consumer with enhanced fan-out',
    { kind: 'kinesis-consumer', stream: 'orders', consumer: 'billing', maxAgeMs: '10m' },
    {
      ...metric,
      namespace: 'AWS/Kinesis',
      name: 'SubscribeToShardEvent.MillisBehindLatest',
      dimensions: { StreamName: 'orders', ConsumerName: 'billing' },
      maxAgeMs: 600_000,
    },
  ],
  [
    'a replicator',
    { kind: 'msk-replicator', replicator: 'east-to-west' },
    { ...metric, namespace: 'AWS/Kafka', name: 'ReplicationLatency', dimensions: { ReplicatorName: 'east-to-west' } },
  ],
  [
    'a topic of a replicator',
    { kind: 'msk-replicator', replicator: 'east-to-west', topic: 'orders' },
    {
      ...metric,
      namespace: 'AWS/Kafka',
      name: 'ReplicationLatency',
      dimensions: { ReplicatorName: 'east-to-west', Topic: 'orders' },
    },
  ],
])('the lag of %s is the metric that AWS publishes of it', (_, written, source) => {
  expect(lagOf(written)).toEqual(source);
});

test.each([
  ['no stream', { kind: 'kinesis-consumer' }, 'measures.lag.stream: found nothing'],
  ['the namespace of a metric', { kind: 'msk-replicator', replicator: 'a', namespace: 'AWS/Kafka' }, 'namespace'],
  ['another kind', { kind: 'kafka' }, 'metric, heartbeat, probe, kinesis-consumer or msk-replicator'],
])('a source of lag with %s is refused: %#', (_, written, says) => {
  expect(lagOf(written)).toContain(says);
});
