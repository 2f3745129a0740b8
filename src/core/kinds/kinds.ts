import { accelerator } from './accelerator.ts';
import { address } from './address.ts';
import { controls } from './controls.ts';
import { dns } from './dns.ts';
import { edge } from './edge.ts';
import { fence } from './fence.ts';
import type { Kind } from './kind.ts';
import type { KindName } from './kind-name.ts';
import { promote } from './promote.ts';
import { publish } from './publish.ts';
import { rebuild } from './rebuild.ts';
import { route } from './route.ts';
import { start } from './start.ts';
import { targets } from './targets.ts';
import { work } from './work.ts';
import { zonal } from './zonal.ts';

/** Every kind by its name. Code that does something for each kind iterates over this object. */
export const kinds = {
  fence,
  promote,
  start,
  address,
  route,
  targets,
  accelerator,
  controls,
  edge,
  zonal,
  dns,
  work,
  rebuild,
  publish,
} satisfies {
  readonly [K in KindName]: { readonly name: K };
};

type Kinds = typeof kinds;

/** What an order of a kind asks for. */
export type DesiredOf<K extends KindName> = Parameters<Kinds[K]['nameOf']>[0];

/** The thing of a kind as it must become; the input of its read and write calls. */
export type ThingOf<K extends KindName> = Parameters<Kinds[K]['compare']>[0];

/** The state of the thing of a kind. */
export type StateOf<K extends KindName> = Parameters<Kinds[K]['compare']>[1];

/** What an order of any kind asks for. */
export type Desired = { readonly [K in KindName]: DesiredOf<K> }[KindName];

/** Any kind, for code that treats all kinds alike. */
export type AnyKind = Kind<Desired, unknown, unknown>;

/** The kind with a name, for code that treats all kinds alike. */
export function kindOf(name: KindName): AnyKind {
  return kinds[name];
}
