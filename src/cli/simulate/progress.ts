import type { Clock } from '../../ports/clock.ts';
import { clearLine, type Terminal } from '../terminal.ts';

/** Work that ends sooner shows no progress. */
const progressAfterMs = 2_000;

/** Pause between two progress lines: lively, and nothing beside the work itself. */
const progressPauseMs = 200;

/** One line at the bottom of a terminal that says how far the work is; nothing where nobody watches. */
export class ProgressLine {
  readonly #terminal: Pick<Terminal, 'err' | 'isErrWatched'>;
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  #nextAtMs: number;
  #isShown = false;

  constructor(terminal: Pick<Terminal, 'err' | 'isErrWatched'>, clock: Clock) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#startedAtMs = clock.monotonicMs();
    this.#nextAtMs = this.#startedAtMs + progressAfterMs;
  }

  /**
   * Shows the line if the work has taken long enough, and not more often than an eye can follow.
   *
   * @param say - makes the line from the milliseconds passed; called only when it is shown
   */
  show(say: (passedMs: number) => string): void {
    const nowMs = this.#clock.monotonicMs();
    if (!this.#terminal.isErrWatched || nowMs < this.#nextAtMs) return;
    this.#nextAtMs = nowMs + progressPauseMs;
    this.#isShown = true;
    this.#terminal.err(`${clearLine}${say(nowMs - this.#startedAtMs)}`);
  }

  /** Takes the line away, before something else is printed and at the end. */
  clear(): void {
    if (this.#isShown) this.#terminal.err(clearLine);
    this.#isShown = false;
  }
}

/** Waits for work and shows meanwhile what is being waited for. */
export function withProgress<T>(
  terminal: Pick<Terminal, 'err' | 'isErrWatched'>,
  clock: Clock,
  work: Promise<T>,
  say: (passedMs: number) => string,
): Promise<T> {
  return terminal.isErrWatched ? keepShowing(new ProgressLine(terminal, clock), clock, work, say) : work;
}

/** The same with a line that the work itself clears whenever it prints. */
export async function keepShowing<T>(
  line: ProgressLine,
  clock: Clock,
  work: Promise<T>,
  say: (passedMs: number) => string,
): Promise<T> {
  const done = new AbortController();
  const shown = showUntil(done.signal, line, clock, say);
  try {
    return await work;
  } finally {
    done.abort();
    await shown;
  }
}

async function showUntil(
  signal: AbortSignal,
  line: ProgressLine,
  clock: Clock,
  say: (passedMs: number) => string,
): Promise<void> {
  try {
    for (;;) {
      await clock.sleep(progressPauseMs, signal);
      line.show(say);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    line.clear();
  }
}
