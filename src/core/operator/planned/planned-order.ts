import { calendarAt } from '../../calendar/calendar.ts';
import { secondOf } from '../../calendar/pause.ts';
import { cancelledLine, describePlanned } from '../../calendar/planned-words.ts';
import { ineligibilities } from '../../decision/eligibility.ts';
import type { NamedService } from '../../model/service.ts';
import { type PlannedSwitchover, withoutPlan } from '../../register/planned-switchover.ts';
import { hasOpenRun } from '../../register/register.ts';
import { describeRun } from '../../register/run-words.ts';
import { accept, type CommandContext, type CommandOutcome, mistaken, refuse, unchanged } from '../command-outcome.ts';
import { misplacedBecause } from '../hand-move.ts';

/** A switchover as a person asks for it beforehand. */
export interface PlannedOrder {
  /** Null until a line without a target has been refused. */
  readonly to: string | null;
  /** Earliest time, in epoch milliseconds. */
  readonly atMs: number;
  /** How long after it the switchover may still begin, in milliseconds. */
  readonly withinMs: number;
  readonly reason: string;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * How long a planned switchover may wait for what stands in its way, unless its order says so. Source: our own; it is
 * enough for a new watcher process and for a lag to be made up, and whoever has come for it is still there.
 */
export const withinMsDefault = 10 * minuteMs;

/** Longest such wait. Source: our own: one that goes on at another time of day is another plan. */
const withinMsMax = dayMs;

/** How far ahead a switchover may be planned. Source: our own: later, other people run what was planned. */
const aheadMsMax = 30 * dayMs;

/** Reasons against a site that no waiting ends. */
const lasting = ['never-eligible', 'region-not-allowed'] as const;

/** Judges a switchover that a person plans, and puts it into the register. */
export function planSwitchover(order: PlannedOrder, context: CommandContext): CommandOutcome {
  const { service, register, knowledge, by, votersMs } = context;
  const misplaced = misplacedBecause('switchover', context);
  if (misplaced !== null) return refuse(misplaced);
  const { to, atMs, withinMs, reason } = order;
  if (to === null) return mistaken('name the target: --to SITE');
  if (votersMs === null)
    return refuse('too few watchers are heard to know their time, by which it would begin; try again');
  const mistake = mistakeIn(order, to, context, votersMs);
  if (mistake !== null) return mistaken(mistake);
  if (hasOpenRun(register)) {
    return refuse(`${describeRun(register.run)} is in progress; plan the next switchover when it has ended`);
  }
  const plan: PlannedSwitchover = { from: register.active, to, atMs, latestMs: atMs + withinMs, by, reason };
  const { planned } = register;
  if (planned !== undefined) {
    return isSame(planned, plan)
      ? unchanged(`the ${describePlanned(plan)} is planned already, by ${planned.by}`)
      : refuse(
          `a ${describePlanned(planned)} by ${planned.by} is there already; say "cdk-failover switchover ${service.name} --cancel" first`,
        );
  }
  const faults = ineligibilities(service, register, knowledge, to);
  const never = lasting.find((fault) => faults.includes(fault));
  if (never !== undefined) return refuse(`${to} is refused (${never}), and no waiting ends that; choose another site`);
  const closed = closedThroughout(service, plan);
  if (closed !== null) return refuse(closed);
  const now = faults.length > 0 ? `; today ${to} would be refused (${faults.join(', ')})` : '';
  return accept(
    { ...register, planned: plan },
    `${describePlanned(plan)}: ${reason}`,
    context,
    `${service.name}: ${describePlanned(plan)}, or until ${secondOf(plan.latestMs)} if something stands in its way${now}`,
  );
}

/** Takes back what is planned. */
export function cancelSwitchover(context: CommandContext): CommandOutcome {
  const { register, service } = context;
  const { planned, run } = register;
  if (planned !== undefined) {
    const what = cancelledLine(planned);
    return accept(withoutPlan(register), what, context, `${service.name}: ${what}`);
  }
  if (hasOpenRun(register) && run?.reason === 'planned') {
    return refuse(`the ${describeRun(run)} has begun; watch it with "cdk-failover status ${service.name}"`);
  }
  return unchanged(`no switchover of ${service.name} is planned`);
}

function isSame(one: PlannedSwitchover, other: PlannedSwitchover): boolean {
  return one.from === other.from && one.to === other.to && one.atMs === other.atMs && one.latestMs === other.latestMs;
}

/**
 * What is wrong with an order, whatever the state of the service; null when nothing is.
 *
 * @param nowMs - the time by the voters' clocks, in epoch milliseconds
 */
function mistakeIn(
  { atMs, withinMs }: PlannedOrder,
  to: string,
  context: CommandContext,
  nowMs: number,
): string | null {
  const { service, register } = context;
  // At least some ticks, or no watcher may look in time.
  const withinMsMin = Math.max(minuteMs, 3 * service.detection.intervalMs);
  if (to === register.active) return `--to ${to}: it is active already; name another site`;
  if (atMs <= nowMs) {
    return `--at ${secondOf(atMs)} is past, for the watchers' clocks say ${secondOf(nowMs)}; to move now, leave --at out`;
  }
  if (atMs > nowMs + aheadMsMax) {
    return `--at ${secondOf(atMs)} is too far ahead: write a time until ${secondOf(nowMs + aheadMsMax)}`;
  }
  if (withinMs < withinMsMin) return `--within is too short for the watchers: write ${minutes(withinMsMin)} or more`;
  return withinMs > withinMsMax ? `--within is too long: write ${minutes(withinMsMax)} or less` : null;
}

function minutes(ms: number): string {
  return ms % hourMs === 0 ? `${ms / hourMs}h` : `${Math.ceil(ms / minuteMs)}m`;
}

/** Why windows of the calendar leave a plan no instant to begin; null when there is one. */
function closedThroughout(service: NamedService, { to, atMs, latestMs }: PlannedSwitchover): string | null {
  let openMs = atMs;
  let what = '';
  while (openMs <= latestMs) {
    const { freeze, maintenance } = calendarAt(service, openMs);
    const work = maintenance.find(({ site }) => site === to);
    if (freeze === null && work === undefined) return null;
    what = freeze === null ? `work is planned at ${to}` : `${service.name} is frozen`;
    openMs = Math.max(freeze?.untilMs ?? 0, work?.untilMs ?? 0);
  }
  return `${what} from before ${secondOf(atMs)} until ${secondOf(openMs)}; plan it for then, or say a longer --within`;
}
