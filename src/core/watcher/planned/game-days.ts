import { gameDayPlan } from '../../calendar/game-day.ts';
import { describePlanned } from '../../calendar/planned-words.ts';
import type { DecisionInput } from '../../decision/decision-input.ts';
import type { NamedService } from '../../model/service.ts';
import { changeRegister } from '../../register/proposer.ts';
import { majorityAmong } from '../../register/quorum.ts';
import { type Register, withHistory } from '../../register/register.ts';
import { pause, type Routine, readTime } from '../../routine.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import { proposerFor, type WatcherState } from '../state.ts';

/** Time between two watchers that plan the same game day: about one register change between far regions. */
const planStaggerMs = 150;

/** Whether the calendar asks for something now, for a watcher that hears a majority. */
export function isGameDayDue({ freshWatchers, members }: ServiceView, input: DecisionInput): boolean {
  return freshWatchers.length >= majorityAmong(members.length) && gameDayPlan(input) !== null;
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
  const proposer = proposerFor(state, service.name, monotonicMs + service.detection.opinionTtlMs);
  yield* changeRegister(proposer, (current) => {
    const plan = current === null ? null : gameDayPlan(inputOf(current));
    if (current === null || plan === null) return null;
    const what = `${describePlanned(plan.planned)}: ${plan.planned.reason}`;
    return withHistory({ ...current, ...plan }, { epoch: current.epoch, atMs: wallMs, by: state.setup.region, what });
  });
}
