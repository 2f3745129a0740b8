import { newEvent } from '../../alerting/event.ts';
import { gameDayPlan, type MissedReturn, missedReturn } from '../../calendar/game-day.ts';
import { describePlanned, droppedLine } from '../../calendar/planned-words.ts';
import type { DecisionInput } from '../../decision/decision-input.ts';
import type { NamedService } from '../../model/service.ts';
import { changeRegister } from '../../register/proposer.ts';
import { majorityAmong } from '../../register/quorum.ts';
import { type Register, withHistory } from '../../register/register.ts';
import { pause, type Routine, readTime } from '../../routine.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import { announce } from '../notifying.ts';
import { proposerFor, type WatcherState } from '../state.ts';

/** Time between two watchers that plan the same game day: about one register change between far regions. */
const planStaggerMs = 150;

/** Whether the calendar asks for something now, for a watcher that hears a majority. */
export function isGameDayDue({ freshWatchers, members }: ServiceView, input: DecisionInput): boolean {
  if (freshWatchers.length < majorityAmong(members.length)) return false;
  return gameDayPlan(input) !== null || missedReturn(input) !== null;
}

/**
 * Writes a switchover of the calendar into the register, where every planned one stands. It is judged again inside the
 * change, from the newest value; the watchers do so one after another.
 *
 * @param inputOf - everything that a decision about a value is made from
 */
export function* planGameDay(
  state: WatcherState,
  service: NamedService,
  inputOf: (register: Register) => DecisionInput,
): Routine<void> {
  const rank = [...state.setup.deployment.controlRegions].sort().indexOf(state.setup.region);
  yield* pause(rank * planStaggerMs);
  const { wallMs, monotonicMs } = yield* readTime();
  let missed: MissedReturn | null = null;
  const proposer = proposerFor(state, service.name, monotonicMs + service.detection.opinionTtlMs);
  const outcome = yield* changeRegister(proposer, (current) => {
    missed = current === null ? null : missedReturn(inputOf(current));
    if (current !== null && missed !== null) return withoutReturn(current, missed, wallMs);
    const plan = current === null ? null : gameDayPlan(inputOf(current));
    if (current === null || plan === null) return null;
    const what = `${describePlanned(plan.planned)}: ${plan.planned.reason}`;
    return withHistory({ ...current, ...plan }, { epoch: current.epoch, atMs: wallMs, by: state.setup.region, what });
  });
  if (outcome.outcome === 'changed' && missed !== null) yield* tellMissed(state, service, missed);

  function withoutReturn(current: Register, { planned, why, gameDay }: MissedReturn, atMs: number): Register {
    const entry = { epoch: current.epoch, atMs, by: state.setup.region, what: droppedLine(planned, why) };
    return withHistory({ ...current, gameDay }, entry);
  }
}

/** Tells people that a game day has not come back. Whoever has noted it in the register does, once. */
function* tellMissed(state: WatcherState, service: NamedService, { planned, why }: MissedReturn): Routine<void> {
  const { to, atMs, latestMs, by } = planned;
  const about = { site: to, data: { atMs, latestMs, by } };
  yield* announce(state, newEvent('switchover-dropped', service.name, droppedLine(planned, why), about));
}
