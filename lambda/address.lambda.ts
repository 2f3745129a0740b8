import { addressHandlers } from '../src/adapters/aws/address.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import { address } from '../src/core/kinds/address.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wireForAccounts, withHandlers } from './wiring/wiring.ts';

const wiring = wireForAccounts(import.meta.url, 'address');

const ports = withHandlers(wiring.ports, addressHandlers(wiring.clients));

/** Points an Elastic IP of this region at an instance. */
export function handler(event: unknown): Promise<StepReport> {
  return runRoutine(obey(address, event, wiring), ports);
}
