import { z } from 'zod';
import { duration } from './duration.ts';
import { strict } from './strict.ts';

/** Three quarters of the default tick. */
export const probeTimeoutMsDefault = 1_500;
/** Weight of a site when all are alike. */
export const capacityDefault = 100;

export const regionName = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region, such as us-east-1');

/** An instance id; short ids stand for real ones in scenarios. */
export const instanceId = z.string().regex(/^i-[a-z0-9-]{1,40}$/, 'an instance id, such as i-0123456789abcdef0');

const timeoutMs = duration(50, 30_000)
  .default(probeTimeoutMsDefault)
  .describe('Deadline of the whole probe; less than the tick.');
const corroborating = z
  .boolean()
  .default(false)
  .describe('Never condemns the site; while it passes, the site is degraded instead of down.');

const httpProbe = (type: 'http' | 'https') =>
  strict({
    type: z.literal(type).describe('What kind of probe it is.'),
    url: z
      .string()
      .max(2_000)
      .regex(new RegExp(`^${type}://[^\\s]+$`), `a URL that begins with ${type}://`)
      .describe('What is asked for; always over a new connection, redirects are not followed.'),
    timeoutMs,
    corroborating,
    expect: strict({
      status: z.number().int().min(100).max(599).default(200).describe('Status that a good answer has.'),
      body: z.string().min(1).max(1_000).optional().describe('Text that a good answer contains.'),
      role: z
        .enum(['active', 'any'])
        .default('active')
        .describe(
          'active: the serving site fails when it says x-failover-role: standby. any: the header is not judged.',
        ),
    })
      .prefault({})
      .describe('What a good answer looks like.'),
    authorityPem: z
      .string()
      .max(20_000)
      .optional()
      .describe('PEM of the authority that signed the certificate; the public ones when left out.'),
  });

const tcpProbe = strict({
  type: z.literal('tcp').describe('What kind of probe it is.'),
  host: z.string().min(1).max(253).describe('Name or address.'),
  port: z.number().int().min(1).max(65_535).describe('Port.'),
  timeoutMs,
  corroborating,
  expectBanner: z.string().min(1).max(1_000).optional().describe('Text that the first bytes from the server contain.'),
});

const probeSchema = z.discriminatedUnion('type', [httpProbe('https'), httpProbe('http'), tcpProbe], {
  error: (issue) => (issue.code === 'invalid_union' ? 'type: https, http or tcp' : undefined),
});

const fenceSchema = strict({
  instanceIds: z.array(instanceId).min(1).max(50).describe('Instances of the site.'),
  isolationGroupId: z
    .string()
    .regex(/^sg-[a-z0-9-]{1,40}$/, 'a security group id')
    .describe('Security group that lets nobody in.'),
});

/** A place where a service runs. */
export const siteSchema = strict({
  region: regionName.describe('Its AWS region.'),
  zone: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'an availability zone, such as us-east-1a')
    .optional()
    .describe('Its availability zone.'),
  priority: z.number().int().min(0).max(1_000).describe('Higher is preferred; 0 is never chosen.'),
  standby: z
    .literal('hot', { error: 'hot; warm and cold are not built yet' })
    .default('hot')
    .describe('How ready it is while it waits.'),
  capacity: z
    .number()
    .positive()
    .max(1_000_000)
    .default(capacityDefault)
    .describe('How much it can carry, in any unit that all sites share.'),
  probes: z.array(probeSchema).min(1).max(10).describe('How its health is checked.'),
  require: z
    .union([z.enum(['all', 'any']), strict({ atLeast: z.number().int().min(1).max(10) })])
    .default('all')
    .describe('How many of its plain probes must pass: all, any, or {atLeast: n}.'),
  fence: fenceSchema.optional().describe('How it can be cut off from clients before others take over.'),
});
