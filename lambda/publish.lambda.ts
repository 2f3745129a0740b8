import { publishHandlers } from '../src/adapters/aws/publish.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { publish } from '../src/core/kinds/publish.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wire, withHandlers } from './wiring/wiring.ts';

const wiring = wire(import.meta.url);

const ports = withHandlers(wiring.ports, publishHandlers(wiring.clients, wiring.deployment.name));

/** Publishes the serving sites of a service in a parameter of this region. */
export function handler(event: unknown): Promise<StepReport> {
  return runRoutine(obey(publish, event, wiring), ports);
}
