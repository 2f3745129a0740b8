import type { Clock } from '../../ports/clock.ts';

/** Wakes whoever waits for something to happen. Each waiter counts the rings by itself, so that none is missed. */
export class Bell {
  #rings = 0;
  #wake = () => {};
  #next = new Promise<void>(() => {});

  constructor() {
    this.#renew();
  }

  /** How often it has rung. */
  get rings(): number {
    return this.#rings;
  }

  ring(): void {
    this.#rings += 1;
    this.#wake();
    this.#renew();
  }

  /** Waits until it has rung more often than `rings`, but no longer than `waitMsMax`; ends early with the signal. */
  async wait(rings: number, clock: Clock, waitMsMax: number, signal: AbortSignal): Promise<void> {
    if (rings !== this.#rings || signal.aborted) return;
    const rung = new AbortController();
    const isOver = AbortSignal.any([signal, rung.signal]);
    await Promise.race([this.#next, clock.sleep(waitMsMax, isOver).catch(() => undefined)]);
    rung.abort();
  }

  #renew(): void {
    this.#next = new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
