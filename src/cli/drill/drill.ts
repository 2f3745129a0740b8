import { systemClock } from '../../adapters/system/clock.ts';
import { systemRng } from '../../adapters/system/rng.ts';
import { FailoverError } from '../../core/errors.ts';
import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import type { NamedService } from '../../core/model/service.ts';
import type { Register } from '../../core/register/register.ts';
import { recoveryBound } from '../../core/timing.ts';
import type { DrillPhases, DrillResult, FirstAnswer } from '../../dashboard/drill-result.ts';
import type { LabEvent } from '../../dashboard/lab-event.ts';
import type { Injection } from '../lab/faults.ts';
import { Lab } from '../lab/lab.ts';
import { labTiming } from '../lab/timing-profile.ts';
import { DrillClient } from './client.ts';
import type { DrillDetection } from './drill-deployment.ts';
import { type DrillObserver, DrillRecord } from './drill-record.ts';
import { compare, expectationOf } from './expectation.ts';
import { type Outage, readOutage } from './outage.ts';
import { readRest, refuseRest } from './rest.ts';
import type { Strike } from './strike.ts';

/** How long the client must be well served before the fault. */
const warmUpMs = 1_000;
/** How long the client may take to be well served, on a busy machine. */
const warmUpMsMax = 30_000;
/** How long the client must be well served by another site before traffic counts as back. */
const backForMs = 1_000;
/** How long after the bound the drill gives up. */
const patienceMs = 5_000;
/** How long the drill waits, with traffic back, for the run's last steps. */
const runEndMs = 3_000;
const pollMs = 20;

/** One drill: what it breaks, and who hears of it. */
export interface DrillOptions {
  /** The user's own; null drills the built-in deployment. */
  readonly deployment: Deployment | null;
  /** The service that is drilled; absent is the first. */
  readonly service?: string;
  /** How the built-in deployment checks its sites. */
  readonly detection?: DrillDetection;
  readonly strike: Strike;
  /** Ends the drill early; everything is stopped all the same. */
  readonly signal: AbortSignal;
  readonly observer?: DrillObserver;
}

/** What a drill finds out; how to repeat it, only whoever asked for it knows. */
export type DrillFindings = Omit<DrillResult, 'repeat'>;

/**
 * Carries out one drill, from the start of every process to the end of every process.
 *
 * @throws {FailoverError} USAGE when the fault cannot be done to this deployment or its sites are not well, FAULT when
 *   the lab does not work or the site does not fail; the signal's reason when aborted
 */
export async function runDrill(options: DrillOptions): Promise<DrillFindings> {
  const { deployment, detection, strike, signal, observer } = options;
  const firstAnswers = deployment === null ? [] : await findRest(deployment, options);
  const startedMs = systemClock.monotonicMs();
  const record = new DrillRecord(observer);
  const lab = await Lab.start({ deployment, ...(detection && { detection }), onEvent: (event) => record.hear(event) });
  try {
    observer?.onStart(lab);
    const service = drilledService(lab.deployment, options);
    await record.steady.wait(lab, signal);
    observer?.onSteady(lab, service, systemClock.monotonicMs() - startedMs);
    const findings = await drillSteadyLab(lab, service, record, options);
    return { ...findings, firstAnswers, mending: await strike.mend() };
  } finally {
    try {
      await lab.stop();
    } finally {
      await strike.mend();
    }
  }
}

async function findRest(deployment: Deployment, options: DrillOptions): Promise<readonly FirstAnswer[]> {
  options.strike.refuse(deployment);
  const service = drilledService(deployment, options);
  const rest = await readRest(deployment, service);
  options.signal.throwIfAborted();
  options.observer?.onRest(service, rest.answers);
  refuseRest(service, rest);
  return rest.answers;
}

function drilledService({ services }: Deployment, { service }: Pick<DrillOptions, 'service'>): string {
  return service ?? Object.keys(services)[0] ?? '';
}

async function drillSteadyLab(
  lab: Lab,
  service: string,
  record: DrillRecord,
  { strike, signal }: DrillOptions,
): Promise<Omit<DrillFindings, 'firstAnswers' | 'mending'>> {
  const before = await lab.readRegister(service);
  const named = serviceOf(lab.deployment, service);
  const boundMs = recoveryBound(uncached(named), labTiming).totalMs;
  const client = new DrillClient(lab, service, (answer) => record.note(answer));
  const asking = client.run();
  try {
    await warmUp(record, service, signal);
    // Anywhere between two ticks, as faults come.
    if (strike.isTimed) await systemClock.sleep(systemRng.next() * named.detection.intervalMs, signal);
    const injection = await strike.begin({ lab, service, record, signal });
    record.begin(injection);
    const expectation = expectationOf(strike.fault, lab.members.sites.has(injection.active));
    const patience = { boundMs, isMoveExpected: expectation !== 'stays' };
    await waitForEnd(record, injection.active, patience, signal);
    client.stop();
    await asking;

    const after = await lab.readRegister(service);
    const outage = readOutage(record.answers(), injection.active);
    const isMoved = after !== null && after.epoch > (before?.epoch ?? 0);
    const course = { from: injection.active, to: after?.active ?? injection.active, boundMs };
    return {
      fault: strike.fault,
      faultDetail: injection.detail,
      stopCommand: strike.command,
      expectation,
      ...compare(expectation, outage, course),
      service,
      record: named.traffic.dns?.record ?? '',
      sites: Object.keys(named.sites),
      controlRegions: lab.deployment.controlRegions,
      ...course,
      startedAt: new Date(record.startedAtMs).toISOString(),
      faultAt: new Date(injection.atMs).toISOString(),
      recoveryMs: roundMs(outage.recoveryMs),
      awsBoundMs: recoveryBound(named).totalMs,
      checkIntervalMs: labTiming.checkIntervalMs,
      ttlSeconds: named.traffic.dns?.ttlSeconds ?? 0,
      requests: outage.requests,
      lostRequests: outage.lostRequests,
      phases: phasesOf(record, injection, isMoved ? after : null, outage),
      events: record.events(),
      answers: record.answers(),
    };
  } finally {
    client.stop();
    await asking;
  }
}

/** As the drill's client meets the service: it asks the name server itself, each time. */
function uncached(service: NamedService): NamedService {
  const { dns, ...others } = service.traffic;
  return dns === undefined ? service : { ...service, traffic: { ...others, dns: { ...dns, ttlSeconds: 0 } } };
}

async function warmUp(record: DrillRecord, service: string, signal: AbortSignal): Promise<void> {
  const startMs = systemClock.monotonicMs();
  while (record.goodForMs() < warmUpMs) {
    if (systemClock.monotonicMs() - startMs > warmUpMsMax) {
      const why = record.lastReason() ?? 'no answer';
      throw new FailoverError('FAULT', `a client of ${service} is not served well before the drill: ${why}`);
    }
    await systemClock.sleep(pollMs, signal);
  }
}

/** Waits until traffic has been back for long enough, or stayed for long enough, or nothing more is to be hoped for. */
async function waitForEnd(
  record: DrillRecord,
  from: string,
  { boundMs, isMoveExpected }: { readonly boundMs: number; readonly isMoveExpected: boolean },
  signal: AbortSignal,
): Promise<void> {
  const startMs = systemClock.monotonicMs();
  const passedMs = () => systemClock.monotonicMs() - startMs;
  if (!isMoveExpected) {
    await systemClock.sleep(boundMs, signal);
    return;
  }
  while (passedMs() < boundMs + patienceMs) {
    await systemClock.sleep(pollMs, signal);
    const { goodForMs } = readOutage(record.answers(), from);
    if (goodForMs >= backForMs && (record.hasRunEnded() || goodForMs >= backForMs + runEndMs)) return;
  }
}

function phasesOf(record: DrillRecord, injection: Injection, moved: Register | null, outage: Outage): DrillPhases {
  const since = (atMs: number | null | undefined) => ((atMs ?? null) === null ? null : Number(atMs) - injection.atMs);
  const find = (kind: LabEvent['kind'], isIt: (event: LabEvent) => boolean = () => true) =>
    record.events().find((event) => event.kind === kind && event.atMs >= 0 && isIt(event))?.atMs ?? null;
  const times = moved?.run?.times;
  return {
    fault: 0,
    detected: since(times?.detectedMs),
    decided: moved === null ? null : (find('run-started') ?? since(times?.decidedMs)),
    shifted: moved === null ? null : find('answer-changed', ({ site }) => site === moved.active),
    answered: moved === null ? null : roundMs(outage.movedMs),
    verified: since(times?.verifiedMs),
  };
}

function roundMs(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}
