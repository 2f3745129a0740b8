import { promoteHandlers } from '../src/adapters/aws/promote.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { promote } from '../src/core/kinds/promote.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wireForSteps, withHandlers } from './wiring/wiring.ts';

const wiring = wireForSteps(import.meta.url, 'promote');

const ports = withHandlers(wiring.ports, promoteHandlers(wiring.clients, wiring.deployment.services, wiring.hooks));

/** Makes a site of this region the writer of a service's data. */
export function handler(event: unknown): Promise<StepReport> {
  wiring.attempt.begin(event);
  return runRoutine(obey(promote, event, wiring), ports);
}
