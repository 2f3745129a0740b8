import { functionName } from '../../../config/plan/names.ts';
import type { Fault } from '../../../core/fault.ts';
import type { Order, StepReport } from '../../../core/kinds/order.ts';
import type { AwsClients } from '../clients.ts';
import { invokeFunction } from './lambda-calls.ts';

const faultKinds: readonly Fault['kind'][] = ['timeout', 'throttled', 'denied', 'unavailable', 'invalid'];

/** Reaches the actuator functions of every region by name. */
export class LambdaInvoker {
  readonly #clients: AwsClients;
  readonly #deployment: string;

  /** @param clients - with a deadline that covers the function's own work, not only an answer */
  constructor(clients: AwsClients, deployment: string) {
    this.#clients = clients;
    this.#deployment = deployment;
  }

  /** @throws {PortError} when the function did not answer, ended with an error, or answered something else */
  async invoke(region: string, order: Order): Promise<StepReport> {
    const name = functionName(this.#deployment, order.kind);
    return invokeFunction(this.#clients, region, name, order, isReport);
  }
}

function isReport(value: unknown): value is StepReport {
  if (typeof value !== 'object' || value === null) return false;
  const { outcome, hasWritten, detail, claimed, fault } = value as Record<string, unknown>;
  switch (outcome) {
    case 'as-ordered':
      return typeof hasWritten === 'boolean';
    case 'pending':
      return typeof hasWritten === 'boolean' && typeof detail === 'string';
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
