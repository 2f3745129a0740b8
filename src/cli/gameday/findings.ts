import type { Change, SeenMove } from '../../core/operator/gameday/report.ts';
import type { Register } from '../../core/register/register.ts';
import { awsTiming, recoveryBound } from '../../core/timing.ts';
import type { DrillPhases, DrillResult } from '../../dashboard/drill-result.ts';
import type { GameDayResult } from '../../dashboard/gameday-result.ts';
import { compare } from '../drill/expectation.ts';
import { type Outage, readOutage } from '../drill/outage.ts';
import { duration } from '../show/layout.ts';
import { deadlineFactor, type Ends, type FullCourse, type FullDay } from './full-day.ts';

/** What every manner of a game day adds to its report. */
export type Findings = Pick<
  GameDayResult,
  'isAsExpected' | 'verdict' | 'rehearsal' | 'fault' | 'seen' | 'changes' | 'course'
>;

/** What a full game day has shown: expected against seen, and what is left of it. */
export function findingsOf(day: FullDay, full: FullCourse, repeat: string): Findings {
  const { record, failure, moved, fault } = full;
  const from = day.prepared.register.active;
  const outage = readOutage(record.answers(), from);
  const phases = failure === null ? null : phasesOf(day, full, outage);
  const measured = full.unmeasured === null && failure !== null;
  const seen: SeenMove = {
    to: moved?.active ?? null,
    decidedMs: phases?.decided ?? null,
    recoveryMs: measured ? roundMs(moved === null ? null : outage.recoveryMs) : null,
    requests: measured ? outage.requests : null,
    lostRequests: measured ? outage.lostRequests : null,
    unmeasured: failure === null ? 'the site did not fail' : full.unmeasured,
    lossMs: moved?.run?.times.lossMs ?? null,
  };
  const changes = changesOf(full);
  const wrong = wrongOf(day, full, seen, phases, changes);
  const course = phases === null ? null : courseOf(day, full, { outage, phases, repeat });
  return {
    rehearsal: null,
    fault,
    seen,
    changes,
    course,
    isAsExpected: wrong === null,
    verdict: wrong ?? goodVerdict(day, seen),
  };
}

function goodVerdict({ prepared, isReturning }: FullDay, { to, recoveryMs, decidedMs }: SeenMove): string {
  const { service, register, expected } = prepared;
  const time =
    recoveryMs === null ? `decided after ${duration(decidedMs ?? 0)}` : `good answers after ${duration(recoveryMs)}`;
  const home = isReturning ? `and is back at ${register.active}` : 'and stays there';
  return `${service.name} moved from ${register.active} to ${to}, ${time} (bound ${duration(expected.boundMs)}), ${home}`;
}

/** The first thing that is not as it should be; null when all is. */
function wrongOf(
  { prepared, isReturning }: FullDay,
  { fault, failure, moved, away }: FullCourse,
  { recoveryMs, unmeasured }: SeenMove,
  phases: DrillPhases | null,
  changes: readonly Change[],
): string | null {
  const { service, register, expected } = prepared;
  const { boundMs, to } = expected;
  const lateMs = unmeasured === null ? recoveryMs : (phases?.verified ?? phases?.decided ?? null);
  const left = isReturning ? changes.filter(({ isBack }) => isBack === false) : [];
  const bound = duration(boundMs);
  const found = [
    fault.isOver ? null : `the fault is not over: ${fault.end}`,
    fault.abortedBy === null ? null : `aborted: ${fault.abortedBy}`,
    failure === null ? `${register.active} did not fail` : null,
    moved === null ? `${service.name} did not move within ${deadlineFactor} times the bound of ${bound}` : null,
    moved !== null && to !== null && moved.active !== to ? `it moved to ${moved.active}, and ${to} was expected` : null,
    lateMs === null ? 'traffic was not seen to be back' : null,
    lateMs !== null && lateMs > boundMs ? `good answers after ${duration(lateMs)}, and the bound is ${bound}` : null,
    away === null ? null : `${service.name} is not back at ${register.active}: ${away}`,
    left.length === 0 ? null : `not as before: ${left.map(({ what }) => what).join(', ')}`,
  ];
  return found.find((each) => each !== null) ?? null;
}

/** What the game day touched, before and in the end. */
function changesOf({ fault, before, after }: FullCourse): readonly Change[] {
  const row = (what: string, textOf: (ends: Ends) => string | null): Change => {
    const [was, is] = [textOf(before) ?? 'not known', textOf(after) ?? 'not known'];
    return { what, before: was, after: is, isBack: was === is };
  };
  const held = (what: string, textOf: (register: Register) => string) =>
    row(what, ({ register }) => (register === null ? null : textOf(register)));
  return [
    { what: 'fault', before: 'none', after: fault.end ?? 'never begun', isBack: fault.isOver },
    held('active site', ({ active }) => active),
    held('site that writes', ({ writer }) => writer),
    held('sites that serve', ({ serving }) => serving.join(', ')),
    held('fences owed', ({ owed }) => owed.map(({ site }) => site).join(', ') || 'none'),
    held('sites that are lost', ({ lost }) => lost.join(', ') || 'none'),
    held('moves that block', ({ moves }) => `${moves.filter(({ isAcknowledged }) => !isAcknowledged).length}`),
    row('DNS answer', ({ answers }) => (answers === null ? null : answers.join(', ') || 'no address')),
    { ...held('epoch', ({ epoch }) => `${epoch}`), isBack: null },
  ];
}

/**
 * The phases, by this machine's clock. Those that the register tells are by the watchers' clocks. Where the decision
 * was seen from here sooner than it was made, or long after, the two clocks differ by that much.
 */
function phasesOf({ ground }: FullDay, { record, failure, moved }: FullCourse, outage: Outage): DrillPhases {
  const faultMs = failure?.atMs ?? 0;
  const events = record.events();
  const find = (kind: string, site: string | null = null) =>
    events.find((event) => event.kind === kind && event.atMs >= 0 && (site === null || event.site === site))?.atMs ??
    null;
  const times = moved?.run?.times;
  const seenMs = find('run-started');
  const toldMs = times === undefined ? null : times.decidedMs - faultMs;
  const behindMs = seenMs === null || toldMs === null ? 0 : seenMs - toldMs;
  const skewMs = behindMs >= 0 && behindMs <= 3 * ground.sliceMs + 1_000 ? 0 : behindMs;
  const since = (atMs: number | null | undefined) =>
    atMs === null || atMs === undefined ? null : Math.round(atMs - faultMs + skewMs);
  return {
    fault: 0,
    detected: since(times?.detectedMs),
    decided: moved === null ? null : (since(times?.decidedMs) ?? seenMs),
    shifted: moved === null ? null : find('answer-changed', moved.active),
    answered: moved === null ? null : roundMs(outage.movedMs),
    verified: since(times?.verifiedMs),
  };
}

function courseOf(
  { ground, prepared }: FullDay,
  { record, failure, moved, fault, unmeasured }: FullCourse,
  { outage, phases, repeat }: { readonly outage: Outage; readonly phases: DrillPhases; readonly repeat: string },
): DrillResult {
  const { service, register, expected } = prepared;
  const { boundMs } = expected;
  const course = { from: register.active, to: moved?.active ?? register.active, boundMs };
  return {
    fault: 'command',
    faultDetail: `${fault.what}; ${failure?.seen ?? 'nothing failed'}`,
    stopCommand: fault.kind === 'command' ? fault.what : null,
    mending: null,
    firstAnswers: [],
    repeat,
    expectation: 'back-in-time',
    ...compare('back-in-time', outage, course),
    service: service.name,
    record: service.traffic.dns?.record ?? '',
    sites: Object.keys(service.sites),
    controlRegions: ground.target.deployment.controlRegions,
    ...course,
    startedAt: new Date(record.startedAtMs).toISOString(),
    faultAt: new Date(failure?.atMs ?? record.startedAtMs).toISOString(),
    recoveryMs: unmeasured === null ? roundMs(outage.recoveryMs) : null,
    awsBoundMs: recoveryBound(service, awsTiming).totalMs,
    checkIntervalMs: ground.target.timingProfile.checkIntervalMs,
    ttlSeconds: service.traffic.dns?.ttlSeconds ?? 0,
    requests: outage.requests,
    lostRequests: outage.lostRequests,
    phases,
    events: record.events(),
    answers: record.answers(),
  };
}

function roundMs(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}
