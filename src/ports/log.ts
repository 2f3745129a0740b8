import type { FailoverEvent } from '../core/alerting/event.ts';

/** Structured log; writing never waits and never fails. */
export interface Log {
  write(event: FailoverEvent): void;
}
