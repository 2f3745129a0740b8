import { newEvent } from '../alerting/event.ts';
import { call, type Routine, readTime } from '../routine.ts';
import { opinionItemOf } from './opinion-handover.ts';
import type { WatcherState } from './state.ts';

/**
 * Writes what this watcher holds to its region's table, and learns whether a younger process has taken over.
 *
 * One write at a time, so that none overtakes another: who asks meanwhile is served by one more write, of what is held
 * then.
 */
export function* publishOpinions(state: WatcherState): Routine<void> {
  if (state.writing !== 'idle') {
    state.writing = 'outdated';
    return;
  }
  do {
    state.writing = 'busy';
    state.sequence += 1;
    yield* writeOnce(state);
  } while (isOutdated(state));
  state.writing = 'idle';
}

/** Asked by a function: the compiler does not see that others change the state while this routine waits. */
function isOutdated(state: WatcherState): boolean {
  return state.writing === 'outdated' && !state.isSuperseded;
}

function* writeOnce(state: WatcherState): Routine<void> {
  const item = opinionItemOf(state, (yield* readTime()).monotonicMs);
  const answer = yield* call('writeOpinions', { region: state.setup.region, item });
  if (!answer.ok || !answer.value.isSuperseded || state.isSuperseded) return;
  state.isSuperseded = true;
  const data = { region: state.setup.region, generation: state.generation };
  yield* call('log', {
    event: newEvent('watcher-superseded', null, `generation ${state.generation} makes way`, { data }),
  });
}
