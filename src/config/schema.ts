import { z } from 'zod';
import type { Deployment } from '../core/deployment.ts';
import { duration } from './duration.ts';
import { choice, flag, list, named, nameField, pattern, regionField, text, wholeNumber } from './fields.ts';
import { siteName, siteSchema } from './schema-site.ts';
import { trafficSchema } from './schema-traffic.ts';
import { strict } from './strict.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Two seconds: three failures in a row take less than one of Route 53's fast checks (10 s). Source: our own. */
export const intervalMsDefault = 2_000;
/** Three failures in a row. Source: `FailureThreshold` of Route 53's health checks. */
export const fallCountDefault = 3;
/** More than to fall, because coming back is never urgent. Source: `HealthyThresholdCount` of Elastic Load Balancing. */
export const riseCountDefault = 5;
/** Fewest fresh opinions that can condemn a site: a majority of three watchers. Source: ADR-0001. */
export const quorumDefault = 2;
/** Ticks for which an opinion counts: one lost write and one late read do not silence a watcher. */
export const opinionTtlTicks = 3;
/** An hour between two automatic failovers. Source: orchestrator's `RecoveryPeriodBlockSeconds`. */
export const blockMsDefault = hourMs;
/** Three moves a day: a fourth means that moving does not help. Source: our own. */
export const maxMovesPerDayDefault = 3;
/** Half as much again as the least that the rules allow with default ticks and probes. Source: our own. */
export const leaseMsDefault = 15_000;
/** Five ticks at the default interval: drift is repaired within the ten that are promised. Source: our own. */
export const reconcileMsDefault = 10_000;
/** Several times what EC2 takes for an association. Source: our own. */
export const stepTimeoutMsDefault = 10_000;
/** The first attempt and two more. Source: `maxAttempts` of the AWS SDK. */
export const stepAttemptsMaxDefault = 3;
/** Ten minutes of health before an automatic failback. Source: our own. */
export const healthyForMsDefault = 10 * minuteMs;

const detectionSchema = strict({
  intervalMs: duration(250, minuteMs).default(intervalMsDefault).describe('Time between two ticks of a watcher.'),
  fallCount: wholeNumber(1, 20)
    .default(fallCountDefault)
    .describe("Failures in a row that make a site down; the default is that of Route 53's health checks."),
  riseCount: wholeNumber(1, 50)
    .default(riseCountDefault)
    .describe('Good answers in a row that make it up again; the default is that of Elastic Load Balancing.'),
  quorum: wholeNumber(1, 25)
    .default(quorumDefault)
    .describe('Watchers, in distinct control regions, that must call a site down; the default is a majority of three.'),
  opinionTtlMs: duration(500, 10 * minuteMs)
    .optional()
    .describe('How long an opinion counts after it last changed; three intervals when left out.'),
}).transform((detection) => ({
  ...detection,
  opinionTtlMs: detection.opinionTtlMs ?? opinionTtlTicks * detection.intervalMs,
}));

const failoverSchema = strict({
  automatic: flag().default(true).describe('Whether the service moves by itself.'),
  blockMs: duration(0, 7 * dayMs)
    .default(blockMsDefault)
    .describe(
      'No second automatic move for this long after a failover, unless acknowledged; the default is that of orchestrator.',
    ),
  maxMovesPerDay: wholeNumber(1, 24)
    .default(maxMovesPerDayDefault)
    .describe('Automatic moves in 24 hours; one more means that moving does not help.'),
  maxReplicationLagMs: duration(0, dayMs)
    .optional()
    .describe('Most lag a standby may report; an unknown lag is over it. Left out: the service has no data that lags.'),
  leaseMs: duration(1_000, hourMs)
    .default(leaseMsDefault)
    .describe('Without a majority for this long, the active site is fenced by its own region.'),
  allowedRegions: list(regionField, 1, 30, 'regions')
    .optional()
    .describe('Regions that a move may go to; all when left out.'),
  allowCrossRegion: flag().default(true).describe('Whether a move may leave the region of the active site.'),
  reconcileMs: duration(1_000, hourMs)
    .default(reconcileMsDefault)
    .describe('How often what is observed is compared with the register, and repaired; five default ticks.'),
  stepTimeoutMs: duration(1_000, 5 * minuteMs)
    .default(stepTimeoutMsDefault)
    .describe('Deadline of one attempt at one step; several times what EC2 takes for an association.'),
  stepAttemptsMax: wholeNumber(1, 10)
    .default(stepAttemptsMaxDefault)
    .describe('Attempts at a step before its fallback; the default is that of the AWS SDK.'),
});

const failbackSchema = strict({
  mode: choice(['manual', 'automatic'])
    .default('manual')
    .describe('Whether the service returns to its preferred site by itself.'),
  healthyForMs: duration(0, 7 * dayMs)
    .default(healthyForMsDefault)
    .describe('How long the preferred site must have been up before an automatic failback.'),
  to: siteName.optional().describe('Site to return to; the one of highest priority when left out.'),
});

const serviceSchema = strict({
  mode: z
    .literal('active-passive', { error: 'active-passive; active-active is not built yet' })
    .meta({ allowed: 'active-passive' })
    .describe('How the sites share the work: one serves, the others wait.'),
  sites: named(siteName, siteSchema, 'sites').describe('The places where the service runs; two to ten.'),
  detection: detectionSchema.prefault({}).describe('When a site counts as down, and when as up again.'),
  failover: failoverSchema.prefault({}).describe('When and how far the service may move by itself.'),
  failback: failbackSchema.prefault({}).describe('Whether and when it returns.'),
  traffic: trafficSchema.describe('What steers the clients; dns, address, or both.'),
});

const email = z
  .email({ error: 'an e-mail address' })
  .max(254, 'an e-mail address')
  .meta({ allowed: 'an e-mail address' });

const vpcSchema = strict({
  vpcId: pattern(/^vpc-[a-z0-9-]{1,40}$/, 'a VPC id, such as vpc-0123456789abcdef0').describe('The VPC.'),
  subnetIds: list(
    pattern(/^subnet-[a-z0-9-]{1,40}$/, 'a subnet id, such as subnet-0123456789abcdef0'),
    1,
    16,
    'subnets',
  ).describe('Subnets that reach the sites, the state tables and the functions of every control region.'),
  securityGroupIds: list(
    pattern(/^sg-[a-z0-9-]{1,40}$/, 'a security group id, such as sg-0123456789abcdef0'),
    1,
    5,
    'security groups',
  ).describe('Security groups of the watcher.'),
});

const watcherSchema = strict({
  memoryMb: wholeNumber(128, 10_240)
    .optional()
    .describe(
      'Memory of the function in MiB, which fixes its share of a processor; follows the number of probes when left out.',
    ),
  tracing: flag().default(false).describe('Whether the functions send traces to X-Ray.'),
  vpc: named(regionField, vpcSchema, 'networks')
    .optional()
    .describe('VPC to run in, by control region, for sites without a public address.'),
});

/** Everything a user can say, with every default. Its output is what the core works with. */
export const deploymentSchema = strict({
  name: nameField.describe('Name of the deployment; every deployed name starts with it.'),
  controlRegions: list(regionField, 1, 25, 'regions').describe(
    'Regions that hold a watcher, an oracle and a state table: three or more, an odd number. A deployed order must be kept.',
  ),
  services: named(nameField, serviceSchema, 'services').describe('What fails over, each as one; one to fifty.'),
  notify: strict({
    emails: list(email, 0, 20, 'e-mail addresses').default([]).describe('Who is told.'),
  })
    .prefault({})
    .describe('Where messages to people go.'),
  account: pattern(/^\d{12}$/, 'an AWS account id of twelve digits')
    .optional()
    .describe('Account that it belongs to; commands refuse to work with credentials of another.'),
  watcher: watcherSchema.prefault({}).describe('How the watchers run.'),
  accept: named(nameField, text(500, 'a reason'), 'reasons')
    .default({})
    .describe('Findings of the fault-domain lint that are accepted, by name, each with the reason.'),
});

/** What a user may write. */
export type DeploymentInput = z.input<typeof deploymentSchema>;

/** Holds the schema and the core's types together: this line does not compile when they part. */
export const readDeployment = (value: unknown): z.ZodSafeParseResult<Deployment> => deploymentSchema.safeParse(value);
