import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients, CallLimits } from '../clients.ts';

/** Longest part of what a function said that goes into a fault. */
export const textLengthMax = 120;

/** Sends an event to a function and does not wait for it; Lambda tries again by itself when the function fails. */
export async function sendEvent(
  clients: AwsClients,
  region: string,
  functionName: string,
  event: unknown,
): Promise<void> {
  const command = new InvokeCommand({
    FunctionName: functionName,
    InvocationType: 'Event',
    Payload: encode(event),
  });
  await clients.call((options) => clients.of(LambdaClient, region).send(command, options));
}

/**
 * Invokes a function and waits for its answer.
 *
 * @param clients - their deadline is the time that the function has to answer
 * @param functionName - name or ARN
 * @param event - plain data
 * @param isAnswer - whether the parsed answer is one; null is what could not be parsed. Strict: the answer of another
 *   version of the function, or of another function, must not pass
 * @param limits - left out: the clients' deadline, and once more when the connection breaks
 * @throws {PortError} `unavailable` when the function failed, `invalid` when it answered anything else, or the fault of
 *   the call itself
 */
export async function invokeFunction<T>(
  clients: AwsClients,
  region: string,
  functionName: string,
  event: unknown,
  isAnswer: (value: unknown) => value is T,
  limits: CallLimits = {},
): Promise<T> {
  const command = new InvokeCommand({ FunctionName: functionName, Payload: encode(event) });
  const { FunctionError, Payload } = await clients.call(
    (options) => clients.of(LambdaClient, region).send(command, options),
    limits,
  );
  // For an empty answer the SDK returns something that is no byte array, although its types say so.
  const text = Payload instanceof Uint8Array ? new TextDecoder().decode(Payload) : '';
  const shown = text.slice(0, textLengthMax);
  if (FunctionError !== undefined) {
    throw new PortError({ kind: 'unavailable', detail: `${functionName} failed: ${shown}` });
  }
  const answer = parse(text);
  if (isAnswer(answer)) return answer;
  throw new PortError({ kind: 'invalid', detail: `${functionName} answered ${shown}` });
}

function encode(event: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(event));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
