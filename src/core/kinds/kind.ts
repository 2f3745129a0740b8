import type { NamedService, Service } from '../model/service.ts';
import type { Ramp } from '../model/traffic.ts';
import type { Register } from '../register/register.ts';
import type { Run, RunOutline, StepName } from '../register/run.ts';
import type { KindName } from './kind-name.ts';

/** How a thing compares with what is wanted; `on-its-way`: it was asked for, and only time is missing. */
export type Comparison = 'as-ordered' | 'on-its-way' | 'differs';

/** An order as it came in: nothing is known of its parts yet. */
export type Parts = Readonly<Record<string, unknown>>;

/** What is wanted, with the region whose function makes it so. */
export interface Placed<D> {
  readonly region: string;
  readonly desired: D;
}

/** A step as a run plans it. */
export interface PlannedStep {
  /** What it touches, for people: a site, an allocation id, a record name. */
  readonly resource: string;
  /** Region whose function does it; null when there are several, or when any may. */
  readonly region: string | null;
  /** Steps that must have ended before; one that the run does not have counts as ended. */
  readonly after: readonly StepName[];
}

/** The risk of going on without a step that leads clients to a site. */
export const stillLedTo = (from: string): string => `clients that come this way are still led to ${from}`;

/** What the orders of a run follow from. */
export interface RunFacts {
  readonly service: NamedService;
  readonly run: Run;
  /** The newest value that is known; its ramp moves while a run shifts traffic in parts. */
  readonly register: Register;
  /** Region of the watcher that carries the run out. */
  readonly ownRegion: string;
  readonly controlRegions: readonly string[];
}

/** What is wanted while no run is open follows from this. */
export interface RestFacts extends Omit<RunFacts, 'run'> {
  /** How long the present epoch has lasted. */
  readonly epochAgeMs: number;
}

/**
 * How a step gives its orders. `at-once`: all of them side by side, each until it is done. `until-lease`: until there
 * is proof, or silence for the lease. `under-the-fence`: once what would be lost has been reckoned again.
 * `until-ready`: then waits for the sites' own probes. `in-shares`: again and again, more of the traffic each time.
 */
export type StepManner =
  | { readonly kind: 'at-once' }
  | { readonly kind: 'until-lease' }
  | { readonly kind: 'under-the-fence' }
  | { readonly kind: 'until-ready' }
  | { readonly kind: 'in-shares'; readonly ramp: Ramp };

/** Orders of a step that could not be carried out. */
export interface StepFailure {
  readonly detail: string;
  /** Regions in which it failed, of `askedCount`. */
  readonly regions: readonly string[];
  readonly askedCount: number;
}

/**
 * All that the engine knows of one kind.
 *
 * An order names a service, its sites and what moves (weights, an epoch, a direction), and nothing else. The function
 * that gets it rebuilds the thing from its own deployment: an order cannot carry the name of anything that is not
 * declared.
 *
 * @typeParam D - what an order wants
 * @typeParam T - the thing as it shall be, with the ids that the deployment has for it; what `read` and `write` are
 *   given
 * @typeParam S - what is seen of the thing
 */
export interface Kind<D extends { readonly kind: KindName }, T, S> {
  readonly name: D['kind'];

  /** Whether the function of a region has something to do for a service. */
  isIn(service: Service, region: string): boolean;

  /** The kind's step of a run; null when the run has none. */
  plan(service: NamedService, outline: RunOutline): PlannedStep | null;

  /** How the step gives its orders. */
  mannerOf(service: NamedService): StepManner;

  /** What a run wants. */
  inRun(facts: RunFacts): readonly Placed<D>[];

  /** What the step says of itself when it wants nothing. */
  readonly nothingToDo: string;

  /** How old a run may be while a thing is on its way, in milliseconds; 0 where nothing takes time. */
  readonly patienceMs: number;

  /** What stands in when orders of the step failed, in a few words; null when nothing does, and the step has failed. */
  fallbackOf(service: NamedService, failure: StepFailure): string | null;

  /** What may happen when a person lets a move go on without the step. */
  riskOfSkipping(from: string, to: string): string;

  /** What is wanted while no run is open. */
  atRest(facts: RestFacts): readonly Placed<D>[];

  /** Sites that an order is about: whoever gives it and whoever carries it out must mean the same by them. */
  sitesOf(desired: D): readonly string[];

  /** What a thing is called when it is found changed; different things of a service have different names. */
  nameOf(desired: D): string;

  /**
   * Rebuilds what an order wants from the deployment of the function that got it.
   *
   * @param parts - of any type, whoever sent them
   * @param region - the function's own
   * @returns null when the service has no such thing in the region, or a part is missing or out of range
   */
  thingOf(parts: Parts, service: NamedService, region: string): T | null;

  /** How what is seen compares with what is wanted. */
  compare(thing: T, seen: S): Comparison;

  /** Whether an order needs no claim: a region that cuts off its own site may have lost its table, too. */
  isFreeOfClaim?(desired: D): boolean;
}

/** Steps that have ended before a site gets traffic. */
export const readySteps: readonly StepName[] = ['fence', 'promote', 'start'];
