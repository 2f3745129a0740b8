import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PortError } from '../../ports/port-error.ts';
import type { AwsClients } from './clients.ts';

/** Longest part of what a function said that goes into a fault. */
const textLengthMax = 120;

/** Asks functions that the user wrote, and waits for their answer. */
export class LambdaHook {
  readonly #clients: AwsClients;

  /** @param clients - their deadline is the time that a function has to answer */
  constructor(clients: AwsClients) {
    this.#clients = clients;
  }

  /**
   * @param functionName - name or ARN of the function
   * @param request - plain data; the function's event
   * @returns what the function answered: an object without `veto`
   * @throws {PortError} `denied` with the reason when it answered `{ veto: "reason" }`, `unavailable` when it failed,
   *   `invalid` when it answered anything but an object
   */
  async ask(region: string, functionName: string, request: unknown): Promise<Readonly<Record<string, unknown>>> {
    const payload = new TextEncoder().encode(JSON.stringify(request));
    const command = new InvokeCommand({ FunctionName: functionName, Payload: payload });
    const { FunctionError, Payload } = await this.#clients.call((options) =>
      this.#clients.of(LambdaClient, region).send(command, options),
    );
    // Of an empty answer the SDK makes something that is no bytes, whatever its types say.
    const text = Payload instanceof Uint8Array ? new TextDecoder().decode(Payload) : '';
    if (FunctionError !== undefined) {
      throw new PortError({ kind: 'unavailable', detail: `${functionName} failed: ${text.slice(0, textLengthMax)}` });
    }
    const answer = parse(text);
    if (answer === null) throw unexpected(functionName, text);
    if (!Object.hasOwn(answer, 'veto')) return answer;
    const { veto } = answer;
    if (typeof veto !== 'string' || veto === '') throw unexpected(functionName, text);
    throw new PortError({ kind: 'denied', detail: veto.slice(0, textLengthMax) });
  }
}

function unexpected(functionName: string, text: string): PortError {
  return new PortError({ kind: 'invalid', detail: `${functionName} answered ${text.slice(0, textLengthMax)}` });
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}
