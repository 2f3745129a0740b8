import { join } from 'node:path';
import { hasEnded } from '../../adapters/aws/gameday/experiments.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { systemRng } from '../../adapters/system/rng.ts';
import { FailoverError } from '../../core/errors.ts';
import { PortError } from '../../ports/port-error.ts';
import { runUserCommand } from '../drill/user-command.ts';
import { duration } from '../show/layout.ts';
import type { FaultWish } from './gameday-wish.ts';
import type { ExperimentsOf } from './ground.ts';

/** How a fault was ended. */
export interface FaultEnd {
  readonly end: string;
  /** Whether nothing of it goes on, as far as can be told. */
  readonly isOver: boolean;
}

/** What makes the active site fail, and ends that again. */
export interface FaultSource {
  readonly kind: 'fis' | 'command';
  /**
   * What would be done, in one sentence; nothing is begun.
   *
   * @throws {FailoverError} USAGE when it cannot be done
   */
  readonly describe: () => Promise<string>;
  /**
   * Begins it. From this call on it may be going on, whatever comes of the call.
   *
   * @throws {FailoverError} FAULT when it did not begin as it should; the signal's reason when aborted
   */
  readonly begin: (signal: AbortSignal) => Promise<void>;
  /** Why it does not go on as it should; null while it does. */
  readonly trouble: () => Promise<string | null>;
  /** Ends it if it was begun, once; null when it never was. Never throws, and no Ctrl-C ends it early. */
  readonly end: () => Promise<FaultEnd | null>;
}

/** Longest that FIS may take to stop: its actions are taken back. Source: our own. */
const stopMsMax = 300_000;
/** Pause between two questions to FIS. Source: our own; its limit is shared by the account. */
const experimentPollMs = 2_000;
/** Times that a stop is asked for that FIS has not answered. */
const stopTriesMax = 5;

/** @param experiments - of the region of the template; null where there is no AWS */
export function faultSource(wish: FaultWish, experiments: ExperimentsOf | null, folder: string): FaultSource {
  if (wish.kind === 'command') return new CommandFault(wish.stopCommand, wish.startCommand, folder);
  if (experiments === null) {
    throw new FailoverError('USAGE', 'a lab is not in AWS: give --stop-command instead of --fis-template');
  }
  const start = wish.startCommand === null ? null : new StartCommand(wish.startCommand, folder);
  return new ExperimentFault(experiments, wish.template.name, start);
}

/** Runs a user's start command, whoever wants to end the program. */
class StartCommand {
  readonly #command: string;
  readonly #folder: string;

  constructor(command: string, folder: string) {
    this.#command = command;
    this.#folder = folder;
  }

  async run(): Promise<FaultEnd> {
    try {
      const log = join(this.#folder, 'start-command.log');
      const { fault, printed } = await runUserCommand(this.#command, log, new AbortController().signal);
      if (fault === null) return { end: `ended by "${this.#command}"`, isOver: true };
      return { end: `"${this.#command}" failed: ${fault}${printed === '' ? '' : `: ${printed}`}`, isOver: false };
    } catch (error) {
      return { end: `"${this.#command}" could not be run: ${textOf(error)}`, isOver: false };
    }
  }
}

class CommandFault implements FaultSource {
  readonly kind = 'command';
  readonly #stopCommand: string;
  readonly #start: StartCommand;
  readonly #folder: string;
  #isOwed = false;

  constructor(stopCommand: string, startCommand: string, folder: string) {
    this.#stopCommand = stopCommand;
    this.#start = new StartCommand(startCommand, folder);
    this.#folder = folder;
  }

  async describe(): Promise<string> {
    return `the command "${this.#stopCommand}"`;
  }

  async begin(signal: AbortSignal): Promise<void> {
    this.#isOwed = true;
    const { fault, printed } = await runUserCommand(this.#stopCommand, join(this.#folder, 'stop-command.log'), signal);
    if (fault === null) return;
    throw new FailoverError('FAULT', `the stop command failed: ${fault}${printed === '' ? '' : `: ${printed}`}`);
  }

  async trouble(): Promise<string | null> {
    return null;
  }

  async end(): Promise<FaultEnd | null> {
    if (!this.#isOwed) return null;
    this.#isOwed = false;
    return this.#start.run();
  }
}

/** An experiment of AWS Fault Injection Service. */
class ExperimentFault implements FaultSource {
  readonly kind = 'fis';
  readonly #experiments: ExperimentsOf;
  readonly #template: string;
  readonly #start: StartCommand | null;
  /** The same token starts one experiment, however often it is asked for. */
  readonly #token = `gameday-${Math.floor(systemRng.next() * 36 ** 10).toString(36)}`;
  #isOwed = false;
  #id: string | null = null;

  constructor(experiments: ExperimentsOf, template: string, start: StartCommand | null) {
    this.#experiments = experiments;
    this.#template = template;
    this.#start = start;
  }

  async describe(): Promise<string> {
    try {
      const { description, actions, targets } = await this.#experiments.readTemplate(this.#template);
      const what = `${actions.join(', ') || 'no action'} on ${targets.join('; ') || 'nothing'}`;
      return `FIS template ${this.#template} (${description}): ${what}`;
    } catch (error) {
      throw new FailoverError('USAGE', `--fis-template ${this.#template}: ${textOf(error)}`, { cause: error });
    }
  }

  async begin(): Promise<void> {
    this.#isOwed = true;
    try {
      this.#id = (await this.#experiments.start(this.#template, this.#token)).id;
    } catch (error) {
      if (isRefusal(error)) this.#isOwed = false;
      throw new FailoverError('FAULT', `FIS did not start the experiment: ${textOf(error)}`, { cause: error });
    }
  }

  /** One that has completed may have done what it should: what it stopped stays stopped. */
  async trouble(): Promise<string | null> {
    if (this.#id === null) return null;
    try {
      const { status, reason } = await this.#experiments.read(this.#id);
      const isWrong = status === 'failed' || status === 'stopped' || status === 'stopping' || status === 'cancelled';
      return isWrong ? `FIS has ${status} the experiment${reason === '' ? '' : `: ${reason}`}` : null;
    } catch {
      // What is not known now is asked again; the alarms and the deadline stand beside it.
      return null;
    }
  }

  async end(): Promise<FaultEnd | null> {
    if (!this.#isOwed) return null;
    this.#isOwed = false;
    const stopped = await this.#stop();
    if (this.#start === null) return stopped;
    const started = await this.#start.run();
    return { end: `${stopped.end}; ${started.end}`, isOver: stopped.isOver && started.isOver };
  }

  async #stop(): Promise<FaultEnd> {
    let why = '';
    for (let tries = 1; tries <= stopTriesMax; tries += 1) {
      try {
        // Where the answer to the start was lost, its token tells which experiment it was, if there is one.
        this.#id ??= (await this.#experiments.find(this.#template, this.#token))?.id ?? null;
        if (this.#id === null) return { end: 'FIS shows no experiment of this game day', isOver: true };
        const now = await this.#experiments.read(this.#id);
        if (!hasEnded(now) && now.status !== 'stopping') await this.#experiments.stop(this.#id);
        return await this.#awaitEnd(this.#id);
      } catch (error) {
        why = textOf(error);
        await systemClock.sleep(experimentPollMs);
      }
    }
    const how = `aws fis stop-experiment --id ${this.#id ?? 'ID'}`;
    return { end: `FIS could not be told to stop: ${why}; stop it by "${how}"`, isOver: false };
  }

  async #awaitEnd(id: string): Promise<FaultEnd> {
    const startMs = systemClock.monotonicMs();
    for (;;) {
      const now = await this.#experiments.read(id);
      const reason = now.reason === '' ? '' : ` (${now.reason})`;
      if (hasEnded(now)) return { end: `experiment ${id} is ${now.status}${reason}`, isOver: true };
      if (systemClock.monotonicMs() - startMs > stopMsMax) {
        return { end: `experiment ${id} is still ${now.status} after ${duration(stopMsMax)}`, isOver: false };
      }
      await systemClock.sleep(experimentPollMs);
    }
  }
}

/** Whether FIS certainly did not do what it was asked. */
function isRefusal(error: unknown): boolean {
  return error instanceof PortError && (error.fault.kind === 'invalid' || error.fault.kind === 'denied');
}

function textOf(error: unknown): string {
  if (error instanceof PortError) return `${error.fault.kind}: ${error.fault.detail}`;
  return error instanceof Error ? error.message : String(error);
}
