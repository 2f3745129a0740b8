import type { Clock } from '../../ports/clock.ts';

/** Wakes whoever waits for something to happen. Each waiter keeps the count that it saw last, so none is missed. */
export class ChangeSignal {
  #count = 0;
  #wake = () => {};
  #next = new Promise<void>(() => {});

  constructor() {
    this.#renew();
  }

  /** How often something has happened. */
  get count(): number {
    return this.#count;
  }

  raise(): void {
    this.#count += 1;
    this.#wake();
    this.#renew();
  }

  /** Waits until the count has changed from `count`, but no longer than `waitMsMax`; ends early with the signal. */
  async wait(count: number, clock: Clock, waitMsMax: number, signal: AbortSignal): Promise<void> {
    if (count !== this.#count || signal.aborted) return;
    const woken = new AbortController();
    const isOver = AbortSignal.any([signal, woken.signal]);
    await Promise.race([this.#next, clock.sleep(waitMsMax, isOver).catch(() => undefined)]);
    woken.abort();
  }

  #renew(): void {
    this.#next = new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
