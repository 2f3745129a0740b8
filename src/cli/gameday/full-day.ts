import { systemClock } from '../../adapters/system/clock.ts';
import { FailoverError } from '../../core/errors.ts';
import type { FaultReport } from '../../core/operator/gameday/report.ts';
import type { Register } from '../../core/register/register.ts';
import { requestMsMax } from '../drill/client.ts';
import type { DrillObserver } from '../drill/drill-record.ts';
import { DrillRecord } from '../drill/drill-record.ts';
import type { FirstFailure } from '../drill/first-failure.ts';
import { readOutage } from '../drill/outage.ts';
import { duration } from '../show/layout.ts';
import type { AbortAlarms } from './abort-alarms.ts';
import { CourseObserver } from './course-observer.ts';
import type { FaultEnd, FaultSource } from './fault-source.ts';
import type { Ground } from './ground.ts';
import { comeHome } from './homecoming.ts';
import { OutsideClient } from './outside-client.ts';
import type { Preparation } from './preparation.ts';
import { readRegister, resolveName } from './rehearsal.ts';

/** The move is waited for this many times the documented bound: whatever comes later is no longer measured. */
export const deadlineFactor = 2;
/** How long traffic must be well served by another site before it counts as back. */
const backForMs = 1_000;
/** How long the run's last steps are waited for with traffic back. */
const runEndMs = 5_000;
/** Time for the first look at the tables. */
const firstLookMsMax = 30_000;
/** How long all is watched at rest before the fault. */
const restMs = 1_000;
const pollMs = 20;
/** Pause between two questions to FIS and CloudWatch; the alarms themselves are read less often. */
const guardMs = 2_000;

/** All that a full game day is given. */
export interface FullDay {
  readonly ground: Ground;
  readonly prepared: Preparation;
  readonly fault: FaultSource;
  readonly alarms: AbortAlarms;
  /** How long the site may take to fail. */
  readonly waitMs: number;
  readonly isReturning: boolean;
  readonly by: string;
  readonly signal: AbortSignal;
  /** Tells a person what is done now. */
  readonly tell: (line: string) => void;
  readonly observer?: DrillObserver;
}

/** What a register and a name were before, and are in the end. */
export interface Ends {
  readonly register: Register | null;
  readonly answers: readonly string[] | null;
}

/** What came of it, as it was seen. */
export interface FullCourse {
  readonly record: DrillRecord;
  /** When the site began to fail; null when it did not. */
  readonly failure: FirstFailure | null;
  /** The register once traffic had moved; null when it did not move. */
  readonly moved: Register | null;
  /** Why nothing was measured from outside; null when it was. */
  readonly unmeasured: string | null;
  readonly fault: FaultReport;
  readonly before: Ends;
  readonly after: Ends;
  /** Why it is not back at its site; null when it is, or was not to go back. */
  readonly away: string | null;
}

/**
 * Lets the active site fail, watches the move, ends the fault and moves back.
 *
 * Whatever happens, Ctrl-C too, the fault is ended before this returns or throws.
 *
 * @throws the signal's reason when aborted, with the fault ended
 */
export async function runFullDay(day: FullDay): Promise<FullCourse> {
  const { ground, prepared, alarms, signal } = day;
  const { name } = prepared.service;
  const record = new DrillRecord(day.observer);
  const observer = new CourseObserver(ground, name, record);
  const watching = observer.run();
  try {
    const before = await readEnds(ground, name, signal);
    const client = await OutsideClient.start(ground, prepared.service, record, signal);
    const struck = await strike(day, record, observer, client);
    const away = day.isReturning ? await goHome(day, observer) : null;
    const { failure, moved, abortedBy, end } = struck;
    return {
      record,
      failure,
      moved,
      unmeasured: typeof client === 'string' ? client : null,
      fault: {
        kind: day.fault.kind,
        what: struck.what,
        abortedBy,
        end: end?.end ?? null,
        isOver: end?.isOver ?? true,
        alarms: alarms.worst(),
      },
      before,
      after: await readEnds(ground, name, signal),
      away,
    };
  } finally {
    observer.stop();
    await watching;
  }
}

/** Why the service is not back; null when it is. Whoever interrupts hears where it is then. */
async function goHome(day: FullDay, observer: CourseObserver): Promise<string | null> {
  const { ground, prepared, alarms, by, signal, tell } = day;
  const [service, home] = [prepared.service.name, prepared.register.active];
  try {
    return await comeHome({ ground, service, home, by, observer, alarms, signal, tell });
  } catch (error) {
    if (signal.aborted) tell(whereItIs(day, observer));
    throw error;
  }
}

async function readEnds(ground: Ground, service: string, signal: AbortSignal): Promise<Ends> {
  return { register: await readRegister(ground, service, signal), answers: await resolveName(ground, service) };
}

interface Struck extends Pick<FullCourse, 'failure' | 'moved'> {
  readonly what: string;
  readonly abortedBy: string | null;
  readonly end: FaultEnd | null;
}

/** From the fault to its end. */
async function strike(
  day: FullDay,
  record: DrillRecord,
  observer: CourseObserver,
  client: OutsideClient | string,
): Promise<Struck> {
  const { fault, tell, signal } = day;
  const what = await fault.describe();
  let seen: Pick<Struck, 'failure' | 'moved' | 'abortedBy'> = { failure: null, moved: null, abortedBy: null };
  let end: FaultEnd | null = null;
  try {
    const isHeard = await waitUntil(signal, firstLookMsMax, () => observer.seen !== null);
    if (isHeard === false) throw new FailoverError('TARGET', 'the watchers cannot be heard from here');
    await systemClock.sleep(restMs, signal);
    tell(`Begins: ${what}`);
    seen = await watchMove(day, record, observer, typeof client === 'string');
    if (seen.abortedBy !== null) tell(`ABORTED: ${seen.abortedBy}. The fault is ended.`);
  } catch (error) {
    if (signal.aborted) tell('Interrupted. The fault is ended first; wait for it.');
    if (signal.aborted || !(error instanceof Error)) throw error;
    seen = { ...seen, abortedBy: error.message };
    tell(`ABORTED: ${error.message}. The fault is ended.`);
  } finally {
    if (typeof client !== 'string') await client.stop();
    end = await fault.end();
    if (end !== null) tell(`Fault: ${end.end}${end.isOver ? '' : ': LOOK AT IT NOW'}`);
    if (signal.aborted) tell(whereItIs(day, observer));
  }
  return { ...seen, what, end };
}

/** The last word to whoever interrupts: nothing is moved back for him. */
function whereItIs({ prepared }: FullDay, { seen }: CourseObserver): string {
  const { service, register } = prepared;
  const active = seen?.status.active ?? 'not known';
  const back = `cdk-failover switchover ${service.name} --to ${register.active}`;
  return active === register.active
    ? `${service.name}: ${active} is active. Look with "cdk-failover status ${service.name}".`
    : `${service.name}: ${active} is active; move it back with "${back}".`;
}

/** Begins the fault, waits until the site fails, and then until traffic is served by another one. */
async function watchMove(
  day: FullDay,
  record: DrillRecord,
  observer: CourseObserver,
  isUnmeasured: boolean,
): Promise<Pick<Struck, 'failure' | 'moved' | 'abortedBy'>> {
  const { prepared, fault, signal, waitMs } = day;
  const { service, register } = prepared;
  const guard = new Guard(day);
  const sinceMs = systemClock.wallMs();
  await fault.begin(signal);
  let failure: FirstFailure | null = null;
  const requestMs = requestMsMax(service);
  const failed = await waitUntil(
    signal,
    waitMs,
    () => {
      failure = record.findFirstFailure(register.active, sinceMs, requestMs);
      return failure !== null;
    },
    guard,
  );
  const found = failure as FirstFailure | null;
  if (found === null) {
    const late = `${register.active} did not fail within ${duration(waitMs)}`;
    return { failure: null, moved: null, abortedBy: typeof failed === 'string' ? failed : late };
  }
  const detail = `${register.active}: ${found.seen}`;
  record.begin({ atMs: found.atMs, service: service.name, active: register.active, detail });
  const deadlineMs = deadlineFactor * prepared.expected.boundMs - (systemClock.wallMs() - found.atMs);
  const isDone = () => hasMoved(observer, register) && (isUnmeasured ? record.hasRunEnded() : isBack(record, register));
  const ended = await waitUntil(signal, Math.max(0, deadlineMs), isDone, guard);
  const now = observer.seen?.register ?? null;
  return {
    failure: found,
    moved: now !== null && hasMoved(observer, register) ? now : null,
    abortedBy: typeof ended === 'string' ? ended : null,
  };
}

function hasMoved({ seen }: CourseObserver, before: Register): boolean {
  const now = seen?.register ?? null;
  return now !== null && now.epoch > before.epoch && now.active !== before.active;
}

/** Whether clients have been served well elsewhere for long enough. */
function isBack(record: DrillRecord, { active }: Register): boolean {
  const { goodForMs } = readOutage(record.answers(), active);
  return goodForMs >= backForMs && (record.hasRunEnded() || goodForMs >= backForMs + runEndMs);
}

/** Asks now and then whether the fault must end. */
class Guard {
  readonly #day: FullDay;
  #askedMs = Number.NEGATIVE_INFINITY;

  constructor(day: FullDay) {
    this.#day = day;
  }

  async ask(): Promise<string | null> {
    const nowMs = systemClock.monotonicMs();
    if (nowMs - this.#askedMs < guardMs) return null;
    this.#askedMs = nowMs;
    return (await this.#day.alarms.ringing()) ?? (await this.#day.fault.trouble());
  }
}

/**
 * Waits until something is so.
 *
 * @returns true when it is, false when the time is over, and why it was given up where a guard says so
 */
async function waitUntil(
  signal: AbortSignal,
  limitMs: number,
  isSo: () => boolean,
  guard?: Guard,
): Promise<boolean | string> {
  const startMs = systemClock.monotonicMs();
  while (!isSo()) {
    if (systemClock.monotonicMs() - startMs > limitMs) return false;
    const why = (await guard?.ask()) ?? null;
    if (why !== null) return why;
    await systemClock.sleep(pollMs, signal);
  }
  return true;
}
