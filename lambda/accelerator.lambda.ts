import { acceleratorHandlers } from '../src/adapters/aws/accelerator.ts';
import { accelerator } from '../src/core/kinds/accelerator.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wire, withHandlers } from './wiring/wiring.ts';

const wiring = wire(import.meta.url);
const ports = withHandlers(wiring.ports, acceleratorHandlers(wiring.clients));

/** Turns the traffic dials of an accelerator, through its control plane in us-west-2. */
export function handler(event: unknown): Promise<StepReport> {
  return runRoutine(obey(accelerator, event, wiring), ports);
}
