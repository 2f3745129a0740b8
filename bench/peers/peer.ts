import { setTimeout as sleep } from 'node:timers/promises';
import { askEveryMs } from '../../src/cli/drill/client.ts';
import type { Programs } from './programs.ts';

/** One way to set a program up, and how long its clients are without an answer after a kill. */
export interface Peer {
  /** As in "HAProxy, fastinter". */
  readonly name: string;
  /** How it checks and who notices, in the program's own settings. */
  readonly settings: string;
  /**
   * Starts everything, kills the backend that serves with SIGKILL at a random instant between two checks, waits for
   * the first good answer from the other one, and ends everything.
   *
   * @returns milliseconds from the kill to the end of that answer
   * @throws when the program does not start, or no answer comes
   */
  recoveryMs(): Promise<number>;
}

/** A program that runs, with two backends: the preferred one is `a`, the other one `b`. */
export interface Stage {
  /** Name of the backend that a client of the program reaches now; null when it reaches none. Never throws. */
  ask(): Promise<string | null>;
  /** Ends the preferred backend with SIGKILL. */
  kill(): void;
  /** What runs; stopped by who asked for the stage. */
  readonly programs: Programs;
}

/** Longest that one question of a client takes, in milliseconds. */
export const askTimeoutMs = 250;
/** How long the preferred backend has answered before the kill, unless a program takes longer to come to rest. */
const shortRestMs = 5_000;
const startMsMax = 60_000;
const recoveryMsMax = 300_000;

/**
 * Measures a stage as {@link Peer.recoveryMs} says.
 *
 * @param checkEveryMs - time between two checks of a backend that is well: the kill falls anywhere within it
 */
export async function measureStage(
  start: () => Promise<Stage>,
  checkEveryMs: number,
  restMs = shortRestMs,
): Promise<number> {
  const stage = await start();
  try {
    await waitFor(stage, 'a', startMsMax);
    await sleep(restMs + Math.random() * checkEveryMs);
    const killedMs = performance.now();
    stage.kill();
    await waitFor(stage, 'b', recoveryMsMax);
    return performance.now() - killedMs;
  } finally {
    await stage.programs.stop();
  }
}

/** Asks as often as the drill's client does. */
async function waitFor(stage: Stage, wanted: string, msMax: number): Promise<void> {
  const startedMs = performance.now();
  while (performance.now() - startedMs < msMax) {
    if ((await stage.ask()) === wanted) return;
    await sleep(askEveryMs);
  }
  throw new Error(`no answer of ${wanted} within ${msMax / 1_000} s: ${stage.programs.output}`);
}
