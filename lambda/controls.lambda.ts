import { controlsHandlers } from '../src/adapters/aws/controls.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import { controls } from '../src/core/kinds/controls.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wire, withHandlers } from './wiring/wiring.ts';

const wiring = wire(import.meta.url);
const ports = withHandlers(wiring.ports, controlsHandlers(wiring.clients));

/** Turns routing controls of ARC, through any endpoint of their cluster. */
export function handler(event: unknown): Promise<StepReport> {
  return runRoutine(obey(controls, event, wiring), ports);
}
