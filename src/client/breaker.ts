/** When an endpoint is left alone, and for how long. */
export interface BreakerRules {
  /** Failures in a row that open the breaker; 1 or more. */
  readonly failuresMax: number;
  /** How long it stays open before one call is let through to try. */
  readonly coolDownMs: number;
}

/** `half-open`: the cool-down is over, and one call may try. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** Keeps calls away from one endpoint that fails. Pure but for what it remembers: the time is handed in. */
export class Breaker {
  readonly #rules: BreakerRules;
  #failures = 0;
  #openUntilMs = Number.NEGATIVE_INFINITY;

  constructor(rules: BreakerRules) {
    this.#rules = rules;
  }

  /** @param nowMs - monotonic, as in every method */
  state(nowMs: number): BreakerState {
    if (this.#failures < this.#rules.failuresMax) return 'closed';
    return nowMs < this.#openUntilMs ? 'open' : 'half-open';
  }

  /**
   * Notes that a call begins. One that tries a half-open breaker keeps all others away for another cool-down; a call of
   * which nothing is ever heard does not keep it shut for longer.
   */
  begin(nowMs: number): void {
    if (this.state(nowMs) === 'half-open') this.#openUntilMs = nowMs + this.#rules.coolDownMs;
  }

  succeed(): void {
    this.#failures = 0;
  }

  fail(nowMs: number): void {
    this.#failures = Math.min(this.#failures + 1, this.#rules.failuresMax);
    this.#openUntilMs = nowMs + this.#rules.coolDownMs;
  }
}
