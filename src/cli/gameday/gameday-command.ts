import { systemClock } from '../../adapters/system/clock.ts';
import { FailoverError } from '../../core/errors.ts';
import { unnamedMovers } from '../../core/operator/gameday/blast-radius.ts';
import { type GameDayReport, reportVersion } from '../../core/operator/gameday/report.ts';
import type { GameDayResult } from '../../dashboard/gameday-result.ts';
import { makeFolder } from '../lab/out-folder.ts';
import { confirmChange } from '../operator/confirmation.ts';
import { findPlace } from '../operator/connection.ts';
import { showWhere } from '../operator/location.ts';
import { duration } from '../show/layout.ts';
import { showEvent } from '../show/timeline.ts';
import { withProgress } from '../simulate/progress.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { AbortAlarms } from './abort-alarms.ts';
import { faultSource } from './fault-source.ts';
import { type Findings, findingsOf } from './findings.ts';
import { type FullDay, runFullDay } from './full-day.ts';
import { showGameDay } from './gameday-text.ts';
import type { GameDayFlags } from './gameday-verb.ts';
import { type Regional, readWish, repeatLine, type Wish } from './gameday-wish.ts';
import { type Ground, labGround } from './ground.ts';
import { type Preparation, prepareGameDay } from './preparation.ts';
import { rehearse } from './rehearsal.ts';
import { writeReport } from './report-files.ts';

/**
 * Rehearses a failover: says what would happen, asks the functions, or lets it happen.
 *
 * @returns the exit code: 0 as expected, 1 not
 * @throws {FailoverError} USAGE or NOT_RUNNING for what cannot be asked, TARGET when nothing may be begun
 */
export async function gameDay(asked: string | undefined, flags: GameDayFlags, terminal: Terminal): Promise<number> {
  const wish = readWish(flags);
  const place = await findPlace({ lab: flags.lab, config: flags.config });
  const ground =
    place.kind === 'lab'
      ? labGround(place.lab)
      : await (await import('./aws-ground.ts')).awsGround(place.file, terminal.signal);
  try {
    return await runGameDay(ground, asked, wish, flags, terminal);
  } finally {
    ground.close();
  }
}

/** The same on a ground that has been found. */
export async function runGameDay(
  ground: Ground,
  asked: string | undefined,
  wish: Wish,
  flags: GameDayFlags,
  terminal: Terminal,
): Promise<number> {
  const { target } = ground;
  const { deployment, where } = target;
  const startedAt = nowText();
  refuseOther(deployment.name, flags.deployment);
  if (wish.out !== null) await makeFolder(wish.out);
  const reading = prepareGameDay(target, asked, wish, terminal.signal);
  const prepared = await withProgress(terminal, systemClock, reading, (ms) => `reading what is now, ${duration(ms)}`);
  const service = prepared.service.name;
  const findings = await carryOut(ground, prepared, wish, flags, terminal);
  const result: GameDayResult = {
    version: reportVersion,
    manner: wish.manner,
    deployment: deployment.name,
    where: showWhere(deployment.name, where),
    target: where.kind,
    service,
    record: prepared.service.traffic.dns?.record ?? null,
    by: flags.by ?? terminal.userName,
    startedAt,
    endedAt: nowText(),
    expected: prepared.expected,
    obstacles: prepared.obstacles,
    blastRadius: prepared.hits,
    repeat: repeatLine(service, flags),
    ...findings,
  };
  const files = wish.out === null ? null : await writeReport(wish.out, result);
  if (flags.json) printJson(terminal, result);
  else terminal.out(`${result.where}\n${headOf(result)}\n\n${showGameDay(result, terminal.page)}\n`);
  if (files !== null && !flags.json) terminal.out(`Report: ${files.html}   Data: ${files.json}\n`);
  return result.isAsExpected ? 0 : 1;
}

function carryOut(
  ground: Ground,
  prepared: Preparation,
  wish: Wish,
  flags: GameDayFlags,
  terminal: Terminal,
): Promise<Findings> {
  switch (wish.manner) {
    case 'dry-run':
      return Promise.resolve(dryRun(prepared, wish));
    case 'rehearsal':
      return rehearsal(ground, prepared, terminal);
    case 'full':
      return fullDay(ground, prepared, wish, flags, terminal);
  }
}

/** Nothing is asked of anybody, and nothing is written. */
function dryRun({ service, expected, obstacles, hits }: Preparation, { allowed }: Wish): Findings {
  const { from, to, predicted } = expected;
  const isMoving = service.mode === 'active-active' ? (predicted?.movedCount ?? 0) > 0 : to !== null;
  const isServed = (predicted?.badAtEndPercent ?? 0) === 0;
  const isAsExpected = obstacles.length === 0 && isMoving && isServed;
  const movers = unnamedMovers(hits, allowed);
  const more = movers.length === 0 ? '' : `; ${movers.join(', ')} would move too`;
  const [why = isMoving ? 'clients would still fail in the end' : 'no site could take over'] = obstacles;
  const good =
    to === null ? `the pool would go on without ${from}` : `${service.name} would move from ${from} to ${to}`;
  return { ...nothingDone, isAsExpected, verdict: `${isAsExpected ? good : why}${more}` };
}

/** What is so where nothing was done. */
const nothingDone = { rehearsal: null, fault: null, seen: null, changes: [], course: null } as const;

async function rehearsal(ground: Ground, prepared: Preparation, terminal: Terminal): Promise<Findings> {
  const { service, expected } = prepared;
  refusePool(prepared);
  const { to } = expected;
  if (to === null)
    throw new FailoverError('TARGET', `${service.name}: no site could take over, so nobody can be asked`);
  const asking = rehearse(ground, prepared, to, terminal.signal);
  const { report, unchanged } = await withProgress(
    terminal,
    systemClock,
    asking,
    (ms) => `asking the functions, ${duration(ms)}`,
  );
  const failing = report.steps.filter(({ outcome }) => outcome === 'fails');
  const isRegisterKnown = !unchanged.unknown.some(({ what }) => what === 'register');
  const [firstFailing] = failing;
  const faults = [
    firstFailing === undefined ? null : `${firstFailing.step} could not be done: ${firstFailing.detail}`,
    report.standby.outcome === 'fail' ? `${to} does not answer well: ${report.standby.saw}` : null,
    unchanged.differing.length > 0
      ? `the active side changed meanwhile: ${unchanged.differing.map(({ what }) => what).join(', ')}`
      : null,
    isRegisterKnown ? null : 'the register could not be read again, so nothing is proven',
  ].filter((each) => each !== null);
  const [fault = null] = faults;
  return {
    ...nothingDone,
    rehearsal: report,
    isAsExpected: fault === null,
    verdict: fault ?? `every function could do its step to ${to}, and the active side is unchanged`,
  };
}

async function fullDay(
  ground: Ground,
  prepared: Preparation,
  wish: Wish,
  flags: GameDayFlags,
  terminal: Terminal,
): Promise<Findings> {
  const { service, register } = prepared;
  const { target, aws } = ground;
  refusePool(prepared);
  refuseBegin(prepared, wish);
  const region = service.sites[register.active]?.region ?? null;
  const placed = ({ region: own, name }: Regional) => ({ region: own ?? region ?? noRegion(name), name });
  const alarms = new AbortAlarms(aws?.alarms(wish.alarms.map(placed)) ?? null, wish.alarms.map(placed));
  if (aws === null && wish.alarms.length > 0) throw usage('a lab has no alarms: leave out --abort-alarm');
  if (wish.fault === null) throw usage('--full needs a fault');
  const template = wish.fault.kind === 'fis' ? placed(wish.fault.template) : null;
  const experiments = template === null ? null : (aws?.experiments(template.region) ?? null);
  const fault = faultSource(wish.fault, experiments, wish.out ?? '.');
  await alarms.refuse();
  const what = await fault.describe();
  const where = showWhere(target.deployment.name, target.where);
  terminal.err(`${where}\nGame day of ${service.name}: ${register.active} will really fail, by ${what}\n`);
  await confirmChange(target, { deployment: flags.deployment, isConfirmed: flags.yes ?? false }, terminal);
  const day: FullDay = {
    ground,
    prepared,
    fault,
    alarms,
    waitMs: wish.waitMs,
    isReturning: wish.isReturning,
    by: flags.by ?? terminal.userName,
    signal: terminal.signal,
    // A person has to read it, whoever reads the result.
    tell: (line) => (flags.json ? terminal.err : terminal.out)(`${line}\n`),
    observer: {
      onRest: () => {},
      onStart: () => {},
      onSteady: () => {},
      onEvent: (event) => {
        const line = flags.json ? null : showEvent(event, event.atMs);
        if (line !== null) terminal.out(`${line}\n`);
      },
    },
  };
  return findingsOf(day, await runFullDay(day), repeatLine(service.name, flags));
}

/** @throws {FailoverError} TARGET while something would hold the failover back, or others would move unasked */
function refuseBegin({ service, expected, obstacles, hits }: Preparation, { allowed }: Wish): void {
  const [obstacle] = obstacles;
  const why = obstacle ?? (expected.to === null ? 'no site could take over' : null);
  if (why !== null) throw new FailoverError('TARGET', `nothing was begun: ${service.name} would not move: ${why}`);
  const movers = unnamedMovers(hits, allowed);
  if (movers.length === 0) return;
  const flags = movers.map((name) => `--with ${name}`).join(' ');
  throw new FailoverError('TARGET', `nothing was begun: ${movers.join(', ')} may move too; say ${flags} if they may`);
}

function noRegion(name: string): never {
  throw usage(`the active site is in no region of AWS: write REGION/${name}`);
}

function usage(message: string): FailoverError {
  return new FailoverError('USAGE', message);
}

/** @throws {FailoverError} USAGE for a pool, which has no single site that takes over */
function refusePool({ service }: Pick<Preparation, 'service'>): void {
  if (service.mode === 'active-passive') return;
  throw new FailoverError(
    'USAGE',
    `${service.name} is a pool: leave out --rehearse and --full, which are for one site`,
  );
}

function refuseOther(name: string, meant: string | undefined): void {
  if (meant === undefined || meant === name) return;
  throw new FailoverError('TARGET', `--deployment says ${meant}, and this is ${name}; nothing was done`);
}

function headOf({ manner, service }: GameDayReport): string {
  switch (manner) {
    case 'dry-run':
      return `Dry run of ${service}: nothing is written.`;
    case 'rehearsal':
      return `Rehearsal of ${service}: functions look, nothing is written.`;
    case 'full':
      return `Game day of ${service}.`;
  }
}

function nowText(): string {
  return new Date(systemClock.wallMs()).toISOString();
}
