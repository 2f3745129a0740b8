import { closest } from '../../config/closest-word.ts';
import { durationMs } from '../../config/schema/duration.ts';
import { FailoverError } from '../../core/errors.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import type { DrillFlags } from '../program.ts';
import { shellWord } from '../words.ts';
import { ownStrike, type StopVoice } from './own-strike.ts';
import { labStrike, type Strike } from './strike.ts';

/** A person may have to walk to a machine. */
const handWait = '10m';
/** After a stop command has ended, its site is down or goes down. */
const commandWait = '1m';

/**
 * The strike that the flags of a drill ask for.
 *
 * @throws {FailoverError} USAGE with one line for flags that do not fit together
 */
export function strikeOf(flags: DrillFlags, voice: StopVoice): Strike {
  const { config, fault, stopCommand, startCommand, wait, runs = 1 } = flags;
  if (stopCommand !== undefined && fault !== undefined) {
    throw usage(`--stop-command stops the site instead of --fault ${fault}: leave one of them out`);
  }
  const isByHand = fault === 'by-hand';
  const isOwn = isByHand || stopCommand !== undefined;
  if (!isOwn) {
    refuseWithoutStop({ '--start-command': startCommand, '--wait': wait });
    return labStrike(fault ?? 'kill');
  }
  const asked = isByHand ? '--fault by-hand' : '--stop-command';
  if (config === undefined) throw usage(`${asked} is for sites of your own: name their configuration with --config`);
  refuseBlank({ '--stop-command': stopCommand, '--start-command': startCommand });
  if (runs > 1 && isByHand) throw usage('--runs is for what needs no person: leave it out with --fault by-hand');
  if (runs > 1 && startCommand === undefined) {
    throw usage(`--runs ${runs} needs a --start-command: the next drill begins only when all sites are well`);
  }
  const waitText = wait ?? (isByHand ? handWait : commandWait);
  const waitMs = durationMs(waitText);
  if (!(waitMs > 0)) throw usage(`--wait ${waitText}: give a duration such as 30s, 10m or 1h`);
  const commands = { stopCommand: stopCommand ?? null, startCommand: startCommand ?? null };
  return ownStrike({ ...commands, waitMs, folder: flags.out }, voice);
}

/** @throws {FailoverError} USAGE for a service that the deployment does not have */
export function refuseService(deployment: Deployment | null, service: string | undefined): void {
  if (service === undefined) return;
  if (deployment === null) throw usage('--service is for a deployment of your own: name it with --config');
  const names = Object.keys(deployment.services);
  if (names.includes(service)) return;
  const near = closest(service, names);
  throw usage(
    `no service "${service}"; ${near === null ? `name one of ${names.join(', ')}` : `did you mean ${near}?`}`,
  );
}

/** The command line that does the same drill once more. */
export function repeatLine({ config, service, fault, stopCommand, startCommand, wait, out }: DrillFlags): string {
  const flags = [
    ['--config', config],
    ['--service', service],
    ['--fault', fault],
    ['--stop-command', stopCommand],
    ['--start-command', startCommand],
    ['--wait', wait],
    ['--out', out === 'out' ? undefined : out],
  ];
  const words = flags.flatMap(([flag = '', value]) => (value === undefined ? [] : [flag, shellWord(value)]));
  return ['npx cdk-failover drill', ...words].join(' ');
}

function refuseWithoutStop(flags: Readonly<Record<string, string | undefined>>): void {
  const given = Object.entries(flags).find(([, value]) => value !== undefined)?.[0];
  if (given !== undefined) throw usage(`${given} goes with --fault by-hand or --stop-command`);
}

function refuseBlank(flags: Readonly<Record<string, string | undefined>>): void {
  const blank = Object.entries(flags).find(([, value]) => value?.trim() === '')?.[0];
  if (blank !== undefined) throw usage(`${blank} is empty: give the command`);
}

function usage(message: string): FailoverError {
  return new FailoverError('USAGE', message);
}
