/**
 * Which faults of the surroundings are in force: everything but a site's own health.
 *
 * Liveness is only owed once they have stopped; this is how a checker knows.
 */
export class Disturbances {
  readonly #nowMs: () => number;
  readonly #open = new Set<string>();
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  begin(name: string): void {
    this.#open.add(name);
    this.strike();
  }

  end(name: string): void {
    if (this.#open.delete(name)) this.strike();
  }

  endAll(): void {
    if (this.#open.size > 0) this.strike();
    this.#open.clear();
  }

  /** A fault of one instant. */
  strike(): void {
    this.#lastMs = this.#nowMs();
  }

  /** Whether some fault is in force. */
  isAny(): boolean {
    return this.#open.size > 0;
  }

  /** For how long no fault has begun or ended, whether some are in force or not; in milliseconds. */
  unchangedMs(): number {
    return this.#nowMs() - this.#lastMs;
  }

  /** How long it has been quiet, in milliseconds; 0 while something is wrong. */
  quietMs(): number {
    return this.#open.size > 0 ? 0 : this.#nowMs() - this.#lastMs;
  }
}
