import type { Clock } from '../../../ports/clock.ts';
import { within } from './patience.ts';

/**
 * Pause between two reads, in milliseconds. What is read this way changes with deployments or by the hour, and each
 * read takes several calls. Source: our own.
 */
const readIntervalMs = 300_000;

/** Longest wait of a survey for a read, in milliseconds. When another region is dark, the calls would take longer. */
const readMsMax = 2_000;

/** Age beyond which a value is no longer repeated, because newer reads could not get one. */
const valueAgeMsMax = 3 * readIntervalMs;

/** Facts that change slowly: read now and then, and repeated in between. */
export class SlowFacts<T> {
  readonly #clock: Clock;
  readonly #held = new Map<string, { readonly atMs: number; readonly value: T }>();
  readonly #nextMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The newest value under a key; null when there is none that still counts. Never rejects. */
  async get(key: string, read: () => Promise<T>): Promise<T | null> {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs >= (this.#nextMs.get(key) ?? Number.NEGATIVE_INFINITY)) {
      this.#nextMs.set(key, nowMs + readIntervalMs);
      const value = await within(this.#clock, readMsMax, read());
      if (value !== null) this.#held.set(key, { atMs: nowMs, value });
    }
    const held = this.#held.get(key);
    return held !== undefined && nowMs - held.atMs <= valueAgeMsMax ? held.value : null;
  }
}
