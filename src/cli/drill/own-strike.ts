import { join } from 'node:path';
import { systemClock } from '../../adapters/system/clock.ts';
import { FailoverError } from '../../core/errors.ts';
import { type Deployment, serviceOf } from '../../core/model/deployment.ts';
import type { Mending } from '../../dashboard/drill-result.ts';
import { probeSites } from '../deploy/site-answers.ts';
import type { Injection } from '../lab/faults.ts';
import { duration } from '../show/layout.ts';
import { targetOf } from '../show/probe-words.ts';
import { isOfClients, requestMsMax } from './client.ts';
import type { Scene, Strike } from './strike.ts';
import { type CommandOutcome, runUserCommand } from './user-command.ts';

const pollMs = 20;
/** How long a site may take from the end of its start command until it answers well. */
const backMsMax = 30_000;
const backPollMs = 250;

/** Whom to tell what, while a site of the user's own is stopped. */
export interface StopVoice {
  /** What the person has to do now, or what is done for him. */
  readonly tell: (line: string) => void;
}

/** How a site of the user's own is stopped and started. */
export interface OwnStop {
  /** Null waits for a person. */
  readonly stopCommand: string | null;
  readonly startCommand: string | null;
  /** How long to wait for the site to fail. */
  readonly waitMs: number;
  /** Folder for what the commands print. */
  readonly folder: string;
  /** Longest that a command may take; absent is `commandMsMax`. */
  readonly commandMsMax?: number;
}

/**
 * A stop of a site that the lab does not own: the person does it, or a command.
 *
 * Nobody says at which instant the site stopped, so the fault is when it was first seen to fail.
 */
export function ownStrike(stop: OwnStop, voice: StopVoice): Strike {
  const mender = new Mender(stop, voice);
  return {
    fault: stop.stopCommand === null ? 'by-hand' : 'command',
    command: stop.stopCommand,
    isTimed: stop.stopCommand !== null,
    refuse: () => {},
    begin: (scene) => begin(scene, stop, voice, mender),
    mend: () => mender.mend(),
  };
}

async function begin(scene: Scene, stop: OwnStop, voice: StopVoice, mender: Mender): Promise<Injection> {
  const { lab, service, signal } = scene;
  const register = await lab.readRegister(service);
  if (register === null) throw new FailoverError('FAULT', `${service}: no majority of tables holds its register`);
  const { active } = register;
  const sinceMs = systemClock.wallMs();
  if (stop.stopCommand === null) {
    voice.tell(handText(lab.deployment, service, active, stop.waitMs));
  } else {
    mender.owe(lab.deployment, service, active);
    voice.tell(`Stopping ${active}: ${stop.stopCommand}`);
    const outcome = await runUserCommand(
      stop.stopCommand,
      join(stop.folder, 'stop-command.log'),
      signal,
      stop.commandMsMax,
    );
    if (outcome.fault !== null) throw new FailoverError('FAULT', commandText('stop', outcome));
  }
  const failure = await waitForFailure(scene, active, sinceMs, stop);
  if (stop.stopCommand === null) mender.owe(lab.deployment, service, active);
  const how = stop.stopCommand === null ? 'by hand' : `by "${stop.stopCommand}"`;
  return { atMs: failure.atMs, service, active, detail: `${active} was stopped ${how}; ${failure.seen}` };
}

/** What a person has to do, as plainly as it can be said. */
function handText({ services }: Deployment, service: string, active: string, waitMs: number): string {
  const page = services[service]?.sites[active]?.probes.find(isOfClients);
  const where = page === undefined ? '' : ` It is asked at ${targetOf(page)}.`;
  return `NOW STOP ${active}, in the way that you want to rehearse.${where}\nThe drill waits ${duration(waitMs)} for ${active} to fail; Ctrl-C ends it.`;
}

async function waitForFailure(scene: Scene, active: string, sinceMs: number, { stopCommand, waitMs }: OwnStop) {
  const { lab, service, record, signal } = scene;
  const requestMs = requestMsMax(serviceOf(lab.deployment, service));
  const startMs = systemClock.monotonicMs();
  while (systemClock.monotonicMs() - startMs < waitMs) {
    const failure = record.findFirstFailure(active, sinceMs, requestMs);
    if (failure !== null) return failure;
    await systemClock.sleep(pollMs, signal);
  }
  const after = stopCommand === null ? '' : ' of the end of the stop command';
  throw new FailoverError(
    'FAULT',
    `${active} did not fail within ${duration(waitMs)}${after}: nothing was measured; --wait gives it longer`,
  );
}

function commandText(name: 'stop' | 'start', { fault, printed }: CommandOutcome): string {
  return `the ${name} command failed: ${fault}; it printed ${printed === '' ? 'nothing' : `:\n${printed}`}`;
}

/** Starts a stopped site again, once, whatever became of the drill. */
class Mender {
  readonly #stop: OwnStop;
  readonly #voice: StopVoice;
  #owed: { readonly deployment: Deployment; readonly service: string; readonly site: string } | null = null;

  constructor(stop: OwnStop, voice: StopVoice) {
    this.#stop = stop;
    this.#voice = voice;
  }

  /** From now on the site may be down. */
  owe(deployment: Deployment, service: string, site: string): void {
    this.#owed = { deployment, service, site };
  }

  async mend(): Promise<Mending | null> {
    const owed = this.#owed;
    this.#owed = null;
    if (owed === null) return null;
    const { startCommand, folder } = this.#stop;
    if (startCommand === null) {
      this.#voice.tell(`Start ${owed.site} again: the drill has no command for it.`);
      return null;
    }
    this.#voice.tell(`Starting ${owed.site} again: ${startCommand}`);
    const outcome = await this.#run(startCommand, join(folder, 'start-command.log'));
    const startMs = systemClock.monotonicMs();
    const isBack = outcome.fault === null && (await waitForAnswer(owed));
    const fault = outcome.fault === null ? notBack(owed.site, isBack) : commandText('start', outcome);
    this.#voice.tell(fault ?? `${owed.site} answers well again.`);
    return {
      command: startCommand,
      fault,
      tookMs: Math.round(outcome.tookMs),
      backMs: isBack ? Math.round(systemClock.monotonicMs() - startMs) : null,
    };
  }

  /** Not ended by Ctrl-C, which may be why it is run; its own limit ends it. */
  async #run(command: string, log: string): Promise<CommandOutcome> {
    try {
      return await runUserCommand(command, log, new AbortController().signal, this.#stop.commandMsMax);
    } catch (error) {
      return { fault: error instanceof Error ? error.message : String(error), tookMs: 0, printed: '' };
    }
  }
}

function notBack(site: string, isBack: boolean): string | null {
  return isBack ? null : `${site} does not answer well ${duration(backMsMax)} after its start command`;
}

async function waitForAnswer(owed: {
  readonly deployment: Deployment;
  readonly service: string;
  readonly site: string;
}): Promise<boolean> {
  const startMs = systemClock.monotonicMs();
  do {
    const probed = await probeSites(owed.deployment, (service, site) => service === owed.service && site === owed.site);
    if (probed[owed.service]?.sites[owed.site]?.outcome === 'pass') return true;
    await systemClock.sleep(backPollMs);
  } while (systemClock.monotonicMs() - startMs < backMsMax);
  return false;
}
