import { z } from 'zod';
import { choice, named, nameField, pattern, text } from './fields.ts';
import { functionField } from './standby.ts';
import { strict } from './strict-object.ts';

const clusterArn = pattern(/^arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:cluster:[a-z0-9-]{1,63}$/, 'the ARN of a cluster');
const id = text(255, 'an identifier');
/**
 * RDS and ElastiCache keep identifiers in lower case; what they answer, and ARNs in policies, would equal nothing else.
 */
const lowerId = pattern(/^[a-z][a-z0-9-]{0,62}$/, 'an identifier in lower case, as AWS keeps it');

const globalCluster = (kind: 'aurora-global' | 'documentdb-global' | 'neptune-global') =>
  strict({
    kind: choice([kind]).describe('What it is.'),
    globalId: id.describe('Identifier of the global cluster.'),
    clusters: named(nameField, clusterArn, 'clusters').describe('ARN of the cluster of each site.'),
  });

/** The data that is promoted before a site serves. */
export const dataSchema = z.discriminatedUnion(
  'kind',
  [
    globalCluster('aurora-global'),
    globalCluster('documentdb-global'),
    globalCluster('neptune-global'),
    strict({
      kind: choice(['rds-replica']).describe('What it is.'),
      instances: named(nameField, lowerId, 'instances').describe('Identifier of the database instance of each site.'),
    }),
    strict({
      kind: choice(['elasticache-global']).describe('What it is.'),
      globalId: id.describe('Identifier of the global replication group.'),
      members: named(nameField, lowerId, 'replication groups').describe('Replication group of each site.'),
    }),
    strict({
      kind: choice(['dynamodb-global']).describe('What it is: every site writes, nothing is promoted.'),
      tableName: id.describe('Name of the table, whose lag is watched.'),
    }),
    strict({
      kind: choice(['s3-mrap']).describe('What it is.'),
      accessPointArn: pattern(
        /^arn:aws[a-z-]*:s3::\d{12}:accesspoint\/[a-z0-9.]+$/,
        'the ARN of a Multi-Region Access Point',
      ).describe('The Multi-Region Access Point.'),
      buckets: named(nameField, id, 'buckets').describe('Bucket of each site.'),
    }),
    strict({
      kind: choice(['custom']).describe('What it is: functions of yours that promote, and may refuse.'),
      functions: named(nameField, functionField, 'functions').describe("Function of each site, in the site's region."),
    }),
  ],
  {
    error:
      'a mapping with kind: aurora-global, documentdb-global, neptune-global, rds-replica, elasticache-global, dynamodb-global, s3-mrap or custom',
  },
);
