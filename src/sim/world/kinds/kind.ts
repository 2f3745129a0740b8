import type { KindName } from '../../../core/kinds/kind-name.ts';
import type { StateOf, ThingOf } from '../../../core/kinds/kinds.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import type { Scheduler } from '../../scheduler.ts';
import type { SimCloud } from '../cloud.ts';
import type { SimDatabases } from '../databases.ts';
import type { SimControls } from '../resources/controls.ts';
import type { SimDials } from '../resources/dials.ts';
import type { SimHooks } from '../resources/hooks.ts';
import type { SimRoutes } from '../resources/routes.ts';
import type { SimScales } from '../resources/scales.ts';
import type { SimShifts } from '../resources/shifts.ts';
import type { SimStores } from '../resources/stores.ts';
import type { SimWork } from '../resources/work.ts';
import type { SimSites } from '../sites.ts';

/** What the kinds use of the world. */
export interface KindGround {
  readonly cloud: SimCloud;
  readonly scheduler: Scheduler;
  readonly sites: SimSites;
  readonly routes: SimRoutes;
  readonly dials: SimDials;
  readonly controls: SimControls;
  readonly stores: SimStores;
  readonly shifts: SimShifts;
  readonly scales: SimScales;
  readonly work: SimWork;
  readonly databases: SimDatabases;
  readonly hooks: SimHooks;
  readonly deployment: Deployment;
  /** Sites whose fence is closed are cut off from now on, and the others are not. */
  applyIsolation(): void;
}

/** The API calls that a kind's read and write stand for; faults and cuts are aimed at these. */
export interface ApiPair {
  readonly read: string;
  readonly write: string;
}

/** The same for one thing, with where they are. */
export interface KindApis extends ApiPair {
  /** Region of the API. */
  readonly region: string;
  /** Further regions that take the same call; they are asked while the first one does not answer. */
  readonly others?: readonly string[];
}

/** How the things of one kind behave, by the rules of AWS. Both `read` and `write` throw a `SimFault` for a refusal. */
export interface SimKind<K extends KindName> {
  /** Every pair that `apisOf` chooses from. */
  readonly apis: readonly ApiPair[];
  apisOf(thing: ThingOf<K>): KindApis;
  read(world: KindGround, thing: ThingOf<K>): StateOf<K>;
  /** Makes it so; whether anything has changed. */
  write(world: KindGround, thing: ThingOf<K>): boolean;
  /** What is written to, for the trace: a name or an id. */
  targetOf(thing: ThingOf<K>): string;
  /** What is wanted, and what is seen, as texts that are equal when nothing needs to be written. */
  wantedText(thing: ThingOf<K>): string;
  seenText(state: StateOf<K>, thing: ThingOf<K>): string;
}
