import { type FencingToken, isOlder } from '../../../core/register/run.ts';
import type { Scheduler } from '../../scheduler.ts';

/** The functions of the user that run now: each until its own end, whoever waits for it. */
export class SimHooks {
  readonly #scheduler: Scheduler;
  readonly #running = new Map<string, number>();
  readonly #newest = new Map<string, FencingToken>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /**
   * An invocation begins.
   *
   * @param request - the same text for the same order
   * @returns whether it runs beside another one of the same order
   */
  begin(request: string, takesMs: number): boolean {
    const count = this.#running.get(request) ?? 0;
    this.#running.set(request, count + 1);
    this.#scheduler.after(takesMs, () => this.#running.set(request, (this.#running.get(request) ?? 1) - 1));
    return count > 0;
  }

  /**
   * Whether a function that opens fences refuses to: it has had an order of a later token. It remembers the newest, as
   * docs/sites/functions.md asks for. To close a fence it is never too late.
   */
  refuses(fence: string, isIsolated: boolean, token: FencingToken): boolean {
    const newest = this.#newest.get(fence);
    if (newest === undefined || isOlder(newest, token)) this.#newest.set(fence, token);
    return !isIsolated && newest !== undefined && isOlder(token, newest);
  }
}
