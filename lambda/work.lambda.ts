import { workHandlers } from '../src/adapters/aws/work.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { work } from '../src/core/kinds/work.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wireForAccounts, withHandlers } from './wiring/wiring.ts';

const wiring = wireForAccounts(import.meta.url, 'work');

const ports = withHandlers(wiring.ports, workHandlers(wiring.clients));

/** Turns the schedules and consumers of a site of this region on or off. */
export function handler(event: unknown): Promise<StepReport> {
  return runRoutine(obey(work, event, wiring), ports);
}
