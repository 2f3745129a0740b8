import { z } from 'zod';
import type { LagSource } from '../../core/model/site.ts';
import { duration } from './duration.ts';
import { choice, named, pattern, text, wholeNumber } from './fields.ts';
import { strict } from './strict-object.ts';

/** Five minutes: metrics with a period of a minute come one or two minutes late. Source: our own. */
const metricMaxAgeMsDefault = 5 * 60_000;

const dayMs = 86_400_000;
/** A day, and two hours for the job to run. Source: our own; a plan of AWS Backup usually makes one a day. */
const backupAgeMsDefault = dayMs + 2 * 3_600_000;
/**
 * RDS saves its logs every five minutes; the rest is for a busy instance. Source: Amazon RDS User Guide, "Restoring a
 * DB instance to a specified time".
 */
const restorableAgeMsDefault = 30 * 60_000;
/** Longest age that makes sense to allow: ten years. */
const ageMsMax = 3_650 * dayMs;

const resourceArn = pattern(
  /^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d{0,12}:[\x21-\x7e]{1,300}$/,
  'the ARN of what is backed up',
);
const databaseArn = pattern(
  /^arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:(cluster|db):[a-z0-9-]{1,63}$/,
  'the ARN of a cluster or an instance of RDS',
);

const metric = {
  namespace: text(255, 'a namespace').describe('Namespace of the metric.'),
  name: text(255, 'a name').describe('Name of the metric.'),
  statistic: choice(['Average', 'Maximum', 'Sum'])
    .default('Maximum')
    .describe('Statistic over the values of a minute.'),
  dimensions: named(text(255), text(1_024), 'dimensions').default({}).describe('Its dimensions.'),
  maxAgeMs: duration(60_000, 3_600_000).default(metricMaxAgeMsDefault).describe('An older value is ignored.'),
};

/** A source of lag as it is written, where AWS publishes it by a name of its own. */
type Published =
  | {
      readonly kind: 'kinesis-consumer';
      readonly stream: string;
      readonly consumer?: string | undefined;
      readonly maxAgeMs: number;
    }
  | {
      readonly kind: 'msk-replicator';
      readonly replicator: string;
      readonly topic?: string | undefined;
      readonly maxAgeMs: number;
    };

type LagWritten = LagSource | Published;

/**
 * A source of lag as a metric, where it is written by what publishes it. All are in milliseconds, by their maximum.
 * Sources: Kinesis Data Streams Developer Guide, "Monitor the Amazon Kinesis Data Streams service with Amazon
 * CloudWatch"; MSK Developer Guide, "Metrics reference" of MSK Replicator.
 */
function withMetric(written: LagWritten): LagSource {
  switch (written.kind) {
    case 'kinesis-consumer': {
      const { stream: StreamName, consumer: ConsumerName, maxAgeMs } = written;
      return ConsumerName === undefined
        ? published('AWS/Kinesis', 'GetRecords.IteratorAgeMilliseconds', { StreamName }, maxAgeMs)
        : published('AWS/Kinesis', 'SubscribeToShardEvent.MillisBehindLatest', { StreamName, ConsumerName }, maxAgeMs);
    }
    case 'msk-replicator': {
      const { replicator: ReplicatorName, topic: Topic, maxAgeMs } = written;
      const dimensions = { ReplicatorName, ...(Topic === undefined ? {} : { Topic }) };
      return published('AWS/Kafka', 'ReplicationLatency', dimensions, maxAgeMs);
    }
    default:
      return written;
  }
}

function published(
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
  maxAgeMs: number,
): LagSource {
  return { kind: 'metric', namespace, name, statistic: 'Maximum', dimensions, maxAgeMs, unitMs: 1 };
}

/** Sources of facts that probes cannot see. */
export const measuresSchema = strict({
  lag: z
    .discriminatedUnion(
      'kind',
      [
        strict({
          kind: choice(['metric']).describe('What it is.'),
          ...metric,
          unitMs: wholeNumber(1, 3_600_000).default(1).describe('Milliseconds in one unit of the metric.'),
        }),
        strict({
          kind: choice(['heartbeat']).describe('What it is: an item that the active site writes the time into.'),
          tableName: text(255, 'a table name').describe('Table that is replicated to the region of the site.'),
          key: text(255, 'a key').describe('Value of its partition key, which is called `pk`.'),
          attribute: text(255, 'an attribute').describe('Attribute with the time: epoch milliseconds or ISO 8601.'),
        }),
        strict({
          kind: choice(['probe']).describe(
            'What it is: what a probe is told: the header `x-failover-lag-ms` or the JSON (`report.lag`) of an answer over HTTP, or `lagMs` of a function, in milliseconds.',
          ),
        }),
        strict({
          kind: choice(['kinesis-consumer']).describe(
            "What it is: the age of what a consumer of a stream has read last, in the site's region.",
          ),
          stream: text(128, 'the name of a stream').describe('Name of the stream.'),
          consumer: text(128, 'the name of a consumer')
            .optional()
            .describe(
              'Registered consumer with enhanced fan-out. Left out: the last of all that read with `GetRecords`.',
            ),
          maxAgeMs: metric.maxAgeMs,
        }),
        strict({
          kind: choice(['msk-replicator']).describe(
            "What it is: the latency of an MSK Replicator whose target is in the site's region.",
          ),
          replicator: text(128, 'the name of a replicator').describe('Name of the replicator.'),
          topic: text(249, 'the name of a topic').optional().describe('Topic. Left out: the slowest of all.'),
          maxAgeMs: metric.maxAgeMs,
        }),
      ],
      { error: 'a mapping with kind: metric, heartbeat, probe, kinesis-consumer or msk-replicator' },
    )
    .transform(withMetric)
    .optional()
    .describe('Where its replication lag is read. Left out: what AWS publishes of `data`, where there is any.'),
  load: strict(metric).optional().describe('Load, in the unit of `capacity`, besides what its probes report.'),
  backup: z
    .discriminatedUnion(
      'kind',
      [
        strict({
          kind: choice(['aws-backup']).describe('What it is: recovery points of AWS Backup.'),
          vault: pattern(/^[a-zA-Z0-9_-]{2,50}$/, 'the name of a backup vault').describe(
            "Name of the vault in the site's region that holds them; copies from another region count.",
          ),
          resourceArn: resourceArn.describe('What is backed up.'),
          maxAgeMs: duration(60_000, ageMsMax).default(backupAgeMsDefault).describe('Oldest that the newest may be.'),
          maxRestoreAgeMs: duration(60_000, ageMsMax)
            .optional()
            .describe(
              "Longest time since one was restored in the site's region, as a test or in earnest. Left out: not asked.",
            ),
        }),
        strict({
          kind: choice(['rds']).describe('What it is: automated backups of RDS, restorable to a time.'),
          resourceArn: databaseArn.describe('The cluster or the instance, in the region of the site.'),
          maxAgeMs: duration(60_000, ageMsMax)
            .default(restorableAgeMsDefault)
            .describe('Oldest that the latest time to restore may be.'),
        }),
      ],
      { error: 'a mapping with kind: aws-backup or rds' },
    )
    .optional()
    .describe('Where the age of its newest backup is read. No move depends on it; an old one is an alert.'),
});
