import { join } from 'node:path';
import { systemClock } from '../../adapters/system/clock.ts';
import { durationMs } from '../../config/schema/duration.ts';
import { FailoverError } from '../../core/errors.ts';
import type { LabEvent } from '../../dashboard/lab-event.ts';
import { type LabPage, openLabPage } from '../page/lab-page.ts';
import { openInBrowser } from '../page/opener.ts';
import type { LabFault, LabFlags } from '../program.ts';
import { showCrew, showGuide } from '../show/lab.ts';
import { duration } from '../show/layout.ts';
import { showEvent } from '../show/timeline.ts';
import type { Terminal } from '../terminal.ts';
import { injectFault, refuseFault } from './faults.ts';
import { Lab } from './lab.ts';
import { readLabFile, removeLabFile, writeLabFile } from './lab-file.ts';
import { makeFolder } from './out-folder.ts';
import { SteadyCheck } from './steadiness.ts';
import { labTiming } from './timing-profile.ts';
import { readUserDeployment } from './user-deployment.ts';

/** A fault without an instant happens soon enough to be waited for. */
const afterDefault = '10s';
/** Node's timers take no more than 24 days; the lab sleeps again after this. */
const napMs = 3_600_000;

/**
 * Keeps a lab running until it is interrupted, and tells what happens in it.
 *
 * @returns 0 when it was stopped
 * @throws {FailoverError} when it cannot start, or another one runs in the same folder
 */
export async function lab(options: LabFlags, terminal: Terminal): Promise<number> {
  const afterMs = durationMs(options.after ?? afterDefault);
  if (Number.isNaN(afterMs) || afterMs < 0) {
    throw new FailoverError('USAGE', `--after ${options.after}: give a duration such as 500ms, 10s or 5m`);
  }
  const deployment = await readUserDeployment(options.config);
  if (deployment !== null && options.fault !== undefined) refuseFault(deployment, options.fault);
  await makeFolder(options.out);
  const file = join(options.out, 'lab.json');
  await refuseSecond(file);

  const voice = new Voice(options, terminal);
  let page: LabPage | null = null;
  const hear = (event: LabEvent) => {
    voice.tell(event);
    page?.hear(event);
  };
  const steady = new SteadyCheck();
  const startedMs = systemClock.monotonicMs();
  const running = await Lab.start({
    deployment,
    onEvent: (event) => {
      steady.hear(event);
      hear(event);
    },
  });
  try {
    voice.say(showCrew(running));
    page = await openPage(running, options, terminal, hear);
    await steady.wait(running, terminal.signal);
    await writeLabFile(file, labFileOf(running));
    voice.say(
      `All at rest after ${duration(systemClock.monotonicMs() - startedMs)}.\n\n${showGuide(running, options.out, page?.url ?? null)}`,
    );
    voice.open(running, page?.url ?? null);
    if (options.open && page !== null) void openInBrowser(page.url, terminal.signal);
    if (options.fault !== undefined) await strike(running, options.fault, afterMs, hear, terminal.signal);
    while (true) await systemClock.sleep(napMs, terminal.signal);
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
    return 0;
  } finally {
    voice.close();
    await page?.close();
    await removeLabFile(file);
    await running.stop();
    voice.say('Stopped. Nothing is left running.');
  }
}

/** The page, when it is asked for. */
async function openPage(
  running: Lab,
  { open, port }: LabFlags,
  { userName }: Terminal,
  tell: (event: LabEvent) => void,
): Promise<LabPage | null> {
  if (!open && port === undefined) return null;
  return openLabPage(running, labFileOf(running), userName, port ?? 0, tell);
}

async function strike(
  running: Lab,
  fault: LabFault,
  afterMs: number,
  tell: (event: LabEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  await systemClock.sleep(afterMs, signal);
  const [service = ''] = Object.keys(running.deployment.services);
  const { atMs, active, detail } = await injectFault(running, fault, service);
  tell({ atMs, actor: 'lab', place: null, kind: 'fault', service, site: active, detail, data: { fault } });
}

function labFileOf({ deployment, tables, oracles, nameServer }: Lab): Parameters<typeof writeLabFile>[1] {
  const { checkIntervalMs } = labTiming;
  return {
    pid: process.pid,
    startedAtMs: systemClock.wallMs(),
    deployment,
    tables,
    oracles,
    dns: nameServer,
    checkIntervalMs,
  };
}

async function refuseSecond(file: string): Promise<void> {
  const found = await readLabFile(file);
  if (found.kind !== 'lab' || !isThere(found.lab.pid)) return;
  throw new FailoverError(
    'USAGE',
    `a lab is running here already (process ${found.lab.pid}, ${file}): stop it, or give another folder with --out`,
  );
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's process is a process.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Prints what happens: lines for people, one JSON object a line for programs. */
class Voice {
  readonly #isJson: boolean;
  readonly #terminal: Terminal;
  #sinceMs: number | null = null;

  constructor({ json }: LabFlags, terminal: Terminal) {
    this.#isJson = json ?? false;
    this.#terminal = terminal;
  }

  say(text: string): void {
    if (!this.#isJson) this.#terminal.out(`${text}\n`);
  }

  /** Events are told from now on; those of the start are of no interest. */
  open(running: Lab, page: string | null): void {
    this.#sinceMs = systemClock.wallMs();
    if (this.#isJson) this.#print({ lab: labFileOf(running), ...(page === null ? {} : { page }) });
  }

  close(): void {
    this.#sinceMs = null;
  }

  tell(event: LabEvent): void {
    if (this.#sinceMs === null) return;
    const line = showEvent(event, event.atMs - this.#sinceMs);
    if (this.#isJson) this.#print({ event });
    else if (line !== null) this.say(line);
  }

  #print(json: unknown): void {
    this.#terminal.out(`${JSON.stringify(json)}\n`);
  }
}
