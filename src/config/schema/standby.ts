import { z } from 'zod';
import { duration } from './duration.ts';
import { choice, flag, list, named, pattern, text, wholeNumber } from './fields.ts';
import { strict } from './strict-object.ts';

/** An instance id; short ids stand for real ones in scenarios. */
export const instanceField = pattern(/^i-[a-z0-9-]{1,40}$/, 'an instance id, such as i-0123456789abcdef0');
/** Name of a Lambda function, without its ARN: it is in the site's region. */
export const functionField = pattern(/^[A-Za-z0-9-_]{1,64}$/, 'the name of a Lambda function');
/** ARN of a target group. */
export const targetGroupField = pattern(
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup\/[A-Za-z0-9-]{1,32}\/[a-z0-9]+$/,
  'the ARN of a target group',
);
/** Five minutes. Source: `HealthCheckGracePeriod` of Auto Scaling groups made in the console. */
export const bootMsDefault = 5 * 60_000;
/** Five minutes: metrics of a minute come late by one or two. Source: our own. */
const metricMaxAgeMsDefault = 5 * 60_000;

const sizes = {
  size: wholeNumber(0, 10_000).describe('Size while the site serves, at least.'),
  asActive: flag()
    .default(false)
    .describe('Whether it is raised to what the site that is left was last seen to have, if that is more.'),
  standbySize: wholeNumber(0, 10_000).default(0).describe('Size while the site waits.'),
};

const scalable = z.discriminatedUnion(
  'kind',
  [
    strict({
      kind: choice(['auto-scaling-group']).describe('What it is.'),
      name: text(255, 'a name').describe('Name of the group.'),
      ...sizes,
    }),
    strict({
      kind: choice(['ecs-service']).describe('What it is.'),
      cluster: text(255, 'a name').describe('Name of the cluster.'),
      name: text(255, 'a name').describe('Name of the service.'),
      ...sizes,
    }),
    strict({
      kind: choice(['provisioned-concurrency']).describe('What it is.'),
      functionName: functionField.describe('Name of the function.'),
      alias: text(128, 'an alias').describe('Its alias.'),
      ...sizes,
    }),
    strict({
      kind: choice(['instances']).describe('What it is: instances that run while the site serves.'),
      instanceIds: list(instanceField, 1, 50, 'instance ids').describe(
        'The instances. A key of yours that encrypts their volumes has a policy that lets the `start` function create grants, `kms:CreateGrant`; else they stop again at once.',
      ),
    }),
  ],
  { error: 'a mapping with kind: auto-scaling-group, ecs-service, provisioned-concurrency or instances' },
);

/** What a waiting site is raised or started by. */
export const scaleSchema = list(scalable, 0, 10, 'things to scale');

const metric = {
  namespace: text(255, 'a namespace').describe('Namespace of the metric.'),
  name: text(255, 'a name').describe('Name of the metric.'),
  statistic: choice(['Average', 'Maximum', 'Sum'])
    .default('Maximum')
    .describe('What is made of the values of a minute.'),
  dimensions: named(text(255), text(1_024), 'dimensions').default({}).describe('Its dimensions.'),
  maxAgeMs: duration(60_000, 3_600_000).default(metricMaxAgeMsDefault).describe('An older value counts for nothing.'),
};

/** Where facts come from that no probe tells. */
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
      ],
      { error: 'a mapping with kind: metric or heartbeat' },
    )
    .optional()
    .describe('Replication lag, besides what its probes report.'),
  load: strict(metric).optional().describe('Load, in the unit of `capacity`, besides what its probes report.'),
});

const fenceKinds = z.discriminatedUnion(
  'kind',
  [
    strict({
      kind: choice(['groups']).describe(
        'Swaps its instances into a security group that lets nobody in. Connections that stand and are tracked by security groups go on until they end: choose another kind where they may write.',
      ),
      instanceIds: list(instanceField, 1, 50, 'instance ids').describe('Instances of the site.'),
      isolationGroupId: pattern(/^sg-[a-z0-9-]{1,40}$/, 'a security group id, such as sg-0123456789abcdef0').describe(
        'Security group that lets nobody in.',
      ),
    }),
    strict({
      kind: choice(['targets']).describe('Takes its targets out of their target group.'),
      targetGroupArn: targetGroupField.describe('The target group.'),
      targetIds: list(text(255, 'a target'), 1, 100, 'targets').describe('Instances or addresses of the site.'),
    }),
    strict({
      kind: choice(['address']).describe('Takes its Elastic IP away.'),
      allocationId: pattern(/^eipalloc-[a-z0-9-]{1,40}$/, 'an allocation id').describe('The Elastic IP.'),
      instanceId: instanceField.describe('Instance of the site that may hold it.'),
    }),
    strict({
      kind: choice(['custom', 'read-only']).describe('Asks a function of yours; `read-only` leaves readers be.'),
      functionName: functionField.describe('The function, in the region of the site.'),
    }),
  ],
  { error: 'a mapping with kind: groups, targets, address, custom or read-only' },
);

/** How a site is cut off; without a kind, by security groups. */
export const fenceSchema = z.preprocess(
  (written) =>
    typeof written === 'object' && written !== null && !Array.isArray(written) && !('kind' in written)
      ? { kind: 'groups', ...written }
      : written,
  fenceKinds,
);
