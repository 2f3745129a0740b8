/** The machine's clocks. The only way to time, so that a simulated clock can stand in. */
export interface Clock {
  /** Epoch milliseconds; for people, and for what AWS dates, such as the end of credentials. */
  wallMs(): number;
  /** Milliseconds since some start; never runs backwards. */
  monotonicMs(): number;
  /** Resolves after `ms`; rejects at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
