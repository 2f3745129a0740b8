import { newEvent } from '../../alerting/event.ts';
import { notifierRegion } from '../../alerting/notification.ts';
import { secondOf } from '../../calendar/pause.ts';
import { plannedOutlook } from '../../calendar/planned-outlook.ts';
import { describePlanned, droppedLine, endOfPlan } from '../../calendar/planned-words.ts';
import type { DecisionInput } from '../../decision/decision-input.ts';
import type { NamedService } from '../../model/service.ts';
import { type PlannedSwitchover, withoutPlan } from '../../register/planned-switchover.ts';
import { changeRegister } from '../../register/proposer.ts';
import { majorityAmong } from '../../register/quorum.ts';
import { hasOpenRun, type Register, withHistory } from '../../register/register.ts';
import { pause, type Routine, readTime } from '../../routine.ts';
import type { ServiceView } from '../../tables/service-view.ts';
import { knownRegister } from '../alert-memory.ts';
import { announce, tell } from '../notifying.ts';
import { proposerFor, type WatcherState } from '../state.ts';
import { serviceViewOf } from '../table-reading.ts';

/**
 * Remembers what is planned before this process acts, so that it tells people of what changes from then on. What the
 * tables showed one look ago counts: so the last thing that its predecessor may have missed is told, perhaps twice.
 */
export function rememberPlans(state: WatcherState): void {
  for (const { name } of state.services) {
    const register = knownRegister(state, name);
    if (register !== null) state.plans.set(name, register.planned ?? null);
  }
}

/** Tells people that a switchover was planned, cancelled or dropped. The watcher of the notifier region does. */
export function* notePlan(
  state: WatcherState,
  service: NamedService,
  { freshWatchers }: ServiceView,
  register: Register,
): Routine<void> {
  const before = state.plans.get(service.name);
  const now = register.planned ?? null;
  if (before !== undefined && isSame(before, now)) return;
  state.plans.set(service.name, now);
  const isMine = notifierRegion(state.setup.deployment.controlRegions, freshWatchers) === state.setup.region;
  if (before === undefined || !isMine) return;
  if (before !== null) yield* tellEnd(state, service, before, register);
  if (now === null) return;
  const { by, reason, to, latestMs } = now;
  const until = `until ${secondOf(latestMs)} if something stands in its way`;
  const detail = `${describePlanned(now)}, ${until}; by ${by}: ${reason}`;
  yield* tell(state, newEvent('switchover-planned', service.name, detail, { site: to, data: dataOf(now) }));
}

function* tellEnd(
  state: WatcherState,
  service: NamedService,
  plan: PlannedSwitchover,
  register: Register,
): Routine<void> {
  const end = endOfPlan(plan, register.history);
  if (end === null) return;
  const about = { site: plan.to, data: dataOf(plan) };
  if (end.kind === 'cancelled') {
    const detail = `${describePlanned(plan)}: cancelled by ${end.by}`;
    yield* tell(state, newEvent('switchover-cancelled', service.name, detail, about));
  } else {
    yield* announce(state, newEvent('switchover-dropped', service.name, droppedLine(plan, end.why), about));
  }
}

function dataOf({ atMs, latestMs, by }: PlannedSwitchover) {
  return { atMs, latestMs, by };
}

function isSame(one: PlannedSwitchover | null, other: PlannedSwitchover | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Whether a plan is over, for a watcher that hears a majority. */
export function isDropDue({ freshWatchers, members }: ServiceView, input: DecisionInput): boolean {
  return freshWatchers.length >= majorityAmong(members.length) && plannedOutlook(input)?.kind === 'over';
}

/** Time between two watchers that drop the same plan: about one register change between far regions. */
const dropStaggerMs = 150;

/**
 * Drops a plan that is over. It is judged again inside the change, from the newest value. The watchers do so one after
 * another: they do not contend, and one that cannot holds up nobody.
 *
 * @param inputOf - everything that a decision about a value is made from
 */
export function* dropPlan(
  state: WatcherState,
  service: NamedService,
  inputOf: (register: Register) => DecisionInput,
): Routine<void> {
  const rank = [...state.setup.deployment.controlRegions].sort().indexOf(state.setup.region);
  yield* pause(rank * dropStaggerMs);
  const { wallMs, monotonicMs } = yield* readTime();
  const { register: view } = serviceViewOf(state, service, monotonicMs);
  if (view.kind === 'decided' && view.register.planned === undefined) return;
  const proposer = proposerFor(state, service.name, monotonicMs + service.detection.opinionTtlMs);
  yield* changeRegister(proposer, (current) => {
    if (current?.planned === undefined || hasOpenRun(current)) return null;
    const outlook = plannedOutlook(inputOf(current));
    if (outlook?.kind !== 'over') return null;
    const { epoch, planned } = current;
    const what = droppedLine(planned, outlook.why);
    return withHistory(withoutPlan(current), { epoch, atMs: wallMs, by: state.setup.region, what });
  });
}
