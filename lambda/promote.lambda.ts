import { AwsDatabases } from '../src/adapters/aws/aws-databases.ts';
import { LambdaHook } from '../src/adapters/aws/lambda-hook.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { promote } from '../src/core/kinds/promote.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wire } from './wiring.ts';

const wiring = wire(import.meta.url);

const ports = {
  ...wiring.ports,
  databases: new AwsDatabases(wiring.clients, wiring.deployment.services, new LambdaHook(wiring.clients)),
};

/** Makes a site of this region the writer of a service's data. */
export function handler(event: unknown): Promise<StepReport> {
  return runRoutine(obey(promote, event, wiring), ports);
}
