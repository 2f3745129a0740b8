// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
/** Where facts of a site come from. */
export interface MeasuresInput {
  /** Where its replication lag is read. Left out: what AWS publishes of `data`, where there is any. */
  readonly lag?: {
    /** What it is. */
    readonly kind: 'metric';
    /** Namespace of the metric. Allowed: a namespace of 1 to 255 characters. */
    readonly namespace: string;
    /** Name of the metric. Allowed: a name of 1 to 255 characters. */
    readonly name: string;
    /** Statistic over the values of a minute. Default: "Maximum". */
    readonly statistic?: 'Average' | 'Maximum' | 'Sum' | undefined;
    /** Its dimensions. */
    readonly dimensions?: { readonly [name: string]: string } | undefined;
    /** An older value is ignored. Allowed: 1m to 1h. Default: 5m. */
    readonly maxAgeMs?: number | string | undefined;
    /** Milliseconds in one unit of the metric. Allowed: a whole number from 1 to 3600000. Default: 1. */
    readonly unitMs?: number | undefined;
  } | {
    /** What it is: an item that the active site writes the time into. */
    readonly kind: 'heartbeat';
    /** Table that is replicated to the region of the site. Allowed: a table name of 1 to 255 characters. */
    readonly tableName: string;
    /** Value of its partition key, which is called `pk`. Allowed: a key of 1 to 255 characters. */
    readonly key: string;
    /** Attribute with the time: epoch milliseconds or ISO 8601. Allowed: an attribute of 1 to 255 characters. */
    readonly attribute: string;
  } | {
    /**
     * What it is: what a probe is told: the header `x-failover-lag-ms` or the JSON (`report.lag`) of an answer over
     * HTTP, or `lagMs` of a function, in milliseconds.
     */
    readonly kind: 'probe';
  } | {
    /** What it is: the age of what a consumer of a stream has read last, in the site's region. */
    readonly kind: 'kinesis-consumer';
    /** Name of the stream. Allowed: the name of a stream of 1 to 128 characters. */
    readonly stream: string;
    /**
     * Registered consumer with enhanced fan-out. Left out: the last of all that read with `GetRecords`. Allowed: the
     * name of a consumer of 1 to 128 characters.
     */
    readonly consumer?: string | undefined;
    /** An older value is ignored. Allowed: 1m to 1h. Default: 5m. */
    readonly maxAgeMs?: number | string | undefined;
  } | {
    /** What it is: the latency of an MSK Replicator whose target is in the site's region. */
    readonly kind: 'msk-replicator';
    /** Name of the replicator. Allowed: the name of a replicator of 1 to 128 characters. */
    readonly replicator: string;
    /** Topic. Left out: the slowest of all. Allowed: the name of a topic of 1 to 249 characters. */
    readonly topic?: string | undefined;
    /** An older value is ignored. Allowed: 1m to 1h. Default: 5m. */
    readonly maxAgeMs?: number | string | undefined;
  } | undefined;
  /** Load, in the unit of `capacity`, besides what its probes report. */
  readonly load?: {
    /** Namespace of the metric. Allowed: a namespace of 1 to 255 characters. */
    readonly namespace: string;
    /** Name of the metric. Allowed: a name of 1 to 255 characters. */
    readonly name: string;
    /** Statistic over the values of a minute. Default: "Maximum". */
    readonly statistic?: 'Average' | 'Maximum' | 'Sum' | undefined;
    /** Its dimensions. */
    readonly dimensions?: { readonly [name: string]: string } | undefined;
    /** An older value is ignored. Allowed: 1m to 1h. Default: 5m. */
    readonly maxAgeMs?: number | string | undefined;
  } | undefined;
  /** Where the age of its newest backup is read. No move depends on it; an old one is an alert. */
  readonly backup?: {
    /** What it is: recovery points of AWS Backup. */
    readonly kind: 'aws-backup';
    /**
     * Name of the vault in the site's region that holds them; copies from another region count. Allowed: the name of a
     * backup vault.
     */
    readonly vault: string;
    /** What is backed up. Allowed: the ARN of what is backed up. */
    readonly resourceArn: string;
    /** Oldest that the newest may be. Allowed: 1m to 87600h. Default: 26h. */
    readonly maxAgeMs?: number | string | undefined;
    /**
     * Longest time since one was restored in the site's region, as a test or in earnest. Left out: not asked. Allowed:
     * 1m to 87600h.
     */
    readonly maxRestoreAgeMs?: number | string | undefined;
  } | {
    /** What it is: automated backups of RDS, restorable to a time. */
    readonly kind: 'rds';
    /** The cluster or the instance, in the region of the site. Allowed: the ARN of a cluster or an instance of RDS. */
    readonly resourceArn: string;
    /** Oldest that the latest time to restore may be. Allowed: 1m to 87600h. Default: 30m. */
    readonly maxAgeMs?: number | string | undefined;
  } | undefined;
}
