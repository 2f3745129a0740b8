import { newEvent } from '../alerting/event.ts';
import { fenceFor } from '../kinds/fence.ts';
import type { NamedService } from '../model/service.ts';
import { tokenOf } from '../register/run.ts';
import { call, type Routine, readTime, spawn } from '../routine.ts';
import { knownRegister, raise } from './alert-memory.ts';
import type { WatcherState } from './state.ts';

/**
 * Cuts off the active sites of this region when their lease has run out: no majority of state tables was in reach for
 * `leaseMs`, so a newer epoch may have been decided without this region knowing.
 *
 * A watcher that has never been in contact since it started cannot know how much of the lease is left, and holds none.
 */
export function* guardLeases(state: WatcherState): Routine<void> {
  const { monotonicMs } = yield* readTime();
  for (const service of state.services) {
    const register = knownRegister(state, service.name);
    const active = service.mode === 'active-passive' ? register?.active : undefined;
    if (register === null || active === undefined || service.sites[active]?.region !== state.setup.region) continue;
    const [placed] = fenceFor(service, active, true, true);
    const job = `lease:${service.name}`;
    if (placed === undefined || state.jobs.has(job) || !isLeaseOver(state.lastContactMs, service, monotonicMs))
      continue;

    state.jobs.add(job);
    yield* spawn(selfFence());
    function* selfFence(): Routine<void> {
      if (placed === undefined || register === null || active === undefined) return;
      const token = tokenOf(register.epoch, register.run);
      const order = { service: service.name, token, manner: 'repair', ...placed.desired } as const;
      const answer = yield* call('invoke', { region: placed.region, order });
      state.jobs.delete(job);
      const outcome = answer.ok ? answer.value.outcome : answer.fault.kind;
      const detail = `${active} lost the majority for ${service.failover.leaseMs / 1_000} s and was cut off here (${outcome})`;
      yield* raise(
        state,
        `self-fence:${service.name}:${register.epoch}`,
        outcome,
        newEvent('self-fenced', service.name, detail, { site: active, data: { outcome } }),
      );
    }
  }
}

/** Whether a lease that began with the last contact has run out; both times on one monotonic clock. */
export function isLeaseOver(lastContactMs: number | null, service: NamedService, nowMs: number): boolean {
  return lastContactMs === null || nowMs - lastContactMs >= service.failover.leaseMs;
}
