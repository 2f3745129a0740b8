import { zonalHandlers } from '../src/adapters/aws/zonal.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { zonal } from '../src/core/kinds/zonal.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wireForAccounts, withHandlers } from './wiring/wiring.ts';

const wiring = wireForAccounts(import.meta.url, 'zonal');

const ports = withHandlers(wiring.ports, zonalHandlers(wiring.clients, wiring.ports.clock));

/** Starts, renews and cancels zonal shifts of the load balancers of this region. */
export function handler(event: unknown): Promise<StepReport> {
  return runRoutine(obey(zonal, event, wiring), ports);
}
