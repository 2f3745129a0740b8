import { startHandlers } from '../src/adapters/aws/start.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { start } from '../src/core/kinds/start.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wireForSteps, withHandlers } from './wiring/wiring.ts';

const wiring = wireForSteps(import.meta.url, 'start');

const ports = withHandlers(wiring.ports, startHandlers(wiring.clients, wiring.hooks));

/** Raises or starts what a site of this region runs on, or puts it back to its standby size. */
export function handler(event: unknown): Promise<StepReport> {
  wiring.attempt.begin(event);
  return runRoutine(obey(start, event, wiring), ports);
}
