import type { FailoverEvent } from '../../alerting/event.ts';
import type { SettledEnd } from '../../decision/plan.ts';
import type { SiteKnowledge } from '../../detection/site-knowledge.ts';
import type { Answer } from '../../fault.ts';
import type { Placed } from '../../kinds/kind.ts';
import type { Desired } from '../../kinds/kinds.ts';
import type { StepReport } from '../../kinds/order.ts';
import type { NamedService } from '../../model/service.ts';
import type { Register } from '../../register/register.ts';
import type { Run } from '../../register/run.ts';
import type { Routine } from '../../routine.ts';
import type { Closing } from '../fencing/closing-terms.ts';
import type { GiveOrder } from './hook-turns.ts';

/** How a step ended; `stale` means that another watcher has the run now and this one must stop. */
export type StepEnd = SettledEnd | { readonly state: 'stale'; readonly detail: string };

/** What a step can use. */
export interface StepContext {
  readonly service: NamedService;
  readonly run: Run;
  /** Region of the watcher that carries the run out. */
  readonly ownRegion: string;
  readonly controlRegions: readonly string[];
  /** How long the run has been open, or open again, as counted by this watcher and its predecessors. */
  readonly ageMs: () => number;
  /** How long this step has been allowed to run: the time since the steps before it ended. Counted like `ageMs`. */
  readonly stepAgeMs: () => number;
  /** How long the shift has been at the ramp of the newest register. Counted like `ageMs`. */
  readonly shiftAgeMs: () => number;
  /** Gives an order to the function of a region, in turn where a function of the user is asked. */
  readonly give: GiveOrder;
  /** Reports an attempt that failed. */
  readonly tell: (event: FailoverEvent) => Routine<void>;
  /** What the watchers hold of the sites now. */
  readonly look: () => Routine<SiteKnowledge>;
  /** Whether a site is up for every other member of the service's group that is there: all leave it together. */
  readonly isUpInGroup: (site: string) => Routine<boolean>;
  /** The register after this run's own changes. */
  readonly register: () => Register;
  /** The newest register that this watcher has seen, whoever changed it; null before the first look. */
  readonly seen: () => Register | null;
  /**
   * How long the region has been silent for every watcher that is heard, and none of its functions has answered a
   * holder of the run, as they and their predecessors have counted; null when it is not silent. Silent is a region
   * whose watcher's opinions are not fresh and whose table does not answer.
   *
   * @param ownMs - for how long the step itself has had no contact, where it has looked
   */
  readonly silentMs: (region: string, ownMs?: number) => Routine<number | null>;
  /** How long a region must be silent until its lease stands in for proof, by whatever lease it may still count. */
  readonly leaseWaitMs: (region: string) => number;
  /** Whether a site's region has last said that nobody there closes it at the end of the lease. */
  readonly isUnclosed: (site: string, what: Closing) => boolean;
  /** Notes what an order was answered with in a region, which is not cut off when anything answers there. */
  readonly noteAnswer: (placed: Placed<Desired>, answer: Answer<StepReport>) => void;
  /** Records in the register how far traffic has been shifted. Null when another watcher holds the run by now. */
  readonly setRamp: (ramp: Register['ramp']) => Routine<Register | null>;
}
