import { AwsCompute } from '../src/adapters/aws/aws-compute.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { start } from '../src/core/kinds/start.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wire } from './wiring.ts';

const wiring = wire(import.meta.url);

const ports = { ...wiring.ports, compute: new AwsCompute(wiring.clients) };

/** Raises or starts what a site of this region runs on, or puts it back to its temperature. */
export function handler(event: unknown): Promise<StepReport> {
  return runRoutine(obey(start, event, wiring), ports);
}
