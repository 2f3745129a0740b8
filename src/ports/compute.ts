import type { Isolation } from '../core/calls.ts';

/** Instances, as far as fencing needs them. */
export interface Compute {
  /** True only when every instance is in the isolation group and in no other. */
  readIsolation(region: string, instanceIds: readonly string[], groupId: string): Promise<Isolation>;
  /** Swaps the instances into the isolation group, remembering their groups, or back. */
  setIsolation(region: string, instanceIds: readonly string[], groupId: string, isIsolated: boolean): Promise<void>;
}
