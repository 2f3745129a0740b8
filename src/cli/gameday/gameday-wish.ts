import { durationMs } from '../../config/schema/duration.ts';
import { FailoverError } from '../../core/errors.ts';
import type { GameDayManner } from '../../core/operator/gameday/report.ts';
import { seedsDefault } from '../operator/predictions.ts';
import { shellWord } from '../words.ts';
import type { GameDayFlags } from './gameday-verb.ts';

/** A thing of AWS by its name, in a region; null is the region of the site that is lost. */
export interface Regional {
  readonly region: string | null;
  readonly name: string;
}

/** How the active site is made to fail, and how that is ended. */
export type FaultWish =
  | { readonly kind: 'fis'; readonly template: Regional; readonly startCommand: string | null }
  | { readonly kind: 'command'; readonly stopCommand: string; readonly startCommand: string };

/** What is asked of a game day. */
export interface Wish {
  readonly manner: GameDayManner;
  readonly hits: 'site' | 'region';
  /** Simulated losses, each at another instant. */
  readonly seeds: number;
  readonly site: string | null;
  /** Other services that may move. */
  readonly allowed: readonly string[];
  /** Null unless it is full. */
  readonly fault: FaultWish | null;
  readonly alarms: readonly Regional[];
  readonly waitMs: number;
  readonly isReturning: boolean;
  /** Folder for the report; null: none is written. */
  readonly out: string | null;
}

/** Time for a command's effect to be seen. */
const commandWait = '1m';
/** FIS resolves its targets first, and its actions take their time. */
const experimentWait = '5m';

/**
 * What the flags of a game day ask for.
 *
 * @throws {FailoverError} USAGE with one line for flags that do not fit together
 */
export function readWish(flags: GameDayFlags): Wish {
  const { rehearse, full, fisTemplate, abortAlarm = [], out, site = null, stay = false } = flags;
  if (rehearse && full) throw usage('--rehearse writes nothing and --full does: give one of them');
  if (!full) refuseWithoutFull(flags);
  const waitText = flags.wait ?? (fisTemplate === undefined ? commandWait : experimentWait);
  const waitMs = durationMs(waitText);
  if (!(waitMs > 0)) throw usage(`--wait ${waitText}: give a duration such as 30s, 5m or 1h`);
  return {
    manner: full ? 'full' : rehearse ? 'rehearsal' : 'dry-run',
    hits: flags.hits ?? (fisTemplate === undefined ? 'site' : 'region'),
    seeds: flags.seeds ?? seedsDefault,
    site,
    allowed: flags.with ?? [],
    fault: full ? faultOf(flags) : null,
    alarms: abortAlarm.map((text) => regional('--abort-alarm', text)),
    waitMs,
    isReturning: !stay,
    out: out ?? (full ? 'out' : null),
  };
}

function faultOf({ fisTemplate, stopCommand, startCommand }: GameDayFlags): FaultWish {
  refuseBlank({ '--stop-command': stopCommand, '--start-command': startCommand });
  if (fisTemplate !== undefined && stopCommand !== undefined) {
    throw usage('--fis-template and --stop-command are two faults: give one of them');
  }
  if (fisTemplate !== undefined) {
    return { kind: 'fis', template: regional('--fis-template', fisTemplate), startCommand: startCommand ?? null };
  }
  if (stopCommand === undefined) throw usage('--full needs a fault: --fis-template ID, or --stop-command COMMAND');
  if (startCommand === undefined) {
    throw usage('--stop-command needs a --start-command: a game day ends what it began, whatever happens');
  }
  return { kind: 'command', stopCommand, startCommand };
}

/** `NAME`, or `REGION/NAME`; a name with a slash in it needs its region before it. */
function regional(flag: string, text: string): Regional {
  const [, region = null, name = ''] = /^(?:([a-z]{2,4}(?:-[a-z]+)+-\d+)\/)?(.+)$/s.exec(text) ?? [];
  if (name.trim() === '') throw usage(`${flag} "${text}": write NAME, or REGION/NAME`);
  return { region, name };
}

function refuseWithoutFull(flags: GameDayFlags): void {
  const { fisTemplate, stopCommand, startCommand, abortAlarm, wait, stay } = flags;
  const given = Object.entries({
    '--fis-template': fisTemplate,
    '--stop-command': stopCommand,
    '--start-command': startCommand,
    '--abort-alarm': abortAlarm,
    '--wait': wait,
    '--stay': stay,
    '--with': flags.with,
  }).find(([, value]) => value !== undefined)?.[0];
  if (given !== undefined) throw usage(`${given} goes with --full: without it nothing is broken`);
}

function refuseBlank(flags: Readonly<Record<string, string | undefined>>): void {
  const blank = Object.entries(flags).find(([, value]) => value?.trim() === '')?.[0];
  if (blank !== undefined) throw usage(`${blank} is empty: give the command`);
}

function usage(message: string): FailoverError {
  return new FailoverError('USAGE', message);
}

/** The command line that does the same game day once more. */
export function repeatLine(service: string, flags: GameDayFlags): string {
  const words = [
    ...(flags.rehearse ? ['--rehearse'] : []),
    ...(flags.full ? ['--full'] : []),
    ...valued('--fis-template', flags.fisTemplate),
    ...valued('--stop-command', flags.stopCommand),
    ...valued('--start-command', flags.startCommand),
    ...(flags.abortAlarm ?? []).flatMap((name) => valued('--abort-alarm', name)),
    ...valued('--hits', flags.hits),
    ...(flags.with ?? []).flatMap((name) => valued('--with', name)),
    ...valued('--site', flags.site),
    ...valued('--wait', flags.wait),
    ...(flags.stay ? ['--stay'] : []),
    ...valued('--out', flags.out),
    ...valued('--lab', flags.lab),
    ...valued('--config', flags.config),
    ...valued('--deployment', flags.deployment),
  ];
  return ['npx cdk-failover gameday', service, ...words].join(' ');
}

function valued(flag: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : [flag, shellWord(value)];
}
