import { z } from 'zod';
import { type Deployment, majorityOf } from '../../core/model/deployment.ts';
import type { Service } from '../../core/model/service.ts';
import { oracleSchema } from '../kinds/dns/oracle-front.ts';
import { dataSchema } from '../kinds/promote.ts';
import { clientsSchema } from '../kinds/publish.ts';
import { leaseMsDefault } from '../lease.ts';
import { accountField, deploymentNameField } from './aws-id.ts';
import { approvalSchema, freezeSchema, gameDaysSchema, maintenanceSchema } from './calendar.ts';
import { duration } from './duration.ts';
import { choice, flag, list, named, nameField, pattern, regionField, text, wholeNumber } from './fields.ts';
import { placeField } from './place.ts';
import { notifySchema } from './receivers/notify.ts';
import { telemetrySchema } from './receivers/telemetry.ts';
import { siteName, siteSchema } from './site.ts';
import { strict } from './strict-object.ts';
import { trafficSchema } from './traffic.ts';
import { watcherSchema } from './watcher.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Two seconds: three failures in a row take less than one of Route 53's fast checks (10 s). Source: our own. */
const intervalMsDefault = 2_000;
/** Three failures in a row. Source: `FailureThreshold` of Route 53's health checks. */
const fallCountDefault = 3;
/**
 * Half a second: more evidence in less time than ticks give, while there is doubt. Source: our own, after HAProxy's
 * `fastinter`.
 */
const suspectIntervalMsDefault = 500;
/**
 * Part of the time between the first and the last of `fallCount` ticks: 3 s at the default tick. A shorter fault never
 * makes a site down, and a site is down sooner than by ticks alone, even when a service is probed rarely. Source: our
 * own; ADR-0017.
 */
const minDownShareDefault = 0.75;
/**
 * More than `fallCount`, because a return is never urgent. Source: `HealthyThresholdCount` of Elastic Load Balancing.
 */
const riseCountDefault = 5;
/** Ticks for which an opinion counts: one lost write and one late read do not silence a watcher. */
const opinionTtlTicks = 3;
/** An hour between two automatic failovers. Source: orchestrator's `RecoveryPeriodBlockSeconds`. */
const blockMsDefault = hourMs;
/** Three moves a day: a fourth would show that moves do not help. Source: our own. */
const maxMovesPerDayDefault = 3;
/** Five ticks at the default interval, so that drift is repaired within ten ticks. Source: our own. */
const reconcileMsDefault = 10_000;
/** Several times what EC2 takes for an association. Source: our own. */
const stepTimeoutMsDefault = 10_000;
/** The first attempt and two more. Source: `maxAttempts` of the AWS SDK. */
const stepAttemptsMaxDefault = 3;
/**
 * The first attempt and two more, as for a step. The pauses are half a minute, then a minute; a short fault is over by
 * then. There are few attempts, because each one cuts the old site off. Source: our own.
 */
const runAttemptsMaxDefault = 3;
/** Half a minute to a minute at the default interval. Source: our own. */
const windowTicksDefault = 30;
/** Of thirty answers, three may be slow. Source: our own. */
const latencyQuantileDefault = 0.9;
/** Half a minute: time synchronisation keeps clocks within milliseconds. Source: our own. */
const clockOffsetMsDefault = 30_000;
/**
 * Two weeks: ACM renews 60 days before the end and writes to people 45 days before; then something has gone wrong.
 * Source: AWS Certificate Manager User Guide, "Managed certificate renewal".
 */
const certificateDaysDefault = 14;
/** All of it: the declared capacity is what a site can carry permanently. Source: our own. */
const limitPercentDefault = 100;
/** Ten minutes of health before an automatic failback. Source: our own. */
export const healthyForMsDefault = 10 * minuteMs;

const latencyRule = strict({
  quantile: z
    .number({ error: 'a number from 0.5 to 0.99' })
    .min(0.5)
    .max(0.99)
    .meta({ allowed: 'a number from 0.5 to 0.99' })
    .default(latencyQuantileDefault)
    .describe('Quantile of the latencies that is judged.'),
  downMs: duration(1, 30_000).describe('Latency above which the site counts as down.'),
  upMs: duration(1, 30_000).describe('Down to this, it counts as up again; below `downMs`.'),
}).refine(({ downMs, upMs }) => upMs <= downMs, { path: ['upMs'], error: 'a latency no higher than downMs' });

const errorRule = strict({
  downPercent: wholeNumber(1, 99).describe('Percentage of failures above which the site counts as down.'),
  upPercent: wholeNumber(0, 98).describe('Down to this, it counts as up again; below `downPercent`.'),
}).refine(({ downPercent, upPercent }) => upPercent < downPercent, {
  path: ['upPercent'],
  error: 'a share below downPercent',
});

const greySchema = strict({
  windowTicks: wholeNumber(0, 64)
    .default(windowTicksDefault)
    .describe('Ticks that the sliding window reaches back; 0 switches its rules off.'),
  latency: latencyRule
    .optional()
    .describe('Rule about slow answers in the window. Left out: slow answers never move traffic.'),
  errors: errorRule
    .optional()
    .describe(
      'Rule about failed answers in the window, lost packets included. Left out: only failures in a row count.',
    ),
  clockOffsetMs: duration(1_000, hourMs)
    .default(clockOffsetMsDefault)
    .describe("Offset of a site's clock, by its `Date` header, from which a warning is raised."),
  certificateDays: wholeNumber(0, 365)
    .default(certificateDaysDefault)
    .describe('A warning is raised when a certificate ends within this number of days.'),
});

const capacitySchema = strict({
  limitPercent: wholeNumber(1, 100)
    .default(limitPercentDefault)
    .describe('Percentage of its capacity up to which traffic is shifted to a site.'),
  spareSites: wholeNumber(0, 2)
    .optional()
    .describe(
      'Number of sites that may be lost while the others can carry the load (1 is N-1, 2 is N-2). When they could not, an alarm is raised. Left out: 1 in active-active, 0 in active-passive.',
    ),
  shortage: choice(['shed', 'shift'])
    .default('shed')
    .describe(
      'What happens to traffic that the other sites cannot carry even after scaling. `shed`: it stays with the site that fails. `shift`: it is moved anyway.',
    ),
});

const detectionSchema = strict({
  intervalMs: duration(250, minuteMs).default(intervalMsDefault).describe('Time between two ticks of a watcher.'),
  fallCount: wholeNumber(1, 20)
    .default(fallCountDefault)
    .describe("Failures in a row that make a site down; the default is that of Route 53's health checks."),
  suspectIntervalMs: duration(100, minuteMs)
    .optional()
    .describe(
      "Pause from an answer to the next probe of a serving site that has failed, until the site is down or up again; like HAProxy's `fastinter`. Left out: 500 ms, or `intervalMs` where that is less. With the value of `intervalMs` there are no probes between ticks.",
    ),
  minDownMs: duration(0, hourMs)
    .optional()
    .describe(
      'Time without a good answer that a site needs before it is down, besides `fallCount` failures in a row. A shorter fault never makes a site down. Left out: three quarters of the time between the first and the last of `fallCount` ticks, which is 3 s at the default tick.',
    ),
  riseCount: wholeNumber(1, 50)
    .default(riseCountDefault)
    .describe('Good answers in a row that make a site up again; the default is that of Elastic Load Balancing.'),
  quorum: wholeNumber(1, 25)
    .optional()
    .describe(
      'Watchers, in distinct control regions, that must call a site down. Left out: a majority of the control regions. Whatever the value, a site is not down while a majority calls it up.',
    ),
  opinionTtlMs: duration(500, 10 * minuteMs)
    .optional()
    .describe('How long an opinion counts after its item last changed. Left out: three times `intervalMs`.'),
  grey: greySchema.prefault({}).describe('When a site that still answers counts as failing, or causes a warning.'),
  bootGraceMs: duration(0, hourMs)
    .default(0)
    .describe('For this time after a site became active, no automatic move leaves it, because it may still boot.'),
}).transform((detection) => ({
  ...detection,
  opinionTtlMs: detection.opinionTtlMs ?? opinionTtlTicks * detection.intervalMs,
  suspectIntervalMs: detection.suspectIntervalMs ?? Math.min(suspectIntervalMsDefault, detection.intervalMs),
  minDownMs: detection.minDownMs ?? minDownShareDefault * (detection.fallCount - 1) * detection.intervalMs,
}));

/** One minute of a default tick. Source: our own. */
const failbackActiveActiveMs = minuteMs;

const failoverSchema = strict({
  automatic: flag().default(true).describe('Whether the service moves by itself.'),
  approval: approvalSchema.optional(),
  blockMs: duration(0, 7 * dayMs)
    .default(blockMsDefault)
    .describe(
      'For this time after a failover left a site, no automatic move goes back to it, unless a person acknowledges the failover. The default is that of orchestrator.',
    ),
  maxMovesPerDay: wholeNumber(1, 24)
    .default(maxMovesPerDayDefault)
    .describe(
      'Most automatic failovers between the same two sites in 24 hours; one more would show that moves do not help. Failbacks, and returns to a pool, are counted separately.',
    ),
  maxReplicationLagMs: duration(0, dayMs)
    .optional()
    .describe(
      'Most lag that a standby may have; an unknown lag counts as more. Left out: the service has no data that lags.',
    ),
  leaseMs: duration(1_000, hourMs)
    .optional()
    .describe(
      'After this time without contact to a majority, a region fences its own active site. Left out: 15 s, or one and a half times the shortest that the rules allow where that is longer.',
    ),
  requireFenceProof: flag()
    .default(false)
    .describe('Whether a move waits for proof that the old site is cut off, however long its region is silent.'),
  allowedRegions: list(placeField, 1, 30, 'regions and locations')
    .optional()
    .describe('Regions, and locations outside AWS, that a move may go to; all when left out.'),
  reconcileMs: duration(1_000, hourMs)
    .default(reconcileMsDefault)
    .describe(
      'How often the real state is compared with the register, and repaired. The default is five default ticks.',
    ),
  stepTimeoutMs: duration(1_000, 5 * minuteMs)
    .default(stepTimeoutMsDefault)
    .describe('Deadline of one attempt at one step; several times what EC2 takes for an association.'),
  stepAttemptsMax: wholeNumber(1, 10)
    .default(stepAttemptsMaxDefault)
    .describe('Attempts at a step before its fallback is used; the default is that of the AWS SDK.'),
  runAttemptsMax: wholeNumber(1, 10)
    .default(runAttemptsMaxDefault)
    .describe(
      'Attempts in a row to make a site serve, after which it has failed for good: then any other eligible site is tried before it. Until the data has moved, another site is tried after the first failed attempt. After each failed attempt the site is left alone: for half a minute by default, then twice as long each time, ten minutes at most.',
    ),
  onStartFailure: choice(['wait', 'serve-as-is'])
    .default('serve-as-is')
    .describe(
      'What happens when a failover cannot bring its site to its full size and no other site is eligible. `serve-as-is`: the site serves at its present size once its probes pass, which is better than no service. `wait`: clients stay where they are until it has its full size.',
    ),
  allDown: choice(['keep', 'last-resort'])
    .default('keep')
    .describe('When every site is down. `keep`: traffic stays. `last-resort`: it goes to `traffic.dns.lastResort`.'),
});

const failbackSchema = strict({
  mode: choice(['manual', 'automatic'])
    .optional()
    .describe(
      'Whether the service returns to its preferred site by itself, or readmits a site to the pool by itself. Left out: `manual` in active-passive, `automatic` in active-active.',
    ),
  healthyForMs: duration(0, 7 * dayMs)
    .optional()
    .describe(
      'How long a site must have been up before an automatic return. Left out: ten minutes in active-passive, one minute in active-active.',
    ),
  to: siteName.optional().describe('Site to return to. Left out: the site of highest priority.'),
});

const serviceSchema = strict({
  mode: choice(['active-passive', 'active-active']).describe(
    'How the sites share the work. `active-passive`: one serves, the others wait. `active-active`: all healthy sites serve.',
  ),
  sites: named(siteName, siteSchema, 'sites').describe(
    'The places where the service runs; two to ten, or one with a static page.',
  ),
  detection: detectionSchema.prefault({}).describe('When a site counts as down, and when as up again.'),
  failover: failoverSchema.prefault({}).describe('When and how far the service may move by itself.'),
  failback: failbackSchema.prefault({}).describe('Whether and when the service returns to its preferred site.'),
  traffic: trafficSchema
    .prefault({})
    .describe('What steers the clients. A service that has `data` may have none of its keys, or no `traffic` at all.'),
  capacity: capacitySchema.prefault({}).describe('How much the sites that are left must be able to carry.'),
  maintenance: maintenanceSchema
    .optional()
    .describe(
      'Times of work at a site. While one is open no automatic move chooses the site, and a pool does without it; an active site is not left for it.',
    ),
  freeze: freezeSchema
    .optional()
    .describe('Times in which nothing planned moves by itself, or nothing at all. A person may move it all the same.'),
  gameDays: gameDaysSchema,
  data: dataSchema.optional().describe('Data that is promoted before a site serves. Left out: there is none.'),
  clients: clientsSchema
    .optional()
    .describe(
      'What is published for clients inside the account, by a function and in a parameter of each control region.',
    ),
}).transform((service) => withModeDefaults(service));

/** Fills in the defaults that differ between the two modes. */
function withModeDefaults<
  T extends {
    mode: 'active-passive' | 'active-active';
    failback: { mode?: 'manual' | 'automatic' | undefined; healthyForMs?: number | undefined };
    capacity: { spareSites?: number | undefined };
    failover: { leaseMs?: number | undefined };
    traffic: { dns?: { policy?: DnsPolicy | undefined } | undefined };
  },
>(service: T & Parameters<typeof leaseMsDefault>[0]) {
  const isPool = service.mode === 'active-active';
  const { failback, capacity, failover, traffic } = service;
  return {
    ...service,
    failover: { ...failover, leaseMs: failover.leaseMs ?? leaseMsDefault(service) },
    failback: {
      ...failback,
      mode: failback.mode ?? (isPool ? ('automatic' as const) : ('manual' as const)),
      healthyForMs: failback.healthyForMs ?? (isPool ? failbackActiveActiveMs : healthyForMsDefault),
    },
    capacity: { ...capacity, spareSites: capacity.spareSites ?? (isPool ? 1 : 0) },
    traffic: {
      ...traffic,
      ...(traffic.dns
        ? { dns: { ...traffic.dns, policy: traffic.dns.policy ?? (isPool ? 'weighted' : 'failover') } }
        : {}),
    } as Omit<T['traffic'], 'dns'> & { dns?: (NonNullable<T['traffic']['dns']> & { policy: DnsPolicy }) | undefined },
  };
}

type DnsPolicy = NonNullable<Service['traffic']['dns']>['policy'];

/** Source of the form: STS API Reference, `AssumeRole`, `ExternalId`; the length is our own. */
const otherAccountSchema = strict({
  externalId: pattern(
    /^[\w+=,.@:/-]{8,128}$/,
    'an external id: 8 to 128 letters, digits and signs of +=,.@:/-, such as shop-8f3c1d92',
  ).describe('What the functions show when they take their roles in the account; the trust policies ask for it.'),
  region: regionField
    .optional()
    .describe(
      'Region of the stack with the roles, which are known in every region. Left out: the first control region. Write it before that one changes: the stack stays where it is.',
    ),
});

/** The schema of everything that a user can configure, with every default. Its output is the input of the core. */
export const deploymentSchema = strict({
  name: deploymentNameField.describe('Name of the deployment; every deployed name starts with it.'),
  controlRegions: list(regionField, 1, 25, 'regions', 'a list of 3 to 25 regions, an odd number').describe(
    'Regions that hold a watcher, an oracle and a state table. The first one has the dashboard, the first two check once an hour whether a failover would work.',
  ),
  services: named(nameField, serviceSchema, 'services').describe('The services. Each fails over as one; one to fifty.'),
  notify: notifySchema.prefault({}).describe('Where messages for people and machines are sent.'),
  telemetry: telemetrySchema
    .optional()
    .describe('Where metrics and traces are sent for programs of yours. Left out: nowhere.'),
  account: accountField
    .optional()
    .describe('AWS account of the deployment. Commands refuse credentials of another account.'),
  accounts: named(accountField, otherAccountSchema, 'accounts')
    .optional()
    .describe(
      'Other accounts in which functions have something to do: those of sites with an `account` and with a fence, sizes, work, measures, data, or a switch between them; and those of hosted zones with an `account`.',
    ),
  recordsRegion: regionField
    .optional()
    .describe(
      'Region of the stack of health checks and records, which are known in every region. Left out: the first control region. Write it before that one changes: the stack stays where it is.',
    ),
  oracle: oracleSchema.optional().describe('Where the oracles are asked. Left out: at public function URLs.'),
  watcher: watcherSchema.prefault({}).describe('How the watchers run.'),
  doctor: strict({
    hourly: flag()
      .default(true)
      .describe(
        'Whether what `cdk-failover doctor` checks is checked once an hour in AWS, too, in the first two control regions. The alarm `doctor-red` hears of what is bad.',
      ),
  })
    .prefault({})
    .describe('What is checked by itself, besides the sites.'),
  accept: named(nameField, text(500, 'a reason'), 'reasons')
    .default({})
    .describe('Findings of the fault-domain lint that are accepted, by name, each with the reason.'),
  groups: named(
    nameField,
    strict({
      members: named(nameField, list(nameField, 0, 10, 'services'), 'lists of services').describe(
        'Services of the group, each with the services that must have arrived before it. The first service in that order decides for all, by its own `failover` and `failback`; those of the other services are not used for that.',
      ),
      recoveryTimeMs: duration(1_000, dayMs)
        .optional()
        .describe('Time within which all must have arrived; otherwise an alarm is raised.'),
    }),
    'groups',
  )
    .default({})
    .describe('Services that fail over together, to sites of the same name.'),
}).transform((deployment) => withMajorities(deployment));

/** Fills in what depends on how many control regions there are. */
function withMajorities<
  S extends { detection: { quorum?: number | undefined } },
  T extends { controlRegions: string[] },
>(deployment: T & { services: Record<string, S> }) {
  const services = Object.entries(deployment.services).map(([name, service]) => {
    const quorum = service.detection.quorum ?? majorityOf(deployment);
    return [name, { ...service, detection: { ...service.detection, quorum } }] as const;
  });
  return { ...deployment, services: Object.fromEntries(services) };
}

/** Reads a value by the schema. This line does not compile when the schema and the core's types differ. */
export const readDeployment = (value: unknown): z.ZodSafeParseResult<Deployment> => deploymentSchema.safeParse(value);
