import type { Fault } from '../fault.ts';
import { type Digests, digestsOf, hashOf } from '../model/digest.ts';
import type { NamedService } from '../model/service.ts';
import type { FencingToken } from '../register/run.ts';
import type { Parts } from './kind.ts';
import { type Desired, kindOf } from './kinds.ts';

/**
 * What an actuator function is asked to do: make one thing as desired. Repeating an order is harmless.
 *
 * It names the service, its sites and the values that change. The function takes everything else from its own
 * deployment.
 */
export type Order = {
  readonly service: string;
  readonly token: FencingToken;
  /**
   * `enforce` claims the token before it reads, so that older orders are refused from then on. `repair` reads first and
   * claims only when it has to write, so that a regular check costs no write. `rehearse` only reads: it reports whether
   * the order could be carried out, as far as a read can show that. Where an order needs no claim, `enforce` writes
   * before it reads.
   */
  readonly manner: 'enforce' | 'repair' | 'rehearse';
  /** What whoever gives the order was configured with: of the service as a whole, and of each of its sites. */
  readonly digests: Digests;
  /** Hash of what the sender's configuration has for the thing; only of kinds that are asked for it. */
  readonly means?: string;
} & Desired;

/** An order of whoever was configured with `service`. */
export function newOrder(service: NamedService, token: FencingToken, manner: Order['manner'], desired: Desired): Order {
  const means = meansOf(service, desired);
  const said = means === null ? {} : { means };
  return { service: service.name, token, manner, digests: digestsOf(service), ...said, ...desired };
}

/** The hash of what a configuration has for a thing; null when it has none, or the kind is not asked for it. */
export function meansOf(service: NamedService, desired: Desired): string | null {
  const meant = kindOf(desired.kind).meantOf?.(desired, service) ?? null;
  return meant === null ? null : hashOf(meant);
}

/**
 * What a function of the user is asked for by an order, as a text that is the same for the same request; null when none
 * is asked.
 */
export function hookRequestOf(service: NamedService, region: string, order: Order): string | null {
  const kind = kindOf(order.kind);
  const thing = kind.thingOf(order as unknown as Parts, service, region);
  if (thing === null || !(kind.asksHook?.(thing) ?? false)) return null;
  return JSON.stringify({ kind: order.kind, ...thing, token: null });
}

/** What an actuator saw. */
export type StepReport =
  /** A read shows the thing as ordered. `hasWritten` is false when it was so already. */
  | { readonly outcome: 'as-ordered'; readonly hasWritten: boolean }
  /**
   * The change was asked for and is not complete yet, as with a boot or a promotion: `isUnderWay`. Ask again later. Or
   * it was only rehearsed, and would be asked for.
   */
  | {
      readonly outcome: 'pending';
      readonly hasWritten: boolean;
      readonly detail: string;
      readonly isUnderWay?: true;
      /** What keeps it from being there, where AWS says so. */
      readonly why?: string;
    }
  /** A newer token was claimed here, so the sender of the order no longer holds the run. */
  | { readonly outcome: 'stale'; readonly claimed: FencingToken }
  /**
   * The function was configured differently from whoever gave the order. Nothing was done, nor claimed; but a site that
   * cuts itself off is cut off as the function knows it, which proves nothing to whoever meant something else.
   */
  | {
      readonly outcome: 'disagreed';
      readonly detail: string;
      /** The function has the same thing all the same, so what its region closes in haste is what was meant. */
      readonly isSameThing?: true;
    }
  /** The thing is not as ordered, or its state is not known. */
  | { readonly outcome: 'failed'; readonly fault: Fault };
