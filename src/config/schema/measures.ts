import { z } from 'zod';
import { duration } from './duration.ts';
import { choice, named, text, wholeNumber } from './fields.ts';
import { strict } from './strict-object.ts';

/** Five minutes: metrics with a period of a minute come one or two minutes late. Source: our own. */
const metricMaxAgeMsDefault = 5 * 60_000;

const metric = {
  namespace: text(255, 'a namespace').describe('Namespace of the metric.'),
  name: text(255, 'a name').describe('Name of the metric.'),
  statistic: choice(['Average', 'Maximum', 'Sum'])
    .default('Maximum')
    .describe('Statistic over the values of a minute.'),
  dimensions: named(text(255), text(1_024), 'dimensions').default({}).describe('Its dimensions.'),
  maxAgeMs: duration(60_000, 3_600_000).default(metricMaxAgeMsDefault).describe('An older value is ignored.'),
};

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
            'What it is: what a probe is told: the header `x-failover-lag-ms` of an answer over HTTP, or `lagMs` of a function, in milliseconds.',
          ),
        }),
      ],
      { error: 'a mapping with kind: metric, heartbeat or probe' },
    )
    .optional()
    .describe('Where its replication lag is read. Left out: what AWS publishes of `data`, where there is any.'),
  load: strict(metric).optional().describe('Load, in the unit of `capacity`, besides what its probes report.'),
});
