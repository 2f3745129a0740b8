import { isOffDue, workFor } from '../../kinds/work.ts';
import type { NamedService } from '../../model/service.ts';
import { tokenOf } from '../../register/run.ts';
import { call, type Routine, readTime } from '../../routine.ts';
import { isProvenStandby } from '../../tables/register-memory.ts';
import { isGuarding, outOfContactMs } from '../contact.ts';
import { startJob } from '../job.ts';
import type { WatcherState } from '../state.ts';
import { isLeaseOver, isUnborn, leaseMsOf, memoryOf, orderHere } from './lease.ts';

/**
 * Turns off the work of this region's own sites where no order with a claim can.
 *
 * At the end of the lease, whether or not a site has a fence: another region may do its work by then. And while this
 * region's table is dark, where the register says that the work is off here: whoever holds the run cannot claim here,
 * and the work would go on until the table is back. Drift repair turns it on again once a majority is heard and the
 * site is still active.
 */
export function* guardWork(state: WatcherState): Routine<void> {
  const { monotonicMs } = yield* readTime();
  for (const service of state.services) {
    if (service.mode !== 'active-passive' || !isGuarding(state, service) || isUnborn(state, service)) continue;
    for (const [site, { region }] of Object.entries(service.sites)) {
      if (region !== state.setup.region || !isDue(state, service, site, monotonicMs)) continue;
      yield* startJob(state, `work:${service.name}/${site}`, () => turnOff(state, service, site));
    }
  }
}

function isDue(state: WatcherState, service: NamedService, site: string, nowMs: number): boolean {
  const memory = memoryOf(state, service);
  if (isLeaseOver(outOfContactMs(state, service, nowMs), leaseMsOf(state, service, nowMs)))
    return !isProvenStandby(service, memory, site);
  const register = memory.decided?.register;
  return register !== undefined && !state.reads.has(state.setup.region) && isOffDue(service, register, site);
}

function* turnOff(state: WatcherState, service: NamedService, site: string): Routine<void> {
  const register = state.memories.get(service.name)?.decided?.register ?? null;
  const token = register === null ? { epoch: 0, attempt: 0 } : tokenOf(register.epoch, register.run);
  const [placed] = workFor(service, site, false, true);
  if (placed !== undefined)
    yield* orderHere(state, service, placed.desired, token, (region, order) => call('invoke', { region, order }));
}
