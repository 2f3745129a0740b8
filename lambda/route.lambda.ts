import { routeHandlers } from '../src/adapters/aws/route.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { route } from '../src/core/kinds/route.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wireForAccounts, withHandlers, writeMsOf } from './wiring/wiring.ts';

const wiring = wireForAccounts(import.meta.url, 'route');
const { clock, rng } = wiring.ports;
const ports = withHandlers(wiring.ports, routeHandlers(wiring.clients, clock, rng, writeMsOf(wiring)));

/** Points routes of this region's route tables at a site. */
export function handler(event: unknown): Promise<StepReport> {
  return runRoutine(obey(route, event, wiring), ports);
}
