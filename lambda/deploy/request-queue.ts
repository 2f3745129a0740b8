import { FailoverError } from '../../src/core/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { PortError } from '../../src/ports/port-error.ts';
import type { Rng } from '../../src/ports/rng.ts';

/** Tries of one request that is throttled; it is asked again in the next round. */
const triesMax = 4;

/**
 * Longest pause after the first throttled try; it doubles with each further one. Source: AWS Builders' Library,
 * "Timeouts, retries, and backoff with jitter".
 */
const pauseMsMax = 2_000;

/** What requests are paced by. */
export interface RequestQueueOptions {
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  readonly rng: Rng;
  /** Shortest time from one request to the next, in milliseconds. */
  readonly gapMs: number;
  /** For how long from now requests are made, in milliseconds. */
  readonly openMs: number;
}

/** The time was over before a request had its turn: nothing was asked. */
export class TurnMissedError extends FailoverError {
  override readonly name = 'TurnMissedError';

  constructor() {
    super('FAULT', 'the time was over before this could be asked');
  }
}

/** Makes one request after another, so that all callers together stay below a limit of so many a second. */
export class RequestQueue {
  readonly #options: RequestQueueOptions;
  readonly #endsAtMs: number;
  #nextAtMs: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RequestQueueOptions) {
    this.#options = options;
    this.#nextAtMs = options.clock.monotonicMs();
    this.#endsAtMs = this.#nextAtMs + options.openMs;
  }

  /**
   * Makes a request when it is its turn. A throttled one is tried again, and the others wait for it.
   *
   * @throws what the request throws, and {TurnMissedError} when the time is over before its turn has come
   */
  run<T>(request: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#makeOne(request));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #makeOne<T>(request: () => Promise<T>): Promise<T> {
    const { clock, rng, gapMs } = this.#options;
    for (let tries = 1; ; tries += 1) {
      await this.#waitForTurn();
      this.#nextAtMs = clock.monotonicMs() + gapMs;
      try {
        return await request();
      } catch (error) {
        if (!isThrottled(error)) throw error;
        this.#nextAtMs = clock.monotonicMs() + gapMs + rng.next() * pauseMsMax * 2 ** (tries - 1);
        if (tries >= triesMax) throw error;
      }
    }
  }

  async #waitForTurn(): Promise<void> {
    const { clock } = this.#options;
    const waitMs = this.#nextAtMs - clock.monotonicMs();
    if (Math.max(this.#nextAtMs, clock.monotonicMs()) > this.#endsAtMs) throw new TurnMissedError();
    if (waitMs > 0) await clock.sleep(waitMs);
  }
}

function isThrottled(error: unknown): boolean {
  return error instanceof PortError && error.fault.kind === 'throttled';
}
