import { newEvent } from '../alerting/event.ts';
import { call, type Routine } from '../routine.ts';
import { opinionItemOf, type WatcherState } from './state.ts';

/** Writes what this watcher holds to its region's table, and learns whether a younger process has taken over. */
export function* publishOpinions(state: WatcherState): Routine<void> {
  const answer = yield* call('writeOpinions', { region: state.setup.region, item: opinionItemOf(state) });
  if (!answer.ok || !answer.value.isSuperseded || state.isSuperseded) return;
  state.isSuperseded = true;
  const data = { region: state.setup.region, generation: state.generation };
  yield* call('log', {
    event: newEvent('watcher-superseded', null, `generation ${state.generation} makes way`, { data }),
  });
}
