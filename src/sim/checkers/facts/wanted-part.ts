import type { NamedService } from '../../../core/model/service.ts';
import type { Register } from '../../../core/register/register.ts';
import type { World } from '../../world/world.ts';

/** A kind of thing that must be as the register says. */
export type WantedKind =
  | 'address'
  | 'routes'
  | 'record'
  | 'answers'
  | 'weights'
  | 'dials'
  | 'controls'
  | 'edge'
  | 'zonal shift'
  | 'record weights'
  | 'publication'
  | 'data'
  | 'size'
  | 'work'
  | 'fence';

/** One thing that must be so, read from the configuration and the register alone. */
export interface Wanted {
  readonly kind: WantedKind;
  /** Why it is not so; null when it is. */
  readonly why: string | null;
  /** Region whose actuator could make it so, and the APIs that it needs there; null when nobody has to do anything. */
  readonly by: { readonly region: string; readonly apis: readonly string[] } | null;
  /** How much longer it may take than what is repaired by itself, in milliseconds; absent: no longer. */
  readonly afterMs?: number;
}

/** What of one sort must be so. */
export type Part = (world: World, service: NamedService, register: Register) => readonly Wanted[];
