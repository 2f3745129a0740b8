import type { Happening } from '../core/alerting/event.ts';

/** Tells people. */
export interface Notifier {
  notify(happening: Happening): Promise<void>;
}
