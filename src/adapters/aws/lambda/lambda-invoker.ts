import { functionName } from '../../../config/plan/names.ts';
import type { Fault } from '../../../core/fault.ts';
import { hookRequestOf, type Order, type StepReport } from '../../../core/kinds/order.ts';
import { type Deployment, serviceOf } from '../../../core/model/deployment.ts';
import type { AwsClients, CallLimits } from '../clients.ts';
import { invokeFunction } from './lambda-calls.ts';

const faultKinds: readonly Fault['kind'][] = ['timeout', 'throttled', 'denied', 'unavailable', 'invalid'];

/** Limits of an order to the function of a region. */
type LimitsOf = (region: string, order: Order) => CallLimits;

/** An order has the time of its own service. One for which a function of the user is asked is not sent twice. */
export function limitsOfOrders(deployment: Deployment): LimitsOf {
  return (region, order) => {
    const service = serviceOf(deployment, order.service);
    const isRepeatable = hookRequestOf(service, region, order) === null;
    return { deadlineMs: service.failover.stepTimeoutMs, isRepeatable };
  };
}

/** Reaches the actuator functions of every region by name. */
export class LambdaInvoker {
  readonly #clients: AwsClients;
  readonly #deployment: string;
  readonly #limitsOf: LimitsOf;

  /**
   * @param clients - with a deadline that covers the function's own work, not only an answer
   * @param limitsOf - limits of one order; left out: those of the clients
   */
  constructor(clients: AwsClients, deployment: string, limitsOf: LimitsOf = () => ({})) {
    this.#clients = clients;
    this.#deployment = deployment;
    this.#limitsOf = limitsOf;
  }

  /** @throws {PortError} when the function did not answer, ended with an error, or answered something else */
  async invoke(region: string, order: Order): Promise<StepReport> {
    const name = functionName(this.#deployment, order.kind);
    return invokeFunction(this.#clients, region, name, order, isReport, this.#limitsOf(region, order));
  }
}

function isReport(value: unknown): value is StepReport {
  if (typeof value !== 'object' || value === null) return false;
  const { outcome, hasWritten, detail, claimed, fault, why } = value as Record<string, unknown>;
  switch (outcome) {
    case 'as-ordered':
      return typeof hasWritten === 'boolean';
    case 'pending':
      return typeof hasWritten === 'boolean' && [detail, why ?? ''].every((text) => typeof text === 'string');
    case 'stale':
      return hasNumbers(claimed, ['epoch', 'attempt']);
    case 'disagreed':
      return typeof detail === 'string';
    case 'failed':
      return isFault(fault);
    default:
      return false;
  }
}

function isFault(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, detail } = value as { readonly kind?: unknown; readonly detail?: unknown };
  return typeof detail === 'string' && faultKinds.some((known) => known === kind);
}

function hasNumbers(value: unknown, keys: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return keys.every((key) => Number.isInteger((value as Record<string, unknown>)[key]));
}
