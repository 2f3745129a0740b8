import type { KindName } from '../../../core/kinds/kind-name.ts';
import { accelerator } from './accelerator.ts';
import { address } from './address.ts';
import { controls } from './controls.ts';
import { dns } from './dns.ts';
import { edge } from './edge.ts';
import { fence } from './fence.ts';
import type { SimKind } from './kind.ts';
import { promote } from './promote.ts';
import { publish } from './publish.ts';
import { rebuild } from './rebuild.ts';
import { route } from './route.ts';
import { start } from './start.ts';
import { targets } from './targets.ts';
import { work } from './work.ts';
import { zonal } from './zonal.ts';

/** How each kind behaves in the simulated world. */
export const simKinds: { readonly [K in KindName]: SimKind<K> } = {
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
};
