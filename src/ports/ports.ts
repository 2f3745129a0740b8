import type { Calls } from '../core/calls.ts';
import type { KindName } from '../core/kinds/kind-name.ts';
import type { Clock } from './clock.ts';
import type { Rng } from './rng.ts';

/**
 * What carries out each call of the core. A handler rejects with a `PortError` where the outside gave no usable answer.
 *
 * A probe never rejects: what the target did wrong is `fail`, and `unknown` only what this machine could not do.
 */
export type Handlers = {
  readonly [K in keyof Calls]: (input: Calls[K]['input']) => Promise<Calls[K]['output']>;
};

/** The handlers of some calls. */
export type HandlersOf<K extends keyof Calls> = Pick<Handlers, K>;

/** What reads and writes the things of one kind. */
export type KindHandlers<K extends KindName> = HandlersOf<`read:${K}` | `write:${K}`>;

/** All that a routine can reach. A call without a handler is answered with the fault `invalid`. */
export interface Ports {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly handlers: Partial<Handlers>;
}
