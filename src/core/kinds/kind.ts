import type { NamedService, Service } from '../model/service.ts';
import type { Ramp } from '../model/traffic.ts';
import type { Register } from '../register/register.ts';
import type { Run, RunOutline, StepName } from '../register/run.ts';
import { gateKinds, type KindName, trafficKinds } from './kind-name.ts';

/** How a thing compares with what is desired. `on-its-way`: the change was asked for and needs more time. */
export type Comparison = 'as-ordered' | 'on-its-way' | 'differs';

/** An order as it arrived, before its parts are checked. */
export type Parts = Readonly<Record<string, unknown>>;

/** What is desired, with the region whose function must bring it about. */
export interface Placed<D> {
  readonly region: string;
  readonly desired: D;
}

/** A step as a run plans it. */
export interface PlannedStep {
  /** What the step changes, for people: a site, an allocation id, a record name. */
  readonly resource: string;
  /** Region whose function does it; null when there are several, or when any function may do it. */
  readonly region: string | null;
  /** Steps that must have ended before this one begins. A step that the run does not have counts as ended. */
  readonly after: readonly StepName[];
}

/** The risk of skipping a step that leads clients to a site. */
export const stillLedTo = (from: string): string => `clients that come this way are still led to ${from}`;

/** The facts from which the orders of a run are derived. */
export interface RunFacts {
  readonly service: NamedService;
  readonly run: Run;
  /** The newest known value of the register. Its ramp changes while a run shifts traffic in parts. */
  readonly register: Register;
  /** Region of the watcher that carries the run out. */
  readonly ownRegion: string;
  readonly controlRegions: readonly string[];
}

/** The facts from which the desired state is derived while no run is open. */
export interface RestFacts extends Omit<RunFacts, 'run'> {
  /** How long the present epoch has lasted, in milliseconds. */
  readonly epochAgeMs: number;
}

/**
 * How a step gives its orders. `at-once`: all orders in parallel, each until it is done. `until-lease`: until there is
 * proof, or until the region has been silent for the lease. `under-the-fence`: after the possible loss of data has been
 * computed again. `until-ready`: until the sites have their size and their own probes pass. `in-shares`: repeatedly,
 * with more of the traffic each time. `in-turn`: what other sites give up first, then what the new one takes up.
 */
export type StepManner =
  | { readonly kind: 'at-once' }
  | { readonly kind: 'until-lease' }
  | { readonly kind: 'under-the-fence' }
  | { readonly kind: 'until-ready' }
  | { readonly kind: 'in-turn' }
  | { readonly kind: 'in-shares'; readonly ramp: Ramp };

/** Orders of a step that could not be carried out. */
export interface StepFailure {
  readonly detail: string;
  /** Regions in which an order failed, out of `askedCount` orders. */
  readonly regions: readonly string[];
  readonly askedCount: number;
}

/**
 * All that the engine knows of one kind.
 *
 * An order names only a service, its sites and the values that change (weights, an epoch, a direction). The function
 * that gets it rebuilds the thing from its own deployment. So an order cannot name anything that is not declared.
 *
 * @typeParam D - what an order asks for
 * @typeParam T - the thing as it must become, with the ids that the deployment has for it; the input of `read` and
 *   `write`
 * @typeParam S - the state of the thing, as `read` returns it
 */
export interface Kind<D extends { readonly kind: KindName }, T, S> {
  readonly name: D['kind'];

  /**
   * Whether its things belong to sites, and so are in the accounts of these. A record is in the account of its zone;
   * what else belongs to no site is in the account of the deployment.
   */
  readonly isOfSites: boolean;

  /** Whether its things belong to no region. Then one watcher alone looks after them, wherever it is. */
  readonly isOfNoRegion?: true;

  /**
   * Least pause between two looks at a thing at rest, in milliseconds, where each look is dear. Absent: it is looked at
   * in every round.
   */
  readonly lookMs?: number;

  /** Whether the function of a region can get orders for a service. */
  isIn(service: Service, region: string): boolean;

  /** The kind's step of a run; null when the run has none. */
  plan(service: NamedService, outline: RunOutline): PlannedStep | null;

  /** How the step gives its orders. */
  mannerOf(service: NamedService): StepManner;

  /** What a run asks for. */
  inRun(facts: RunFacts): readonly Placed<D>[];

  /** The detail of the step when it has no order to give. */
  readonly nothingToDo: string;

  /**
   * How long the step may wait for a thing that is on its way, in milliseconds; 0 where a change takes effect at once.
   */
  readonly patienceMs: number;

  /**
   * The fallback when orders of the step failed, in a few words; null when there is none, so that the step has failed.
   */
  fallbackOf(service: NamedService, failure: StepFailure): string | null;

  /** The risk that a person takes by skipping the step. */
  riskOfSkipping(from: string, to: string): string;

  /** What is desired while no run is open. */
  atRest(facts: RestFacts): readonly Placed<D>[];

  /** Sites that an order is about: whoever gives it and whoever carries it out must mean the same by them. */
  sitesOf(desired: D): readonly string[];

  /** The name of a thing in messages about drift. Different things of a service have different names. */
  nameOf(desired: D): string;

  /**
   * Rebuilds the thing that an order is about from the deployment of the function that got the order.
   *
   * @param parts - of any type, from any sender; not trusted
   * @param region - the function's own
   * @returns null when the service has no such thing in the region, or a part is missing or out of range
   */
  thingOf(parts: Parts, service: NamedService, region: string): T | null;

  /** Compares what is seen with what is desired. */
  compare(thing: T, seen: S): Comparison;

  /** Why a thing that is on its way is not there yet, for people; null where nobody says. Absent: nobody ever does. */
  hindranceOf?(seen: S): string | null;

  /**
   * Whether a function of the user is asked for the thing. It runs on when nobody waits for it any more, so it is not
   * asked again until it must have ended. Absent: it is not.
   */
  asksHook?(thing: T): boolean;

  /**
   * Whether an order needs no claim. A region that cuts off its own site may have lost its table too, so it cannot
   * claim.
   */
  isFreeOfClaim?(desired: D): boolean;

  /**
   * What a configuration has for a thing, as plain data: whoever has the same would touch the same, whatever else
   * differs between them. Null when it has none. Absent: only the digests of the whole tell.
   */
  meantOf?(desired: D, service: NamedService): unknown;

  /**
   * Whether an order is carried out by a function of another configuration too, on the thing as that one knows it. It
   * proves nothing to whoever gave it. Absent: only where it needs no claim.
   */
  isFreeOfAgreement?(desired: D): boolean;
}

/** Steps that must have ended before a site gets traffic. */
export const readySteps: readonly StepName[] = gateKinds;

/**
 * Steps after which a move has arrived: those that move traffic; where nothing steers clients, those that make the site
 * ready.
 */
export function arrivalSteps({ traffic }: Pick<Service, 'traffic'>): readonly StepName[] {
  return Object.values(traffic).some((its) => its !== undefined) ? trafficKinds : readySteps;
}
