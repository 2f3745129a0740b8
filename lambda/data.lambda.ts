import { AwsDatabases } from '../src/adapters/aws/aws-databases.ts';
import { LambdaHook } from '../src/adapters/aws/lambda-hook.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { obey } from './actuator.ts';
import { promotionsIn } from './data.ts';
import { wire } from './wiring.ts';

const wiring = wire(import.meta.url);
const databases = new AwsDatabases(wiring.clients, wiring.deployment.services, new LambdaHook(wiring.clients));
const ports = { ...wiring.ports, databases };
const promotions = promotionsIn(wiring.region);

/** Makes a site of this region the writer of a service's data. */
export function handler(event: unknown): Promise<StepReport> {
  return obey(promotions, event, { ...wiring, ports });
}
