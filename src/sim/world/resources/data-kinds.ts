import type { DataResource } from '../../../core/model/data.ts';

/**
 * Kinds whose old writer is told nothing by a promotion, and goes on writing until a person makes it a replica again.
 *
 * Source: Amazon RDS User Guide, "Promoting a read replica to be a standalone DB instance"; docs/data.md.
 */
export const undemoted: readonly DataResource['kind'][] = ['rds-replica'];

/**
 * Kinds whose old writer AWS demotes by itself, as soon as its region is back. A function of the user's does it once.
 */
export const demotedLater: readonly DataResource['kind'][] = [
  'aurora-global',
  'documentdb-global',
  'neptune-global',
  'elasticache-global',
  's3-mrap',
];

/** Kinds whose switchover is ordered where the old writer is, and needs it. Source: docs/data.md. */
export const switched: readonly DataResource['kind'][] = [
  'aurora-global',
  'documentdb-global',
  'neptune-global',
  'custom',
];

/** Kinds that promote what has arrived, planned or not. Source: docs/data.md. */
export const lossy: readonly DataResource['kind'][] = ['rds-replica', 'elasticache-global'];
