/** Randomness for jitter and marks; never for secrets. */
export interface Rng {
  /** Uniform, 0 inclusive to 1 exclusive. */
  next(): number;
}
