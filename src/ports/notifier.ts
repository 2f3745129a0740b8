import type { Happening } from '../core/happening.ts';

/** Tells people. */
export interface Notifier {
  notify(happening: Happening): Promise<void>;
}
