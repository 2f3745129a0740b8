/** A switchover that a person has asked for beforehand. The change that begins it takes it out of the register. */
export interface PlannedSwitchover {
  /** Site that was active when it was asked for. Once another one is active, the plan is void. */
  readonly from: string;
  readonly to: string;
  /** Earliest time, in epoch milliseconds, by the middle clock of the voters' watchers. */
  readonly atMs: number;
  /** Latest time at which it may begin, by the same clock. */
  readonly latestMs: number;
  /** Who asked for it. */
  readonly by: string;
  readonly reason: string;
}

/** The register without its plan. */
export function withoutPlan<R extends { readonly planned?: PlannedSwitchover }>(register: R): Omit<R, 'planned'> {
  const { planned: _, ...rest } = register;
  return rest;
}
