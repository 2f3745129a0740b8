import type { Rng } from '../../ports/rng.ts';

/** The engine's own generator: good for jitter and marks, not for secrets. */
export const systemRng: Rng = { next: () => Math.random() };
