import type { Deployment } from '../../core/model/deployment.ts';
import type { Mending } from '../../dashboard/drill-result.ts';
import { type Injection, injectFault, refuseFault } from '../lab/faults.ts';
import type { Lab } from '../lab/lab.ts';
import type { DrillFault, LabFault } from '../program.ts';
import type { DrillRecord } from './drill-record.ts';

/** A lab at rest, with a client that is well served. */
export interface Scene {
  readonly lab: Lab;
  readonly service: string;
  readonly record: DrillRecord;
  readonly signal: AbortSignal;
}

/** How the active site of a drill comes to fail, and how it is mended afterwards. */
export interface Strike {
  readonly fault: DrillFault;
  /** The command that stops the site; null where it is the lab or a person. */
  readonly command: string | null;
  /** Whether it may happen at any instant between two ticks; a person comes when he comes. */
  readonly isTimed: boolean;
  /** @throws {FailoverError} USAGE when it cannot be done to the sites of this deployment */
  readonly refuse: (deployment: Deployment) => void;
  /**
   * Lets the active site fail, or waits until it does.
   *
   * @throws {FailoverError} when it cannot be done, or did not happen; the signal's reason when aborted
   */
  readonly begin: (scene: Scene) => Promise<Injection>;
  /** Mends the site if there is a way to; null where there is none. Never throws, and does it once. */
  readonly mend: () => Promise<Mending | null>;
}

/** A fault that the lab itself makes. */
export function labStrike(fault: LabFault): Strike {
  return {
    fault,
    command: null,
    isTimed: true,
    refuse: (deployment) => refuseFault(deployment, fault),
    begin: ({ lab, service }) => injectFault(lab, fault, service),
    mend: async () => null,
  };
}
