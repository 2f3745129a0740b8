import type { FailoverEvent } from '../core/alerting/event.ts';

/** Tells people. */
export interface Notifier {
  notify(event: FailoverEvent): Promise<void>;
}
