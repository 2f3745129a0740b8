import type { Fault } from '../fault.ts';
import { type Digests, digestsOf } from '../model/digest.ts';
import type { NamedService } from '../model/service.ts';
import type { FencingToken } from '../register/run.ts';
import type { Desired } from './kinds.ts';

/**
 * What an actuator function is asked to do: make one thing so. Repeating an order is harmless.
 *
 * It names the service, its sites and what moves; everything else the function has from its own deployment.
 */
export type Order = {
  readonly service: string;
  readonly token: FencingToken;
  /**
   * `enforce` claims the token before it even looks, so that older orders are shut out from then on. `repair` looks
   * first and claims only to write: a regular check costs no write. `rehearse` only looks: whether it could be done, as
   * far as that can be read.
   */
  readonly manner: 'enforce' | 'repair' | 'rehearse';
  /** What whoever gives the order was configured with: of the service as a whole, and of each of its sites. */
  readonly digests: Digests;
} & Desired;

/** An order of whoever was configured with `service`. */
export function newOrder(service: NamedService, token: FencingToken, manner: Order['manner'], desired: Desired): Order {
  return { service: service.name, token, manner, digests: digestsOf(service), ...desired };
}

/** What an actuator saw. */
export type StepReport =
  /** It is as ordered, read back; `hasWritten` is false when it already was. */
  | { readonly outcome: 'as-ordered'; readonly hasWritten: boolean }
  /** It has been asked for and is not there yet: a boot, a promotion. Ask again later. */
  | { readonly outcome: 'pending'; readonly hasWritten: boolean; readonly detail: string }
  /** A newer token was claimed here: whoever sent the order is no longer in charge. */
  | { readonly outcome: 'stale'; readonly claimed: FencingToken }
  /** The function was configured differently from whoever gave the order. Nothing was done, nor claimed. */
  | { readonly outcome: 'disagreed'; readonly detail: string }
  /** It is not, or it is not known to be, as ordered. */
  | { readonly outcome: 'failed'; readonly fault: Fault };
