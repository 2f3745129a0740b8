import { newEvent } from '../../alerting/event.ts';
import type { NamedService } from '../../model/service.ts';
import { recordOf } from '../../record.ts';
import { isListAsWanted, nextListStep } from '../../register/membership.ts';
import { forgottenVoters, majorityAmong, newestAccepted, type StatesByRegion } from '../../register/quorum.ts';
import type { Register } from '../../register/register.ts';
import { changeVoters } from '../../register/voter-change.ts';
import { call, type Routine, readTime } from '../../routine.ts';
import { isFresh } from '../../tables/freshness.ts';
import { wantingVoters } from '../../tables/service-view.ts';
import { proposerFor, tableRegionsOf, type WatcherState } from '../state.ts';

/**
 * Changes a service's list of voters to the control regions of this watcher's configuration.
 *
 * The list is changed only once a majority of the voters' own watchers run with this configuration. So two
 * configurations that run side by side never change the list back and forth, and a region that has left the list cannot
 * add itself again, whatever its old stack still runs. Nothing is written while no step can be taken. After a step that
 * failed there is a pause: a table that answers and takes no writes must keep nobody from anything else.
 *
 * @returns the job to do, null when there is nothing to do now
 */
export function listJob(
  state: WatcherState,
  service: NamedService,
  register: Register,
  nowMs: number,
): Routine<void> | null {
  if (nowMs < (state.nextListMs.get(service.name) ?? 0)) return null;
  const wanted = state.setup.deployment.controlRegions;
  const states = statesSeen(state, service.name);
  const newest = newestAccepted(states);
  if (newest === null || (isListAsWanted(register, wanted) && forgottenVoters(states, register).length === 0))
    return null;
  if (!mayChangeList(state, service, register, nowMs) || nextListStep(newest, states, wanted) === null) return null;
  return changeList(state, service, wanted);
}

function* changeList(state: WatcherState, service: NamedService, wanted: readonly string[]): Routine<void> {
  const { monotonicMs } = yield* readTime();
  const outcome = yield* changeVoters(proposerFor(state, service.name), wanted, (current) =>
    mayChangeList(state, service, current, monotonicMs),
  );
  if (outcome.outcome !== 'done' || outcome.steps === 0) {
    const endMs = (yield* readTime()).monotonicMs;
    state.nextListMs.set(service.name, endMs + service.failover.reconcileMs);
    return;
  }
  const voters = outcome.register.voters.map(({ region }) => region).join(', ');
  yield* call('log', { event: newEvent('voters-changed', service.name, `the voters are ${voters}`) });
}

/** Whether a majority of a register's own voters have watchers that want what this one wants. */
function mayChangeList(state: WatcherState, service: NamedService, register: Register, nowMs: number): boolean {
  const { region: own, deployment } = state.setup;
  const wishes = Object.fromEntries(
    register.voters.flatMap(({ region }) => {
      if (region === own) return [[region, deployment.controlRegions] as const];
      const wish = state.reads.get(region)?.view.opinions?.controlRegions;
      const isHeard = isFresh(state.sightings, region, service.detection.opinionTtlMs, nowMs);
      return isHeard && wish !== undefined ? [[region, wish] as const] : [];
    }),
  );
  return wantingVoters(register, wishes, deployment.controlRegions) >= majorityAmong(register.voters.length);
}

/**
 * The job of a region that has left the list: it writes the newest decided value to its own table, so that its oracle
 * stops voting. Other regions may not know this table any longer. The write is the accept of that value, repeated, as
 * if it arrived late.
 */
export function learnExclusion(state: WatcherState, service: NamedService): Routine<void> | null {
  const { region } = state.setup;
  const states = statesSeen(state, service.name);
  const newest = newestAccepted(states);
  const own = states[region];
  if (newest === null || own === undefined || own?.acceptedBallot === newest.acceptedBallot) return null;
  if (own !== null && own.promised > newest.acceptedBallot) return null;
  return repeatAccept();

  function* repeatAccept(): Routine<void> {
    if (newest === null) return;
    yield* call('accept', {
      region,
      service: service.name,
      ballot: newest.acceptedBallot,
      value: newest.accepted,
    });
  }
}

function statesSeen(state: WatcherState, service: string): StatesByRegion {
  const regions = tableRegionsOf(state);
  return recordOf(regions, (region) => state.reads.get(region)?.view.acceptors[service]);
}
