import { z } from 'zod';
import type { Deployment } from '../core/deployment.ts';
import { duration } from './duration.ts';
import { regionName, siteSchema } from './schema-site.ts';
import { trafficSchema } from './schema-traffic.ts';
import { strict } from './strict.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Two seconds: three failures in a row are noticed in about as long as one of Route 53's fast checks takes. */
export const intervalMsDefault = 2_000;
/** Three failures in a row: what Route 53 and most load balancers ask for by default. */
export const fallCountDefault = 3;
/** More than to fall: coming back is never urgent, flapping is expensive. HAProxy and keepalived lean the same way. */
export const riseCountDefault = 5;
/** Fewest fresh opinions that can condemn a site. Source: ADR-0001. */
export const quorumDefault = 2;
/** Ticks for which an opinion counts: one lost write and one late read do not silence a watcher. */
export const opinionTtlTicks = 3;
/** An hour between two automatic failovers. Source: orchestrator's `RecoveryPeriodBlockSeconds`. */
export const blockMsDefault = hourMs;
/** Three moves a day: a fourth means that moving does not help. */
export const maxMovesPerDayDefault = 3;
/** More than the time to live of an opinion plus a probe and two table calls at the default interval. */
export const leaseMsDefault = 15_000;
/** Five ticks at the default interval: drift is repaired within the ten that L1 allows. */
export const reconcileMsDefault = 10_000;
/** Several times what EC2 takes for an association. */
export const stepTimeoutMsDefault = 10_000;
export const stepAttemptsMaxDefault = 3;
/** Ten minutes of health before an automatic failback. */
export const healthyForMsDefault = 10 * minuteMs;

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'a name: lower-case letters, digits and hyphens, at most 31, a letter first');

const detectionSchema = strict({
  intervalMs: duration(250, minuteMs).default(intervalMsDefault).describe('Time between two ticks of a watcher.'),
  fallCount: z
    .number()
    .int()
    .min(1)
    .max(20)
    .default(fallCountDefault)
    .describe('Failures in a row that make a site down.'),
  riseCount: z
    .number()
    .int()
    .min(1)
    .max(50)
    .default(riseCountDefault)
    .describe('Good answers in a row that make it up again.'),
  quorum: z
    .number()
    .int()
    .min(1)
    .max(25)
    .default(quorumDefault)
    .describe('Watchers, in distinct control regions, that must call a site down.'),
  opinionTtlMs: duration(500, 10 * minuteMs)
    .optional()
    .describe('How long an opinion counts after it last changed; three intervals when left out.'),
}).transform((detection) => ({
  ...detection,
  opinionTtlMs: detection.opinionTtlMs ?? opinionTtlTicks * detection.intervalMs,
}));

const failoverSchema = strict({
  automatic: z.boolean().default(true).describe('Whether the service moves by itself.'),
  blockMs: duration(0, 7 * dayMs)
    .default(blockMsDefault)
    .describe('No second automatic move for this long after an automatic failover, unless acknowledged.'),
  maxMovesPerDay: z
    .number()
    .int()
    .min(1)
    .max(24)
    .default(maxMovesPerDayDefault)
    .describe('Automatic moves in 24 hours.'),
  maxReplicationLagMs: duration(0, dayMs)
    .optional()
    .describe('Most lag a standby may report; an unknown lag is over it. Left out: the service has no data that lags.'),
  leaseMs: duration(1_000, hourMs)
    .default(leaseMsDefault)
    .describe('Without a majority for this long, the active site is fenced by its own region.'),
  allowedRegions: z
    .array(regionName)
    .min(1)
    .max(30)
    .optional()
    .describe('Regions that a move may go to; all when left out.'),
  allowCrossRegion: z.boolean().default(true).describe('Whether a move may leave the region of the active site.'),
  reconcileMs: duration(1_000, hourMs)
    .default(reconcileMsDefault)
    .describe('How often what is observed is compared with the register.'),
  stepTimeoutMs: duration(1_000, 5 * minuteMs)
    .default(stepTimeoutMsDefault)
    .describe('Deadline of one attempt at one step.'),
  stepAttemptsMax: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(stepAttemptsMaxDefault)
    .describe('Attempts at a step before its fallback.'),
});

const failbackSchema = strict({
  mode: z
    .enum(['manual', 'automatic'])
    .default('manual')
    .describe('Whether the service returns to its preferred site by itself.'),
  healthyForMs: duration(0, 7 * dayMs)
    .default(healthyForMsDefault)
    .describe('How long the preferred site must have been up before an automatic failback.'),
  to: name.optional().describe('Site to return to; the one of highest priority when left out.'),
});

const serviceSchema = strict({
  mode: z
    .literal('active-passive', { error: 'active-passive; active-active is not built yet' })
    .describe('How the sites share the work.'),
  sites: z.record(name, siteSchema).describe('The places where the service runs, by name; two to ten.'),
  detection: detectionSchema.prefault({}).describe('When a site counts as down, and when as up again.'),
  failover: failoverSchema.prefault({}).describe('When and how far the service may move by itself.'),
  failback: failbackSchema.prefault({}).describe('Whether and when it returns.'),
  traffic: trafficSchema.describe('What steers the clients.'),
});

/** Everything a user can say, with every default. Its output is what the core works with. */
export const deploymentSchema = strict({
  name: name.describe('Name of the deployment; every deployed name starts with it.'),
  controlRegions: z
    .array(regionName)
    .max(25)
    .describe(
      'Regions that hold a watcher, an oracle and a state table: three or more, an odd number. The order is kept.',
    ),
  services: z.record(name, serviceSchema).describe('What fails over, by name; one to fifty.'),
  notify: strict({
    emails: z
      .array(z.email({ error: 'an e-mail address' }))
      .max(20)
      .default([])
      .describe('Who is told.'),
  })
    .prefault({})
    .describe('Where messages to people go.'),
});

/** What a user may write. */
export type DeploymentInput = z.input<typeof deploymentSchema>;

/** Holds the schema and the core's types together: this line does not compile when they part. */
export const readDeployment = (value: unknown): z.ZodSafeParseResult<Deployment> => deploymentSchema.safeParse(value);
