import { routeHandlers } from '../src/adapters/aws/route.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { route } from '../src/core/kinds/route.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wire, withHandlers } from './wiring.ts';

const wiring = wire(import.meta.url);
const ports = withHandlers(wiring.ports, routeHandlers(wiring.clients));

/** Points routes of this region's route tables at a site. */
export function handler(event: unknown): Promise<StepReport> {
  return runRoutine(obey(route, event, wiring), ports);
}
