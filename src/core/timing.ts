import { rememberedIn } from './dns/memory.ts';
import { longestTtlSeconds } from './dns/zone-plan.ts';
import { isShared } from './model/data.ts';
import { type Detection, type FailoverPolicy, goesUnapproved } from './model/policy.ts';
import { alarmReadIntervalMs, metricReadIntervalMs, type Probe } from './model/probe.ts';
import type { NamedService, Service } from './model/service.ts';
import { isOfData, type Site } from './model/site.ts';
import { type DnsTraffic, remembers } from './model/traffic.ts';
import type { Run } from './register/run.ts';

/** Deadline of one call to a state table; the adapter enforces it. Several times a round trip between far regions. */
export const tableCallMs = 1_000;

/** Longest part of an attempt at a step that is kept for the report of it to come back, in milliseconds. */
const reportMsMax = 1_000;

/**
 * Time that the function of a step has for one attempt, from its first instruction. What is left of `stepTimeoutMs` is
 * for the way there and for its report: a quarter, where that is short.
 */
export function attemptMs({ stepTimeoutMs }: Pick<FailoverPolicy, 'stepTimeoutMs'>): number {
  return stepTimeoutMs - Math.min(reportMsMax, stepTimeoutMs / 4);
}

/**
 * When a function of the user that an attempt has asked must have ended, in milliseconds after the attempt began. The
 * attempt may ask it at its very end, and it may then run for `stepTimeoutMs`: docs/sites/functions.md demands such a
 * time limit of it.
 */
export function hookEndMs({ stepTimeoutMs }: Pick<FailoverPolicy, 'stepTimeoutMs'>): number {
  return 2 * stepTimeoutMs;
}

/**
 * How long a read of all tables waits for slow ones once a majority has answered. The slowest pair of regions takes
 * about 300 ms.
 */
export const lookPatienceMs = 300;

/** Number of missed ticks after which a watcher no longer trusts what it knew, because it was frozen or throttled. */
export const frozenAfterTicks = 3;

/**
 * Longest life of a watcher process, in milliseconds. The schedule starts a process every minute. So a region keeps its
 * watcher even when two schedule events in a row are lost, or one is a minute and a half late.
 */
export const watcherLifeMs = 150_000;

/**
 * Time after which an invocation of a watcher is ended, wherever it is, in milliseconds: half a minute past its life,
 * for one that is slow to end. So long after a deployment one may still act by the configuration of before.
 */
export const watcherTimeLimitMs = 180_000;

/**
 * Longest warm-up of a new watcher before it takes over, in milliseconds; it ends well before its predecessor's life
 * ends.
 */
export const warmUpMsMax = 45_000;

/**
 * How often a watcher with a suspicion reads the other tables between two ticks: a twentieth of a tick, within bounds.
 */
export function lookIntervalMs(tickMs: number): number {
  return Math.min(500, Math.max(50, tickMs / 20));
}

/** The watcher's tick: the shortest interval of any service. */
export function tickMsOf(services: readonly { readonly detection: Pick<Detection, 'intervalMs'> }[]): number {
  return Math.min(...services.map((service) => service.detection.intervalMs));
}

/** Deadline of the slowest probe of a service. */
export function longestProbeMs(service: Pick<Service, 'sites'>): number {
  return Math.max(...Object.values(service.sites).flatMap((site) => site.probes.map((probe) => probe.timeoutMs)));
}

/** How old the last reading of an alarm or of a metric may be when it changes; 0 where no site has one. */
function readingMs({ sites }: Pick<Service, 'sites'>): number {
  const probes = Object.values(sites).flatMap((site) => site.probes);
  return Math.max(0, ...probes.map(readIntervalMs));
}

/** Time between two reads of what AWS keeps of a site; 0 for a probe that asks the site each time. */
function readIntervalMs(probe: Probe): number {
  if (probe.type === 'cloudwatch-alarm') return alarmReadIntervalMs;
  return probe.type === 'cloudwatch-metric' ? metricReadIntervalMs(probe) : 0;
}

/**
 * How long a run waits, from its decision, when the old site cannot be fenced by order: the lease itself, the tick that
 * notices its end, and the time in which that region's actuator cuts the site off.
 */
export function leaseWaitMs(service: NamedService): number {
  return service.failover.leaseMs + 2 * service.detection.intervalMs + 2 * tableCallMs;
}

/**
 * How long a run waits for a fence that closes by itself, in milliseconds: the longest deregistration delay of a target
 * group. Source: Elastic Load Balancing, "Edit target group attributes".
 */
export const closingMsMax = 3_600_000;

/**
 * How long a site may need until it is found well, once its own fence may be opened: the order that opens it, and the
 * probes that see the site. Until then its probes say nothing of it.
 */
export function reopenMsMax({ detection, failover }: Pick<NamedService, 'detection' | 'failover'>): number {
  const { riseCount, fallCount, intervalMs } = detection;
  return failover.stepTimeoutMs + (riseCount + fallCount) * intervalMs;
}

/**
 * How long a run waits for a site to be ready, from its decision: the boot, the call that orders it and the one that
 * sees its end, and the probes in a row that find the site up.
 */
export function startWaitMs({ detection, failover }: NamedService, bootMs: number): number {
  return bootMs + failover.stepTimeoutMs + detection.riseCount * detection.intervalMs;
}

/**
 * Longest time that a promotion may take before it counts as failed. Aurora promises a global failover in minutes; its
 * own console speaks of up to 15 for large clusters that still replay. Source: our own, between the two.
 */
export const promotionMsMax = 10 * 60_000;

/**
 * What a promotion usually takes, for the bound: "typically less than a minute", and as much again. Source: Amazon
 * Aurora User Guide, "Using switchover or failover in Amazon Aurora Global Database".
 */
const promotionMsUsual = 120_000;

/** Times of the surroundings of the engine, from which bounds are computed. */
export interface TimingProfile {
  /** How often each of Route 53's checkers reads an oracle. 10 s is the fastest that AWS offers. */
  readonly checkIntervalMs: number;
  /** How long an oracle answers from one read of its table. */
  readonly oracleCacheMs: number;
  /** Answer time allowed for one register call; two calls make a change. */
  readonly registerCallMs: number;
}

/** Route 53 and DynamoDB between regions of one continent. */
export const awsTiming: TimingProfile = { checkIntervalMs: 10_000, oracleCacheMs: 1_000, registerCallMs: 500 };

/** Time limits of an automatic failover, each in milliseconds after the phase before it. */
export interface RecoveryBound {
  readonly detectMs: number;
  readonly decideMs: number;
  readonly shiftMs: number;
  readonly totalMs: number;
  /**
   * How much longer a move takes to a site that DNS remembers as left, when the clients come back to it. It is not in
   * the total.
   */
  readonly recallMs: number;
}

/**
 * Longest until DNS remembers what a register says: a pulse, the minute of its metric, and a minute until the health
 * check follows. That last part is nowhere promised.
 */
export const memoryFollowMs = 3 * 60_000;

/**
 * Until every name server of Route 53 answers by an edited record: "generally within 60 seconds". Source: Route 53 API
 * Reference, "ChangeResourceRecordSets", "Change Propagation to Route 53 DNS Servers".
 */
export const recordsFollowMs = 60_000;

/** Until all name servers answer by what a register says, or by the records that a run has edited. */
export function answersFollowMs({ mode }: Pick<DnsTraffic, 'mode'>, timingProfile: TimingProfile): number {
  switch (mode) {
    case 'oracle':
      return timingProfile.oracleCacheMs + timingProfile.checkIntervalMs;
    case 'memory':
      return memoryFollowMs;
    case 'records':
      return recordsFollowMs;
  }
}

/**
 * Until new connections follow a dial. AWS names about this time for the way back to a region that has become healthy,
 * and none for a dial. Source: Global Accelerator Developer Guide, "How failover works for unhealthy endpoints".
 */
const dialFollowMs = 30_000;

/**
 * Until every edge location has a value that was written. AWS says "seconds" and names no bound. Source: AWS News Blog,
 * "Introducing Amazon CloudFront KeyValueStore".
 */
const edgeFollowMs = 30_000;

/**
 * Until clients hear of a zonal shift: the TTL of a load balancer's name. Source: Elastic Load Balancing User Guide,
 * "How Elastic Load Balancing works", "Request routing".
 */
const zonalFollowMs = 60_000;

/** Longest wait for a person, after which the failover goes by itself; 0 where it may wait for ever. */
function approvalMs({ approval }: FailoverPolicy, { intervalMs }: Detection): number {
  if (approval === undefined) return 0;
  return (goesUnapproved(approval) ? (approval.waitMs ?? 0) : 0) + intervalMs;
}

/**
 * The longest an automatic failover may take from fault to the first good answer, when a majority lives and a standby
 * is eligible.
 *
 * Where a person is asked, the longest wait for the approval is in the decision; one without an end counts as nothing.
 *
 * Detection: see `detectionBoundMs`; where a site has an alarm, from the alarm's own change of state, and the wait
 * until it is read. Decision: one look at the peers and one change of two calls. Shift: the fence if there is one, the
 * promotion if there is data, and beside both the boot if something is started, before the promotion too where the data
 * runs on it; then the slowest of weights, an address (one step attempt) and DNS: an oracle's cache and one full round
 * of checkers, or a step attempt and the way of an edited record to all name servers; then the answers already cached
 * by resolvers, for the record's TTL or that of an alias. Routing controls are reckoned as a check and a TTL, too: AWS
 * names no time for a health check to follow one. Where DNS remembers beside the oracles' votes, a move away from a
 * site shows at once, and one back to a site takes `recallMs` longer.
 */
export function recoveryBound(service: NamedService, timingProfile: TimingProfile = awsTiming): RecoveryBound {
  const { detection, traffic, failover, sites, data } = service;
  const detectMs = detectionBoundMs(detection, longestProbeMs(service)) + readingMs(service);
  const decideMs =
    lookIntervalMs(detection.intervalMs) + 3 * timingProfile.registerCallMs + approvalMs(failover, detection);
  const dns = traffic.dns;
  const editMs = dns?.mode === 'records' ? failover.stepTimeoutMs : 0;
  const dnsMs = dns ? editMs + answersFollowMs(dns, timingProfile) + longestTtlSeconds(dns) * 1_000 : 0;
  const addressMs = traffic.address || traffic.route ? failover.stepTimeoutMs : 0;
  const dialMs = traffic.accelerator ? failover.stepTimeoutMs + dialFollowMs : 0;
  const controlsMs = traffic.controls
    ? failover.stepTimeoutMs + timingProfile.checkIntervalMs + traffic.controls.ttlSeconds * 1_000
    : 0;
  const edgeMs = traffic.edge ? failover.stepTimeoutMs + edgeFollowMs : 0;
  const zonalMs = traffic.zonal ? failover.stepTimeoutMs + zonalFollowMs : 0;
  const fenceMs = Object.values(sites).some((site) => site.fence) ? leaseWaitMs(service) : 0;
  const targetsMs = traffic.targets
    ? failover.stepTimeoutMs + traffic.targets.ramp.pauseMs * (traffic.targets.ramp.stepsPercent.length - 1)
    : 0;
  const promoteMs = data && !isShared(data) ? promotionMsUsual : 0;
  const bootMs = Math.max(0, ...Object.values(sites).map((site) => readyMs(site, detection)));
  const growMs = promoteMs > 0 ? Math.max(0, ...Object.values(sites).map((site) => growthMs(site))) : 0;
  const shiftMs =
    Math.max(Math.max(fenceMs, growMs) + promoteMs, bootMs) +
    Math.max(dnsMs, addressMs, targetsMs, dialMs, controlsMs, edgeMs, zonalMs);
  const recallMs = dns?.mode === 'oracle' && remembers(dns) ? memoryFollowMs : 0;
  return { detectMs, decideMs, shiftMs, totalMs: detectMs + decideMs + shiftMs, recallMs };
}

/** Longest that the shift of a move takes, back to a site too that DNS remembers as left while the old one served. */
export function longestShiftMs(service: NamedService, move: Move): number {
  const bound = recoveryBound(service);
  return bound.shiftMs + recallOf(service, move, bound);
}

/** What a move takes besides its bound: time where DNS remembers its site as left, and none where it does not. */
export function recallOf(service: NamedService, { from, to }: Move, { recallMs }: RecoveryBound): number {
  const isRecalled = rememberedIn(service).some(({ sites }) => sites.includes(to) && !sites.includes(from));
  return isRecalled ? recallMs : 0;
}

/** From which site to which a run moves. */
type Move = Pick<Run, 'from' | 'to'>;

/**
 * The longest time from a fault of a serving site to one watcher's `down`, when the watcher's probes are not hindered.
 *
 * In the worst case the fault begins just after a good probe, so the first failing probe begins one interval later.
 * From then on a probe begins `suspectIntervalMs` after each answer and at each tick, whichever is sooner, so a probe
 * that hangs until its deadline costs at most one tick. There must be `fallCount` failures, and the last one must begin
 * at least `minDownMs` after the first. That last probe begins exactly then, or when a hanging probe has ended, or at
 * the tick. It fails by its deadline.
 *
 * @param probeMs - deadline of the slowest probe of the service
 */
export function detectionBoundMs(
  detection: Pick<Detection, 'intervalMs' | 'fallCount' | 'suspectIntervalMs' | 'minDownMs'>,
  probeMs: number,
): number {
  const { intervalMs, fallCount, suspectIntervalMs, minDownMs } = detection;
  const paceMs = Math.min(intervalMs, probeMs + suspectIntervalMs);
  const atTicksMs = Math.ceil(minDownMs / intervalMs) * intervalMs;
  const rowMs = Math.max((fallCount - 1) * paceMs, Math.min(minDownMs + probeMs, atTicksMs));
  return intervalMs + rowMs + probeMs;
}

/** Time from the order to start a site until it is ready. The probes of a cold site must pass first. */
function readyMs({ scale, standby, bootMs }: Site, { riseCount, intervalMs }: Detection): number {
  if (scale.length === 0) return 0;
  return standby === 'cold' ? bootMs + riseCount * intervalMs : bootMs;
}

/** How long a promotion may wait for what its data runs on; 0 where none of that grows. */
function growthMs({ scale, bootMs }: Site): number {
  return scale.some(isOfData) ? bootMs : 0;
}

/** How long the result of a run may take to show in DNS once traffic has moved: twice the bound of the whole run. */
export function verifyLimitMs(service: NamedService, move: Move): number {
  return 2 * longestShiftMs(service, move);
}
