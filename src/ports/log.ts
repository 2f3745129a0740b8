import type { Happening } from '../core/alerting/event.ts';

/** Structured log; writing never waits and never fails. */
export interface Log {
  write(happening: Happening): void;
}
