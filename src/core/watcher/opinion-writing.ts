import { newEvent } from '../alerting/event.ts';
import { call, type Routine, readTime } from '../routine.ts';
import { opinionItemOf } from './opinion-handover.ts';
import type { WatcherState } from './state.ts';

/**
 * Writes this watcher's opinions to its region's table, and learns whether a younger process has taken over.
 *
 * There is one write at a time, so that no write overtakes another. Requests during a write lead to one more write, of
 * the opinions at that time.
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

/** A function, because the compiler does not see that other routines change the state while this one waits. */
function isOutdated(state: WatcherState): boolean {
  return state.writing === 'outdated' && !state.isSuperseded;
}

function* writeOnce(state: WatcherState): Routine<void> {
  const item = opinionItemOf(state, yield* readTime());
  const answer = yield* call('writeOpinions', { region: state.setup.region, item });
  if (answer.ok) state.handedOverAtMs = (yield* readTime()).monotonicMs;
  if (!answer.ok || !answer.value.isSuperseded || state.isSuperseded) return;
  state.isSuperseded = true;
  const data = { region: state.setup.region, generation: state.generation };
  yield* call('log', {
    event: newEvent('watcher-superseded', null, `generation ${state.generation} makes way`, { data }),
  });
}
