import { address } from './address.ts';
import { dns } from './dns.ts';
import { fence } from './fence.ts';
import type { Kind } from './kind.ts';
import type { KindName } from './kind-name.ts';
import { promote } from './promote.ts';
import { publish } from './publish.ts';
import { route } from './route.ts';
import { start } from './start.ts';
import { targets } from './targets.ts';

/** Every kind by its name. Whatever is done for each kind goes over this. */
export const kinds = { fence, promote, start, address, route, targets, dns, publish } satisfies {
  readonly [K in KindName]: { readonly name: K };
};

type Kinds = typeof kinds;

/** What an order of a kind wants. */
export type DesiredOf<K extends KindName> = Parameters<Kinds[K]['nameOf']>[0];

/** The thing of a kind as it shall be: what it is read and written by. */
export type ThingOf<K extends KindName> = Parameters<Kinds[K]['compare']>[0];

/** What is seen of the thing of a kind. */
export type StateOf<K extends KindName> = Parameters<Kinds[K]['compare']>[1];

/** What an order wants, of any kind. */
export type Desired = { readonly [K in KindName]: DesiredOf<K> }[KindName];

/** A kind, whichever. */
export type AnyKind = Kind<Desired, unknown, unknown>;

/** The kind of a name, for what is done in the same way for all. */
export function kindOf(name: KindName): AnyKind {
  return kinds[name];
}
