import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { systemClock } from '../../adapters/system/clock.ts';
import { unwritable } from '../lab/out-folder.ts';

/**
 * Longest that a command of the user's may take. Time for a container that is asked to stop, ten seconds at Docker, or
 * for a call over ssh; whatever takes longer should only be asked for by the command.
 */
export const commandMsMax = 60_000;
/** Last characters of what a command printed that are told. */
const printedMax = 2_000;

/** How a command ended. */
export interface CommandOutcome {
  /** Null when it ended by itself with 0; else what was wrong, in a few words. */
  readonly fault: string | null;
  readonly tookMs: number;
  /** The end of what it printed. */
  readonly printed: string;
}

/**
 * Runs a command of the user's by the shell, and waits for its end.
 *
 * What it prints goes into a file, not to this process: a server that it leaves running in the background can go on
 * printing when the drill has ended.
 *
 * @param log - file for what it prints; replaced
 * @param limitMs - then it is killed, with all that it started
 * @throws {FailoverError} USAGE when the file cannot be written; the signal's reason when aborted, with the command
 *   killed
 */
export async function runUserCommand(
  command: string,
  log: string,
  signal: AbortSignal,
  limitMs = commandMsMax,
): Promise<CommandOutcome> {
  const startMs = systemClock.monotonicMs();
  const output = openLog(log);
  const child = spawn(command, { shell: true, detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  const ended = once(child, 'exit').then(
    ([exit, killedBy]: readonly unknown[]) => (exit === 0 ? null : describeEnd(exit, killedBy)),
    (error) => `it could not be started (${String(error)})`,
  );
  const isOver = new AbortController();
  const late = systemClock
    .sleep(limitMs, AbortSignal.any([signal, isOver.signal]))
    .then(() => `it took longer than ${limitMs / 1_000} s and was killed`)
    .catch(() => 'it was killed');
  const fault = await Promise.race([ended.finally(() => isOver.abort()), late]);
  if (!isOver.signal.aborted) {
    killAll(child.pid);
    await ended;
  }
  signal.throwIfAborted();
  const printed = (await readFile(log, 'utf8')).trim().slice(-printedMax);
  return { fault, tookMs: systemClock.monotonicMs() - startMs, printed };
}

function openLog(log: string): number {
  try {
    return openSync(log, 'w');
  } catch (error) {
    throw unwritable(log, error);
  }
}

function describeEnd(exit: unknown, killedBy: unknown): string {
  return exit === null ? `it was ended by ${killedBy}` : `it exited with ${exit}`;
}

/** The shell and all that it started are one group, whose number is the shell's. */
function killAll(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
