import { isKind } from '../../core/kinds/kind-name.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { deploymentAlarms, serviceAlarms } from '../plan/alarms.ts';
import { doctorRegionsOf } from '../plan/function-set.ts';
import { functionPlanOf, functionPlansOf } from '../plan/functions.ts';
import { memoryAlarms } from '../plan/memories.ts';
import { recordsPlan } from '../plan/records.ts';
import type { PriceName } from './prices.ts';
import { checkupSeconds, monthSeconds, type Workload, workloadOf } from './workload.ts';

const mbPerGb = 1_024;
const bytesPerGb = 1_024 ** 3;
/**
 * Duration of an oracle's answer from memory, and of one with a read of its table, in seconds. Source: limit of the
 * oracle, 20 ms warm.
 */
const oracleSeconds = 0.002;
const oracleReadSeconds = 0.01;
/** Size of an oracle's answer to a checker, in bytes: a head without a body. */
const oracleAnswerBytes = 400;
/** Size of an answer to a client, in bytes: a head, and a list of endpoints. */
const clientAnswerBytes = 900;
/** Bytes that a probe over HTTPS sends: a TLS handshake without certificate, and a request. */
const probeBytes = 1_200;
/** Lambda's own START, END and REPORT lines, with what CloudWatch adds to each, in bytes. */
const platformLogBytes = 400;
/**
 * Log lines of a watcher about its own start and end, and the line that it writes each minute for each service, in
 * bytes.
 */
const watcherLogBytes = 2_000;
const pulseLogBytes = 800;
/** Log lines of an hourly checkup: its counts, and some findings, in bytes. */
const checkupLogBytes = 3_000;
/** Hours a month for which some alarm of a service is raised in each region; its metric is paid by the hour. */
const raisedHoursPerService = 8;
/**
 * Events of a service in a month that people are notified of. Each costs an invocation, an e-mail and an EventBridge
 * event.
 */
const noticesPerService = 20;
const noticeSeconds = 1;
/** Seconds between two reports of metrics of a region, what one takes to send, and its bytes for each site. */
const reportSeconds = 60;
const exportSeconds = 0.3;
const reportBytesPerSite = 2_500;
/** Duration of one read by an actuator, in seconds: a call to EC2, Route 53 and the like. */
const driftLookSeconds = 0.3;
/** Duration of one survey of a site, in seconds: a few such calls in parallel. */
const surveySeconds = 0.3;
/**
 * Read units of one eventually consistent read of an item of up to 4 KB. Source: "DynamoDB read and write operations".
 */
const heartbeatUnits = 0.5;

/** Units a month of one part. */
export interface Quantity {
  readonly part: string;
  readonly quantity: number;
  readonly price: PriceName;
}

/** Everything a deployment uses in a month, a line each; some lines may be 0. */
export function quantitiesOf(deployment: Deployment): readonly Quantity[] {
  const work = workloadOf(deployment);
  return [
    ...functionQuantities(deployment, work),
    { part: 'state tables: opinions written', quantity: work.opinionWriteUnits, price: 'tableWrite' },
    { part: 'state tables: read by watchers', quantity: work.watcherReadUnits, price: 'tableRead' },
    { part: 'state tables: read by oracles', quantity: work.oracleReadUnits, price: 'tableRead' },
    { part: 'state tables: read for clients', quantity: work.clientReadUnits, price: 'tableRead' },
    { part: 'surveys: heartbeats read', quantity: work.heartbeats * heartbeatUnits, price: 'tableRead' },
    { part: 'surveys: functions of yours invoked', quantity: work.invocations, price: 'lambdaRequest' },
    { part: 'surveys: metrics read', quantity: work.metrics, price: 'metricRead' },
    { part: 'probes: functions of yours invoked', quantity: work.probeInvocations, price: 'lambdaRequest' },
    { part: 'probes: alarms read', quantity: work.alarmReads, price: 'apiRequest' },
    { part: 'probes: metrics read', quantity: work.metricReads, price: 'metricRead' },
    ...healthCheckQuantities(deployment),
    ...doctorQuantities(deployment, work),
    ...watchingQuantities(deployment, work),
    ...telemetryQuantities(deployment),
    { part: 'schedule', quantity: work.watcherStarts + work.checkups, price: 'schedule' },
    { part: 'transfer between regions', quantity: work.betweenRegionsBytes / bytesPerGb, price: 'regionTransferGb' },
    {
      part: 'transfer to the internet: probes, if the sites are outside AWS',
      quantity: (work.probes * probeBytes) / bytesPerGb,
      price: 'internetTransferGb',
    },
    {
      part: 'transfer to the internet: oracles',
      quantity: (work.oracleRequests * oracleAnswerBytes) / bytesPerGb,
      price: 'internetTransferGb',
    },
    {
      part: 'transfer to other regions or the internet: clients',
      quantity: (work.clientRequests * clientAnswerBytes) / bytesPerGb,
      price: 'internetTransferGb',
    },
  ];
}

function functionQuantities(deployment: Deployment, work: Workload): readonly Quantity[] {
  const gbOf = (kind: 'watcher' | 'oracle' | 'endpoints' | 'survey' | 'notify') =>
    functionPlanOf(deployment, kind).memoryMb / mbPerGb;
  const oracleBusySeconds = work.oracleRequests * oracleSeconds + work.oracleReads * oracleReadSeconds;
  const clientBusySeconds = work.clientRequests * oracleSeconds + work.clientReads * oracleReadSeconds;
  const actuatorGb = work.driftLooks > 0 ? actuatorMemoryMb(deployment) / mbPerGb : 0;
  const notifications = noticesPerService * Object.keys(deployment.services).length;
  return [
    { part: 'watchers: time', quantity: work.watcherSeconds * gbOf('watcher'), price: 'lambdaGbSecond' },
    { part: 'watchers: starts', quantity: work.watcherStarts, price: 'lambdaRequest' },
    { part: 'oracles: time', quantity: oracleBusySeconds * gbOf('oracle'), price: 'lambdaGbSecond' },
    { part: 'oracles: requests', quantity: work.oracleRequests, price: 'lambdaRequest' },
    { part: 'clients: time', quantity: clientBusySeconds * gbOf('endpoints'), price: 'lambdaGbSecond' },
    { part: 'clients: requests', quantity: work.clientRequests, price: 'lambdaRequest' },
    { part: 'actuators: time', quantity: work.driftLooks * driftLookSeconds * actuatorGb, price: 'lambdaGbSecond' },
    { part: 'actuators: looks for drift', quantity: work.driftLooks, price: 'lambdaRequest' },
    {
      part: 'surveys: time',
      quantity: work.surveys === 0 ? 0 : work.surveys * surveySeconds * gbOf('survey'),
      price: 'lambdaGbSecond',
    },
    { part: 'surveys: requests', quantity: work.surveys, price: 'lambdaRequest' },
    { part: 'notifications: time', quantity: notifications * noticeSeconds * gbOf('notify'), price: 'lambdaGbSecond' },
    { part: 'notifications: requests', quantity: notifications, price: 'lambdaRequest' },
  ];
}

/** Memory of the deployment's actuators, in MiB. */
function actuatorMemoryMb(deployment: Deployment): number {
  const plans = deployment.controlRegions.flatMap((region) => functionPlansOf(deployment, region));
  const sizes = plans.filter(({ kind }) => isKind(kind));
  return Math.max(0, ...sizes.map(({ memoryMb }) => memoryMb));
}

/**
 * A check of an oracle or a site; HTTPS and the fast interval are an option each. Calculated checks have no options.
 */
function healthCheckQuantities(deployment: Deployment): readonly Quantity[] {
  const checks = recordsPlan(deployment).flatMap((service) => service.checks);
  const oracle = checks.filter(({ kind }) => kind === 'oracle');
  const calculated = checks.filter(({ kind }) => kind === 'calculated');
  const direct = checks.filter((check) => check.kind === 'endpoint');
  const directOptions = direct.reduce((sum, { type }) => sum + (type === 'https' ? 2 : 1), 0);
  return [
    { part: 'health checks: oracles', quantity: oracle.length, price: 'healthCheck' },
    { part: 'health checks: oracles, HTTPS and 10 s', quantity: 2 * oracle.length, price: 'healthCheckOption' },
    { part: 'health checks: calculated', quantity: calculated.length, price: 'healthCheck' },
    ...memoryQuantities(deployment),
    { part: 'health checks: sites, as if outside AWS', quantity: direct.length, price: 'foreignHealthCheck' },
    { part: 'health checks: sites, options', quantity: directOptions, price: 'foreignHealthCheckOption' },
  ];
}

/** What DNS remembers by; nothing where it remembers nothing. A check of an alarm has no options. */
function memoryQuantities(deployment: Deployment): readonly Quantity[] {
  const quantity = deployment.controlRegions.length * memoryAlarms(deployment).length;
  if (quantity === 0) return [];
  return [
    { part: 'memory of DNS: health checks', quantity, price: 'healthCheck' },
    { part: 'memory of DNS: metrics', quantity, price: 'customMetric' },
    { part: 'memory of DNS: alarms', quantity, price: 'alarmMetric' },
  ];
}

/** What the hourly checkup costs; nothing where it is switched off. Its alarm is counted with the others. */
function doctorQuantities(deployment: Deployment, { checkups, checkupReadUnits }: Workload): readonly Quantity[] {
  if (checkups === 0) return [];
  const gb = functionPlanOf(deployment, 'doctor').memoryMb / mbPerGb;
  const alarmReads = memoryAlarms(deployment).length === 0 ? 0 : checkups * deployment.controlRegions.length;
  return [
    { part: 'hourly check: time', quantity: checkups * checkupSeconds(deployment) * gb, price: 'lambdaGbSecond' },
    { part: 'hourly check: requests', quantity: checkups, price: 'lambdaRequest' },
    { part: 'hourly check: metric', quantity: doctorRegionsOf(deployment).length, price: 'customMetric' },
    { part: 'hourly check: state tables read', quantity: checkupReadUnits, price: 'tableRead' },
    { part: 'hourly check: alarms read', quantity: alarmReads, price: 'apiRequest' },
    {
      part: 'hourly check: logs',
      quantity: (checkups * (platformLogBytes + checkupLogBytes)) / bytesPerGb,
      price: 'logGb',
    },
  ];
}

/** What telemetry costs by the minute; a trace of a run costs nothing worth counting. Nothing where none is sent. */
function telemetryQuantities(deployment: Deployment): readonly Quantity[] {
  if (deployment.telemetry?.otlp?.signals.includes('metrics') !== true) return [];
  const reports = (deployment.controlRegions.length * monthSeconds) / reportSeconds;
  const gb = functionPlanOf(deployment, 'notify').memoryMb / mbPerGb;
  const sites = Object.values(deployment.services).reduce((sum, service) => sum + Object.keys(service.sites).length, 0);
  return [
    { part: 'telemetry: time', quantity: reports * exportSeconds * gb, price: 'lambdaGbSecond' },
    { part: 'telemetry: requests', quantity: reports, price: 'lambdaRequest' },
    { part: 'telemetry: logs', quantity: (reports * platformLogBytes) / bytesPerGb, price: 'logGb' },
    {
      part: 'telemetry: transfer to the internet',
      quantity: (reports * sites * reportBytesPerSite) / bytesPerGb,
      price: 'internetTransferGb',
    },
  ];
}

function watchingQuantities(deployment: Deployment, work: Workload): readonly Quantity[] {
  const regions = deployment.controlRegions.length;
  const services = Object.keys(deployment.services);
  const ofServices = services.flatMap((name) => serviceAlarms(deployment, name));
  const alarms = deployment.controlRegions.flatMap((region) => [
    ...deploymentAlarms(deployment, region),
    ...ofServices,
  ]);
  const alarmMetrics = alarms.reduce((sum, { metrics }) => sum + metrics.length, 0);
  const pulses = (regions * services.length * monthSeconds) / 60;
  const watcherBytes = work.watcherStarts * (platformLogBytes + watcherLogBytes) + pulses * pulseLogBytes;
  const raisedHours = regions * services.length * raisedHoursPerService;
  return [
    { part: 'alarms', quantity: alarmMetrics, price: 'alarmMetric' },
    { part: 'alarms: composite', quantity: regions * services.length, price: 'compositeAlarm' },
    { part: 'alarms: metrics while raised', quantity: raisedHours / (monthSeconds / 3_600), price: 'customMetric' },
    { part: 'dashboard', quantity: 1, price: 'dashboard' },
    { part: 'logs: watchers', quantity: watcherBytes / bytesPerGb, price: 'logGb' },
    { part: 'logs: actuators', quantity: (work.driftLooks * platformLogBytes) / bytesPerGb, price: 'logGb' },
    { part: 'logs: surveys', quantity: (work.surveys * platformLogBytes) / bytesPerGb, price: 'logGb' },
  ];
}
