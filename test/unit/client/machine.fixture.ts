import type { ClientSystem, Instant } from '../../../src/client/system.ts';

interface Timer {
  readonly atMs: number;
  readonly act: () => void;
}

/** A machine whose time stands still until the test moves it, and whose network is a function. */
export class FakeMachine implements ClientSystem {
  nowMs = 0;
  /** Time in which the machine was suspended: the monotonic clock does not count it. */
  suspendedMs = 0;
  /** Answers a GET; what it throws is a failure, and a promise that never settles is an answer that never comes. */
  serve: (url: string) => string | Promise<string> = () => {
    throw new Error('nobody serves');
  };
  readonly asked: string[] = [];
  #timers: Timer[] = [];

  now(): Instant {
    return { monotonicMs: this.nowMs, wallMs: 1_000_000 + this.nowMs + this.suspendedMs };
  }

  random(): number {
    return 0.5;
  }

  after(ms: number, act: () => void): () => void {
    const timer = { atMs: this.nowMs + ms, act };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  async get(url: string): Promise<string> {
    this.asked.push(url);
    return await this.serve(url);
  }

  /** Lets time pass, with everything that falls due in it. */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    await settle();
    for (;;) {
      const due = this.#timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.nowMs = Math.max(this.nowMs, due.atMs);
      this.#timers = this.#timers.filter((timer) => timer !== due);
      due.act();
      await settle();
    }
    this.nowMs = endMs;
  }
}

/** Lets promises that are ready run, and what hangs on them. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** An answer that never comes. */
export const never = new Promise<never>(() => {});
