import type { FailoverEvent } from '../../alerting/event.ts';
import type { SettledEnd } from '../../decision/plan.ts';
import type { SiteKnowledge } from '../../detection/site-knowledge.ts';
import type { NamedService } from '../../model/service.ts';
import type { Register } from '../../register/register.ts';
import type { Run } from '../../register/run.ts';
import type { Routine } from '../../routine.ts';

/** How a step ended; `stale` means that another watcher has the run now and this one must stop. */
export type StepEnd = SettledEnd | { readonly state: 'stale'; readonly detail: string };

/** What a step has to go by. */
export interface StepContext {
  readonly service: NamedService;
  readonly run: Run;
  /** Region of the watcher that carries the run out. */
  readonly ownRegion: string;
  readonly controlRegions: readonly string[];
  /** How long the run has been open, or open again, as counted by this watcher and its predecessors. */
  readonly ageMs: () => number;
  /** How long this step may have begun: what it waits for has ended. Counted as `ageMs` is. */
  readonly stepAgeMs: () => number;
  /** For how long the run has shifted as much as the newest register says. Counted as `ageMs` is. */
  readonly shiftAgeMs: () => number;
  /** Hears of each attempt that failed. */
  readonly tell: (event: FailoverEvent) => Routine<void>;
  /** What the watchers hold of the sites now. */
  readonly look: () => Routine<SiteKnowledge>;
  /** The register as this run's own changes have left it. */
  readonly register: () => Register;
  /** The newest register that this watcher has seen, whoever changed it; null before the first look. */
  readonly seen: () => Register | null;
  /** Whether nothing is heard from a region: neither its watcher's opinions nor its table. */
  readonly isSilent: (region: string) => Routine<boolean>;
  /** How long that has been so, as counted by this watcher and its predecessors; 0 when it is not. */
  readonly silentMs: (region: string) => number;
  /** Journals how far traffic has been shifted; null when the run is somebody else's by now. */
  readonly setRamp: (ramp: Register['ramp']) => Routine<Register | null>;
}
