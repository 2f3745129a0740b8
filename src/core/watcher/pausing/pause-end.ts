import { newEvent } from '../../alerting/event.ts';
import { isPauseOver, pauseText } from '../../calendar/pause.ts';
import type { NamedService } from '../../model/service.ts';
import { changeRegister } from '../../register/proposer.ts';
import { type Register, withHistory } from '../../register/register.ts';
import { call, type Routine, readTime, type TimeReading } from '../../routine.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import { proposerFor, type WatcherState } from '../state.ts';
import { clocksOf } from '../table-reading.ts';

/**
 * Whether this watcher ends a pause now whose time is over. The watchers do so one after another, two ticks apart: they
 * do not contend, and one that cannot holds up nobody.
 */
export function isPauseEndDue(
  state: WatcherState,
  { detection }: NamedService,
  { members }: ServiceView,
  { pause, voters }: Register,
  time: TimeReading,
): boolean {
  if (pause?.untilMs === undefined) return false;
  const rank = [...members].sort().indexOf(state.setup.region);
  const due = { ...pause, untilMs: pause.untilMs + rank * 2 * detection.intervalMs };
  return isPauseOver(due, clocksOf(state, members, time), voters.length);
}

/** Takes the pause off the register, unless somebody has changed it meanwhile. Nothing else changes. */
export function* endPause(state: WatcherState, service: NamedService, { pause }: Register): Routine<void> {
  if (pause === null) return;
  const { wallMs } = yield* readTime();
  const what = `the pause is over (${pauseText(pause)})`;
  const outcome = yield* changeRegister(proposerFor(state, service.name), (current) => {
    const isSame =
      current !== null &&
      current.pause?.by === pause.by &&
      current.pause.reason === pause.reason &&
      current.pause.untilMs === pause.untilMs;
    const entry = { epoch: current?.epoch ?? 0, atMs: wallMs, by: state.setup.region, what };
    return isSame ? withHistory({ ...current, pause: null }, entry) : null;
  });
  if (outcome.outcome !== 'changed') return;
  const data = { by: pause.by, reason: pause.reason, untilMs: pause.untilMs ?? null };
  yield* call('log', { event: newEvent('pause-ended', service.name, what, { data }) });
}
