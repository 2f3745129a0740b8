import { rebuildHandlers } from '../src/adapters/aws/rebuild.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { rebuild } from '../src/core/kinds/rebuild.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wireForSteps, withHandlers } from './wiring/wiring.ts';

const wiring = wireForSteps(import.meta.url, 'rebuild');

const ports = withHandlers(wiring.ports, rebuildHandlers(wiring.clients));

/** Makes the data of a site of this region anew as a replica of the writer's. */
export function handler(event: unknown): Promise<StepReport> {
  wiring.attempt.begin(event);
  return runRoutine(obey(rebuild, event, wiring), ports);
}
