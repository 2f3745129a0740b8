import { actuate } from '../src/core/kinds/actuator.ts';
import type { Desired, Order, StepReport } from '../src/core/kinds/order.ts';
import type { Deployment } from '../src/core/model/deployment.ts';
import type { Ports } from '../src/ports/ports.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';
import { isOrder } from './order.ts';

/** A kind of order, by its discriminant. */
type OrderOf<K extends Desired['kind']> = Extract<Order, { readonly kind: K }>;

/** What one actuator function is for. */
export interface Actuator<K extends Desired['kind']> {
  readonly kind: K;
  /** Whether the order is about a thing that the deployment names for the order's service. */
  readonly isOwn: (order: OrderOf<K>, service: Deployment['services'][string]) => boolean;
}

/**
 * Carries out one order, unless it is about something that is none of this deployment's.
 *
 * The function's role would refuse that too; this way the report says why.
 */
export async function obey<K extends Desired['kind']>(
  { kind, isOwn }: Actuator<K>,
  event: unknown,
  { deployment, region, ports }: { readonly deployment: Deployment; readonly region: string; readonly ports: Ports },
): Promise<StepReport> {
  if (!isOrder(event)) return refuse('the event is not an order');
  const service = Object.hasOwn(deployment.services, event.service) ? deployment.services[event.service] : undefined;
  const isMine = event.kind === kind && service !== undefined && isOwn(event as OrderOf<K>, service);
  if (!isMine) return refuse(`not a thing of ${event.service} that the ${kind} function of ${deployment.name} touches`);
  return await runRoutine(actuate(event, region), ports);
}

function refuse(detail: string): StepReport {
  return { outcome: 'failed', fault: { kind: 'invalid', detail } };
}
