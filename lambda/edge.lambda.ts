import { edgeHandlers } from '../src/adapters/aws/edge.ts';
import { obey } from '../src/core/kinds/actuator.ts';
import { edge } from '../src/core/kinds/edge.ts';
import type { StepReport } from '../src/core/kinds/order.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { wire, withHandlers } from './wiring/wiring.ts';

const wiring = wire(import.meta.url);
const ports = withHandlers(wiring.ports, edgeHandlers(wiring.clients));

/** Writes which origin CloudFront goes to. */
export function handler(event: unknown): Promise<StepReport> {
  return runRoutine(obey(edge, event, wiring), ports);
}
