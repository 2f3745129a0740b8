import { Elbv2LoadBalancers } from '../src/adapters/aws/elbv2-load-balancers.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { obey } from './actuator.ts';
import { targetWeightsIn } from './targets.ts';
import { wire } from './wiring.ts';

const wiring = wire(import.meta.url);
const ports = { ...wiring.ports, loadBalancers: new Elbv2LoadBalancers(wiring.clients) };
const targetWeights = targetWeightsIn(wiring.region);

/** Sets the weights of the target groups behind a listener or a rule of this region. */
export function handler(event: unknown): Promise<StepReport> {
  return obey(targetWeights, event, { ...wiring, ports });
}
