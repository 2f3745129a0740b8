import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import { isBrokenConnection } from '../faults.ts';
import { invokeFunction, textLengthMax } from './lambda-calls.ts';

type Answer = Readonly<Record<string, unknown>>;

/** Asks functions that the user wrote. */
export type AsksHooks = Pick<LambdaHook, 'ask'>;

/**
 * Asks functions that the user wrote, and waits for their answer.
 *
 * Whoever stops waiting does not end the function. So nothing is sent twice: a connection that broke counts as a wait
 * without an answer, and a request that is still waited for here is not sent beside itself. Whoever asks again after a
 * `timeout` has to wait until the function must have ended; `core/watcher/run/hook-turns.ts` does.
 */
export class LambdaHook {
  readonly #clients: AwsClients;
  readonly #waiting = new Map<string, Promise<Answer>>();

  /** @param clients - their deadline is the time that a function has to answer */
  constructor(clients: AwsClients) {
    this.#clients = clients;
  }

  /**
   * @param functionName - name or ARN of the function
   * @param request - plain data; the function's event
   * @returns what the function answered: an object without `veto`
   * @throws {PortError} `denied` with the reason when it answered `{ veto: "reason" }`, `unavailable` when it failed,
   *   `invalid` when it answered anything but an object, `timeout` when it may still run
   */
  async ask(region: string, functionName: string, request: unknown): Promise<Answer> {
    const key = JSON.stringify([region, functionName, request]);
    const known = this.#waiting.get(key);
    if (known !== undefined) return await known;
    const asked = this.#send(region, functionName, request).finally(() => this.#waiting.delete(key));
    this.#waiting.set(key, asked);
    return await asked;
  }

  async #send(region: string, functionName: string, request: unknown): Promise<Answer> {
    const answer = await this.#invoke(region, functionName, request);
    if (!Object.hasOwn(answer, 'veto')) return answer;
    throw new PortError({ kind: 'denied', detail: String(answer.veto).slice(0, textLengthMax) });
  }

  async #invoke(region: string, functionName: string, request: unknown): Promise<Answer> {
    try {
      return await invokeFunction(this.#clients, region, functionName, request, isAnswer, { isRepeatable: false });
    } catch (error) {
      const isCutOff = error instanceof PortError && isBrokenConnection(error.cause);
      if (!isCutOff) throw error;
      const detail = `${functionName}: the connection broke, and the function may still run`;
      throw new PortError({ kind: 'timeout', detail }, error);
    }
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
