import { warmUpTicks } from '../../core/detection/opinion.ts';
import { edgeLookMs } from '../../core/kinds/edge.ts';
import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import { digestsOf, groupDigestOf } from '../../core/model/digest.ts';
import { alarmReadIntervalMs, isAwsProbe, metricReadIntervalMs, type Probe } from '../../core/model/probe.ts';
import { countsLease, type NamedService, preferredSite, type Service } from '../../core/model/service.ts';
import { genesis } from '../../core/register/register.ts';
import type { OpinionItem } from '../../core/tables/opinion-item.ts';
import { epochWatch, sharesWatch, upWatch } from '../../core/tables/stopwatch.ts';
import { leaseWaitMs, tickMsOf, warmUpMsMax } from '../../core/timing.ts';
import { closedBy } from '../../core/watcher/fencing/closing-terms.ts';
import { checksPerSecond, clientsPerSecond } from '../plan/clients-load.ts';
import { doctorRegionsOf } from '../plan/function-set.ts';
import { opinionBytesOf, writeUnitBytes } from '../plan/opinion-size.ts';
import { type SurveyWorkload, surveyWorkloadOf } from './surveys.ts';

/** Seconds in a month of 730 hours, as in AWS's own calculator. */
export const monthSeconds = 730 * 3_600;
/** Seconds between two starts of a region's watcher. */
const scheduleSeconds = 60;
/**
 * Billed part of a cold start, in seconds. Each start of a watcher may be a cold one, because its predecessor still
 * runs. Source: this project's limit for the start of the bundle, 250 ms, and as much again for Lambda's own start.
 */
const coldStartSeconds = 0.5;
/** Longest that an answer to a client takes, in seconds. Source: limit of the oracle, 20 ms warm. */
const clientAnswerSeconds = 0.02;
/** Least time between two reads of an oracle's table, in seconds. */
const oracleCacheSeconds = 1;
/** A unit of DynamoDB for a consistent read, in bytes. Source: "DynamoDB read and write operations". */
const readUnitBytes = 4_096;
/**
 * Signed headers of one request to DynamoDB, or the head of one answer, in bytes. Source: SigV4 headers as sent by the
 * SDK.
 */
const tableHeadBytes = 1_000;

/** Seconds between two hourly checkups. */
const checkupIntervalSeconds = 3_600;
/**
 * Seconds of a checkup besides listening: a cold start, and answers over an ocean. Source: our own; in a lab, on one
 * machine, it is half a second.
 */
const checkupBaseSeconds = 2;
/** Looks at the state tables in a second of listening. Source: `readPauseMs`, and as much for the answers. */
const looksPerSecond = 2.5;

/** Seconds between two reads of the alarms of a region by one watcher. */
const alarmReadSeconds = alarmReadIntervalMs / 1_000;

/** The work of a deployment in a month without a failover, in all its regions together. */
export interface Workload extends SurveyWorkload {
  /** Times a watcher is started. */
  readonly watcherStarts: number;
  /** Seconds for which watchers run; more than the month has because the next one warms up beside its predecessor. */
  readonly watcherSeconds: number;
  readonly opinionWriteUnits: number;
  readonly watcherReadUnits: number;
  /** Requests of Route 53's checkers to the oracles. */
  readonly oracleRequests: number;
  readonly oracleReads: number;
  readonly oracleReadUnits: number;
  /** Requests of clients inside the account for endpoints, and the reads of tables for them. */
  readonly clientRequests: number;
  readonly clientReads: number;
  readonly clientReadUnits: number;
  /** Probes over the network. */
  readonly probes: number;
  /** Invocations of functions of the user's that say how a site is. */
  readonly probeInvocations: number;
  /** Calls that read alarms. */
  readonly alarmReads: number;
  /** Metrics that are asked for, each time anew. */
  readonly metricReads: number;
  /** Reads by actuators to find drift. */
  readonly driftLooks: number;
  /** Hourly checkups, and what they read of the state tables. */
  readonly checkups: number;
  readonly checkupReadUnits: number;
  /** Bytes that watchers and tables of different regions send each other. */
  readonly betweenRegionsBytes: number;
}

/** Computes the work of a deployment in a month, from the same rules by which it runs. */
export function workloadOf(deployment: Deployment): Workload {
  const services = Object.values(deployment.services);
  const regions = deployment.controlRegions.length;
  const tickSeconds = tickMsOf(services) / 1_000;
  const watcherStarts = (regions * monthSeconds) / scheduleSeconds;
  // A superseded watcher notices this at its next write, one tick after its successor's first.
  const overlapSeconds = (warmUpTicksOf(deployment) + 1) * tickSeconds;
  const watcherSeconds = watcherStarts * (scheduleSeconds + overlapSeconds + coldStartSeconds);
  // The write of a superseded watcher is refused, and is paid for too.
  const publishing = (regions * monthSeconds) / tickSeconds + watcherStarts;
  const watchedSeconds = watcherStarts * (scheduleSeconds + overlapSeconds);
  const ticks = watchedSeconds / tickSeconds;
  const checkups = (doctorRegionsOf(deployment).length * monthSeconds) / checkupIntervalSeconds;
  // Names are ASCII by the schema, so a character is a byte.
  const opinionBytes = opinionBytesOf(JSON.stringify(steadyOpinions(deployment)).length);
  const registerUnits = services.length;
  const lookUnits = Math.ceil(opinionBytes / readUnitBytes) + registerUnits;

  const registerBytes = services.reduce((sum, service) => sum + registerBytesOf(service), 0);
  const oracleRequestsPerSecond = checksPerSecond(deployment);
  const oracleReads = regions * monthSeconds * Math.min(oracleRequestsPerSecond, 1 / oracleCacheSeconds);
  const oracleRequests = regions * monthSeconds * oracleRequestsPerSecond;
  const asked = clientsPerSecond(deployment);
  // Each environment reads for itself: as many as are busy at once, one at least.
  const clientReads =
    regions * monthSeconds * Math.min(asked, Math.max(1, asked * clientAnswerSeconds) / oracleCacheSeconds);
  const told = services.filter(({ clients }) => clients !== undefined).length;
  return {
    watcherStarts,
    watcherSeconds,
    opinionWriteUnits: publishing * Math.ceil(opinionBytes / writeUnitBytes),
    watcherReadUnits: ticks * regions * lookUnits,
    oracleRequests,
    oracleReads,
    oracleReadUnits: oracleReads * registerUnits,
    clientRequests: regions * monthSeconds * asked,
    clientReads,
    clientReadUnits: clientReads * told,
    probes: probesPerSecond(deployment, (probe) => !isAwsProbe(probe)) * watchedSeconds,
    probeInvocations: probesPerSecond(deployment, ({ type }) => type === 'function') * watchedSeconds,
    alarmReads: (watchedSeconds * alarmCallsOf(deployment)) / alarmReadSeconds,
    metricReads: watchedSeconds * metricReadsPerSecond(deployment),
    driftLooks: services.reduce((sum, service) => sum + driftLooksOf(service, regions), 0),
    checkups,
    checkupReadUnits: checkups * checkupSeconds(deployment) * looksPerSecond * regions * lookUnits,
    ...surveyWorkloadOf(deployment, (watcherStarts / regions) * (scheduleSeconds + overlapSeconds)),
    betweenRegionsBytes: ticks * (regions - 1) * (2 * tableHeadBytes + opinionBytes + registerBytes),
  };
}

/** Seconds that a checkup takes while all is well: it listens until each watcher has written again. */
export function checkupSeconds({ services }: Deployment): number {
  return checkupBaseSeconds + tickMsOf(Object.values(services)) / 1_000;
}

function warmUpTicksOf({ services }: Deployment): number {
  const all = Object.values(services);
  const needed = Math.max(...all.map(({ detection }) => warmUpTicks(detection)));
  return Math.min(needed, Math.max(2, Math.floor(warmUpMsMax / tickMsOf(all))));
}

/**
 * Reads for drift by a service's actuators. One watcher checks each address, each listener, each zonal shift, each
 * fence, each size and each region's parameter. An edited record, an accelerator and routing controls have a function
 * in each region, and all of them check it. A key of the edge is checked by one of them, seldom, each time in two
 * rounds at most. In a pool all sites serve and the user scales them, so sizes are not checked.
 */
function driftLooksOf(service: Service, regions: number): number {
  const { traffic, sites, failover, clients, mode } = service;
  const fences = Object.values(sites).filter(({ fence }) => fence !== undefined).length;
  const sizes = mode === 'active-active' ? 0 : Object.values(sites).reduce((sum, { scale }) => sum + scale.length, 0);
  const things =
    (traffic.address?.allocationId.length ?? 0) +
    (traffic.targets?.listenerArn.length ?? 0) +
    (traffic.dns?.mode === 'records' ? regions : 0) +
    (traffic.accelerator ? regions : 0) +
    (traffic.controls ? regions : 0) +
    (traffic.zonal?.resourceArns.length ?? 0) +
    (clients ? regions : 0) +
    fences +
    sizes;
  const seldom = traffic.edge ? (2 * monthSeconds * 1_000) / edgeLookMs : 0;
  return (things * monthSeconds * 1_000) / failover.reconcileMs + seldom;
}

/** Calls with which one watcher reads every alarm once: one a region. */
function alarmCallsOf({ services }: Deployment): number {
  const probes = Object.values(services).flatMap(({ sites }) => Object.values(sites).flatMap((site) => site.probes));
  return new Set(probes.flatMap((probe) => (probe.type === 'cloudwatch-alarm' ? probe.region : []))).size;
}

/** Metrics of probes that one watcher asks for in a second. */
function metricReadsPerSecond({ services }: Deployment): number {
  return Object.values(services).reduce((sum, { sites }) => {
    const probes = Object.values(sites).flatMap((site) => site.probes);
    return probes.reduce(
      (its, probe) => its + (probe.type === 'cloudwatch-metric' ? 1_000 / metricReadIntervalMs(probe) : 0),
      sum,
    );
  }, 0);
}

/** Probes of some types that one watcher makes in a second. */
function probesPerSecond({ services }: Deployment, isCounted: (probe: Probe) => boolean): number {
  return Object.values(services).reduce((sum, { sites, detection }) => {
    const probes = Object.values(sites).flatMap((site) => site.probes.filter(isCounted)).length;
    return sum + probes / (detection.intervalMs / 1_000);
  }, 0);
}

/** What a watcher writes at each tick of a month without a failover, with long values, each another one. */
export function steadyOpinions(deployment: Deployment): Omit<OpinionItem, 'generation' | 'invocation' | 'sequence'> {
  const track = { opinion: 'up', failureStreak: 0, failingMs: 0, reason: null, isCorroboratedAlive: false } as const;
  const services = Object.keys(deployment.services).map((name) => serviceOf(deployment, name));
  const tracks = services.map(({ name, sites, detection }, index) => [
    name,
    Object.fromEntries(
      Object.keys(sites).map((site, place) => [
        site,
        {
          ...track,
          passStreak: detection.riseCount,
          report: { role: 'standby', replicationLagMs: 1_000 + 97 * index + 31 * place, ready: true },
        },
      ]),
    ),
  ]);
  const watches = services.flatMap((service) => [
    epochWatch(service.name, 100),
    sharesWatch(service.name, genesis(preferredSite(service))),
    ...Object.keys(service.sites).map((site) => upWatch(service.name, site)),
  ]);
  return {
    wallMs: Date.UTC(2026, 0),
    tracks: Object.fromEntries(tracks),
    stopwatches: Object.fromEntries(watches.map((watch, index) => [watch, monthSeconds * 1_000 - 7_919 * index])),
    digests: Object.assign(
      {},
      ...services.map((one) => ({ ...digestsOf(one), ...groupDigestOf(deployment, one.name) })),
    ),
    controlRegions: deployment.controlRegions,
    epochs: Object.fromEntries(services.map(({ name }) => [name, 100])),
    ...steadyLeases(deployment, services),
    outOfContactMs: Object.fromEntries(services.map(({ name }, index) => [name, 100 + 7 * index])),
  };
}

function steadyLeases(
  { controlRegions }: Deployment,
  services: readonly NamedService[],
): Pick<OpinionItem, 'leaseWaits' | 'closes'> {
  const waits = services.filter(countsLease).map((service) => [service.name, leaseWaitMs(service)] as const);
  if (waits.length === 0) return {};
  return { leaseWaits: { [controlRegions[0] ?? '']: Object.fromEntries(waits) }, closes: closedBy(services) };
}

/**
 * Size of a register after one or two moves, in bytes. A register with a full history is still below one read unit.
 */
function registerBytesOf(service: Service): number {
  return 3 * JSON.stringify(genesis(preferredSite(service))).length;
}
