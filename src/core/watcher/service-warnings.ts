import { newEvent } from '../alerting/event.ts';
import { lagFaults } from '../decision/eligibility.ts';
import { type NamedService, nameNow } from '../model/service.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import type { Routine } from '../routine.ts';
import type { ServiceView } from '../tables/service-view.ts';
import { epochWatch } from '../tables/stopwatch.ts';
import { longestShiftMs } from '../timing.ts';
import { raise, resolve } from './alert-memory.ts';
import type { WatcherState } from './state.ts';

/** Raises an alarm when an open run is older than its bound, as this watcher and its predecessors have counted. */
export function* noteRun(state: WatcherState, service: NamedService, register: Register): Routine<void> {
  const name = `run:${service.name}`;
  const ageMs = state.stopwatches[epochWatch(service.name, register.epoch)] ?? 0;
  const { run } = register;
  if (run === null || !hasOpenRun(register) || ageMs === 0) {
    resolve(state, name);
    return;
  }
  const boundMs = longestShiftMs(service, run);
  const isLate = ageMs > boundMs;
  const tell = () => {
    const waiting = run.steps.filter((step) => step.state === 'pending').map((step) => step.name);
    const detail = `${run.kind} ${run.from} > ${run.to} is older than ${boundMs / 1_000} s; not ended: ${waiting.join(', ')}`;
    const data = { epoch: run.epoch, attempt: run.attempt, boundMs, waiting: waiting.join(' ') };
    return newEvent('run-too-slow', service.name, detail, { data });
  };
  yield* raise(state, name, isLate ? `late:${run.epoch}` : 'in time', tell, isLate);
}

/**
 * Raises an alarm when a standby is too far behind to take over, or does not report its lag.
 *
 * A site that is not up has an alarm of its own. A site in maintenance or of priority 0 never takes over, so it raises
 * none.
 */
export function* noteLag(
  state: WatcherState,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
): Routine<void> {
  const atWork = [register.active, register.writer, ...register.serving].map((site) => nameNow(service, site) ?? site);
  for (const [site, { priority }] of Object.entries(service.sites)) {
    const isStandby = !atWork.includes(site) && priority > 0 && !register.maintenance.includes(site);
    const isUp = serviceView.knowledge.verdicts[site] === 'up';
    const report = serviceView.knowledge.reports[site];
    // Whoever writes, by a person's hand for example, has none.
    const isWriter = report?.dataRole === 'sole-writer';
    const [fault] = isStandby && isUp && !isWriter ? lagFaults(service, report) : [];
    const tell = () => {
      const limit = `the limit is ${(service.failover.maxReplicationLagMs ?? 0) / 1_000} s`;
      const lagMs = report?.replicationLagMs ?? null;
      const detail =
        lagMs === null ? `${site} does not report its lag; ${limit}` : `${site} is ${lagMs / 1_000} s behind; ${limit}`;
      return newEvent('replication-lag', service.name, detail, { site, data: { lagMs } });
    };
    yield* raise(state, `lag:${service.name}/${site}`, fault ?? 'within', tell, fault !== undefined);
  }
}
