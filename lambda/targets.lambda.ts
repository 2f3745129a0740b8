import { targetsHandlers } from '../src/adapters/aws/targets.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { targets } from '../src/core/kinds/targets.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wireForAccounts, withHandlers } from './wiring/wiring.ts';

const wiring = wireForAccounts(import.meta.url, 'targets');

const ports = withHandlers(wiring.ports, targetsHandlers(wiring.clients));

/** Sets the weights of the target groups behind a listener or a rule of this region. */
export function handler(event: unknown): Promise<StepReport> {
  return runRoutine(obey(targets, event, wiring), ports);
}
