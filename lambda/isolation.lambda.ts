import { AwsFences } from '../src/adapters/aws/fences.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { obey } from './actuator.ts';
import { isolationsIn } from './isolation.ts';
import { wire } from './wiring.ts';

const wiring = wire(import.meta.url);
const ports = { ...wiring.ports, fences: new AwsFences(wiring.clients) };
const isolations = isolationsIn(wiring.region);

/** Cuts a site of this region off from its clients, or lets it back. */
export function handler(event: unknown): Promise<StepReport> {
  return obey(isolations, event, { ...wiring, ports });
}
