import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { invokeFunction, textLengthMax } from './lambda-calls.ts';

type Answer = Readonly<Record<string, unknown>>;

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
  async ask(region: string, functionName: string, request: unknown): Promise<Answer> {
    const answer = await invokeFunction(this.#clients, region, functionName, request, isAnswer);
    if (!Object.hasOwn(answer, 'veto')) return answer;
    throw new PortError({ kind: 'denied', detail: String(answer.veto).slice(0, textLengthMax) });
  }
}

/** An object, whose `veto`, if it has one, says why. */
function isAnswer(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !Object.hasOwn(value, 'veto') || isReason((value as Answer).veto);
}

function isReason(veto: unknown): boolean {
  return typeof veto === 'string' && veto !== '';
}
