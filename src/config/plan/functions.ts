import { unhurriedTimes } from '../../core/checkup/checkup-times.ts';
import { kindOf } from '../../core/kinds/kinds.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { tickMsOf, watcherTimeLimitMs } from '../../core/timing.ts';
import { surveyAgeMsMax } from '../../core/watcher/surveys/survey.ts';
import { endpointsConcurrency, oracleConcurrency } from './clients-load.ts';
import { functionsOf, surveyedSites } from './function-set.ts';
import { type FunctionKind, functionName, metricNamespace } from './names.ts';

/** How a function is deployed. */
export interface FunctionPlan {
  readonly kind: FunctionKind;
  readonly name: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Most invocations at once; Lambda throttles more. Null: only the account's own limit holds. */
  readonly concurrencyMax: number | null;
  /** Repetitions of an asynchronous invocation that failed. */
  readonly retriesMax: number;
  /** Age at which an asynchronous event that still waits is dropped, in seconds. */
  readonly eventAgeSecondsMax: number;
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Whether Lambda's own log lines about each invocation are switched off, because checkers and clients ask a hundred
   * times a minute.
   */
  readonly isPlatformQuiet: boolean;
}

/**
 * Most memory that a watcher was seen to use, in MiB: without sites, and more for each probe. Source: `npm run
 * bench:watcher`, whose table is docs/help/watcher-size.md.
 */
const usedMb = { base: 95, perProbe: 2 };
/** What a watcher has beside that, in MiB: for Lambda's own part of the process, and for an hour that is worse. */
const spareMb = 60;
/** Largest function that Lambda offers, in MiB. Source: Lambda Developer Guide, "Configure Lambda function memory". */
const memoryMbMax = 10_240;
/**
 * Memory in MiB for which Lambda gives one processor. Source: Lambda Developer Guide, "Configure Lambda function
 * memory".
 */
export const memoryMbPerProcessor = 1_769;
/**
 * Processor time of one probe and of the rest of a tick, in seconds. It is higher than what `npm run bench` measures
 * (23 ms for a tick of twenty probes without TLS), because TLS handshakes and a slower processor need more.
 */
const processorSecondsPerProbe = 0.003;
const processorSecondsPerTick = 0.015;
/**
 * Largest part of its processor that a watcher should use, 0 to 1. The rest is for garbage collection and slow answers.
 */
const utilizationMax = 0.5;
/** Step in which memory is given out, in MiB. Source: our own; Lambda takes any whole number. */
const memoryMbStep = 32;
/**
 * Memory of actuators and notifier in MiB. They are paid by use. A quarter of a processor starts the SDK in well under
 * a second; half the memory would make a cold start twice as long at the same price.
 */
const memoryMbDefault = 512;
/** The share of what is asked over HTTP: an oracle must start within the two seconds that Route 53 waits. */
const oracleMemoryMb = 256;

/**
 * Three generations overlap in a healthy region (a life of 150 s, one start a minute), twice as many when each schedule
 * event is delivered twice. The rest is room for a late one.
 */
const watcherConcurrencyMax = 10;
/** The age beyond which a survey is ignored, so a slower answer is useless. Source: `surveyAgeMsMax`. */
const surveyTimeoutSeconds = surveyAgeMsMax / 1_000;
/**
 * Surveys of one site at once: by the watcher of the region and by the one that warms up beside it or, while that
 * region is silent, by those of all the others.
 */
const surveysPerSite = ({ controlRegions }: Deployment): number => Math.max(2, controlRegions.length - 1);
/** Messages at once; more wait in Lambda's own queue. */
const noticesMax = 2;
/** What the hourly checkup takes besides its patience: a cold start, and reports that come late. Source: our own. */
const doctorReserveMs = 10_000;
/** Requests to a collector at once, besides: one that hangs must keep no message waiting. */
const exportsMax = 2;
/** Route 53 takes five requests a second from an account. Source: Route 53 Developer Guide, "Quotas". */
const dnsConcurrencyMax = 5;
/** Repetitions of a failed notification: a late message is better than a lost one. Two is Lambda's maximum. */
const notifyRetriesMax = 2;
const notifyEventAgeSecondsMax = 600;
/** The next schedule event comes a minute later, so an older one must not start a watcher. */
const eventAgeSecondsMax = 60;

/**
 * Memory of the watcher, which fixes its share of a processor: enough for what it uses with some to spare, and for the
 * probes and ticks of a second at half load, in steps; or what the user says.
 */
export function watcherMemoryMb(deployment: Deployment): number {
  if (deployment.watcher.memoryMb !== undefined) return deployment.watcher.memoryMb;
  const probesPerTick = probesOf(deployment);
  const neededMb = Math.max(
    usedMb.base + probesPerTick * usedMb.perProbe + spareMb,
    (watcherProcessors(deployment) / utilizationMax) * memoryMbPerProcessor,
  );
  return Math.min(memoryMbMax, Math.ceil(neededMb / memoryMbStep) * memoryMbStep);
}

/** Processors that a watcher keeps busy by its probes and ticks. It can use one: more memory gives it no more. */
export function watcherProcessors(deployment: Deployment): number {
  const ticksPerSecond = 1_000 / tickMsOf(Object.values(deployment.services));
  return ticksPerSecond * (processorSecondsPerTick + probesOf(deployment) * processorSecondsPerProbe);
}

function probesOf({ services }: Deployment): number {
  return Object.values(services).flatMap(({ sites }) => Object.values(sites).flatMap(({ probes }) => probes)).length;
}

/** The functions of a control region, as they are to be deployed; the notifier's TOPIC_ARN is added by the stack. */
export function functionPlansOf(deployment: Deployment, region: string): readonly FunctionPlan[] {
  return functionsOf(deployment, region).map((kind) => functionPlanOf(deployment, kind));
}

/** How a function of this kind is deployed. */
export function functionPlanOf(deployment: Deployment, kind: FunctionKind): FunctionPlan {
  return {
    kind,
    name: functionName(deployment.name, kind),
    retriesMax: kind === 'notify' ? notifyRetriesMax : 0,
    eventAgeSecondsMax: kind === 'notify' ? notifyEventAgeSecondsMax : eventAgeSecondsMax,
    environment: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      POWERTOOLS_SERVICE_NAME: deployment.name,
      POWERTOOLS_METRICS_NAMESPACE: metricNamespace,
      POWERTOOLS_LOG_LEVEL: 'INFO',
    },
    isPlatformQuiet: kind === 'oracle' || kind === 'endpoints',
    ...sizeOf(deployment, kind),
  };
}

function sizeOf(
  deployment: Deployment,
  kind: FunctionKind,
): Pick<FunctionPlan, 'memoryMb' | 'timeoutSeconds' | 'concurrencyMax'> {
  switch (kind) {
    case 'watcher':
      return {
        memoryMb: watcherMemoryMb(deployment),
        timeoutSeconds: watcherTimeLimitMs / 1_000,
        concurrencyMax: watcherConcurrencyMax,
      };
    case 'oracle':
      return { memoryMb: oracleMemoryMb, timeoutSeconds: 3, concurrencyMax: oracleConcurrency(deployment) };
    case 'endpoints':
      return { memoryMb: oracleMemoryMb, timeoutSeconds: 3, concurrencyMax: endpointsConcurrency(deployment) };
    case 'notify':
      return {
        memoryMb: memoryMbDefault,
        timeoutSeconds: 30,
        concurrencyMax: noticesMax + (deployment.telemetry?.otlp === undefined ? 0 : exportsMax),
      };
    case 'doctor':
      return {
        memoryMb: memoryMbDefault,
        timeoutSeconds: Math.ceil((unhurriedTimes(deployment).patienceMs + doctorReserveMs) / 1_000),
        concurrencyMax: null,
      };
    case 'deploy':
      // It waits for ten minutes before it gives up by itself, and two more for what then follows.
      return { memoryMb: memoryMbDefault, timeoutSeconds: 780, concurrencyMax: null };
    case 'survey':
      return {
        memoryMb: memoryMbDefault,
        timeoutSeconds: surveyTimeoutSeconds,
        concurrencyMax:
          surveysPerSite(deployment) * Math.max(1, ...deployment.controlRegions.map((at) => surveyed(deployment, at))),
      };
    default: {
      const users = Object.values(deployment.services).filter((service) =>
        deployment.controlRegions.some((region) => kindOf(kind).isIn(service, region)),
      );
      // Every watcher may give an order for each service at the same time: one carries out a run while others still
      // check for drift.
      const wanted = deployment.controlRegions.length * users.length;
      return {
        memoryMb: memoryMbDefault,
        timeoutSeconds: Math.ceil(Math.max(...users.map(({ failover }) => failover.stepTimeoutMs)) / 1_000),
        concurrencyMax: kind === 'dns' ? Math.min(dnsConcurrencyMax, wanted) : wanted,
      };
    }
  }
}

/** Sites that the survey function of a region is asked about. */
function surveyed(deployment: Deployment, region: string): number {
  return Object.values(deployment.services).reduce((sum, service) => sum + surveyedSites(service, region).length, 0);
}
