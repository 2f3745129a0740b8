import { fenceHandlers } from '../src/adapters/aws/fence.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import { fence } from '../src/core/kinds/fence.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wireForSteps, withHandlers } from './wiring/wiring.ts';

const wiring = wireForSteps(import.meta.url, 'fence');

const ports = withHandlers(wiring.ports, fenceHandlers(wiring.clients, wiring.hooks));

/** Cuts a site of this region off from its clients, or opens its fence. */
export function handler(event: unknown): Promise<StepReport> {
  wiring.attempt.begin(event);
  return runRoutine(obey(fence, event, wiring), ports);
}
