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
     * What it is: what a probe is told: the header `x-failover-lag-ms` of an answer over HTTP, or `lagMs` of a
     * function, in milliseconds.
     */
    readonly kind: 'probe';
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
}
