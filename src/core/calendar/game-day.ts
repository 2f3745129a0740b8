import type { DecisionInput } from '../decision/decision-input.ts';
import { candidateOrder, chooseCandidate } from '../decision/eligibility.ts';
import { withMaintenance } from '../decision/open-windows.ts';
import type { GameDayWindow } from '../model/calendar.ts';
import type { NamedService } from '../model/service.ts';
import type { HeldGameDay } from '../register/game-day.ts';
import type { PlannedSwitchover } from '../register/planned-switchover.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import { movesActive } from '../register/run.ts';
import { openWindow } from './calendar.ts';
import { describePlanned } from './planned-words.ts';

/** Who has planned what the calendar asks for, as the history and `status` name it. */
export const calendarName = 'calendar';

/**
 * How long before its window a game day is planned, in milliseconds, so that people hear it and may take it back.
 * Source: our own; no longer than the shortest window, or it would be looked for in vain in between.
 */
const noticeMs = 10 * 60_000;

/** What a game day of the calendar writes into the register. */
export interface GameDayPlan {
  readonly planned: PlannedSwitchover;
  readonly gameDay: HeldGameDay;
}

/**
 * What a game day of the calendar plans now: the way out from shortly before its window, and in its second half the way
 * back.
 *
 * It only plans. The switchovers begin as every planned one does, with the same conditions: each has one half of the
 * window, and is dropped and told when something stood in its way. Each is planned once, because the register keeps the
 * window; what a person has planned, or takes back, stays as it is.
 *
 * @returns null when there is nothing to plan
 */
export function gameDayPlan(input: DecisionInput): GameDayPlan | null {
  const { service, register, group, wallMs } = input;
  if (wallMs === undefined || service.mode !== 'active-passive') return null;
  if (hasOpenRun(register) || register.planned !== undefined) return null;
  if (group !== null && group.leader !== service.name) return null;
  return wayBack(input, wallMs) ?? wayOut(input, wallMs);
}

/**
 * The register of a service that is born at this time: every window that has begun counts as held. Whoever has lost a
 * register does not know whether its game day was, and nobody wants one in the minutes after a first deployment.
 *
 * @param wallMs - epoch milliseconds
 */
export function withBegunGameDays({ gameDays = [] }: NamedService, register: Register, wallMs: number): Register {
  if (gameDays.length === 0) return register;
  const { active } = register;
  return {
    ...register,
    gameDay: { startMs: wallMs, untilMs: wallMs, home: active, to: active, isReturning: true },
  };
}

function wayOut(input: DecisionInput, wallMs: number): GameDayPlan | null {
  const { service, register } = input;
  const heldMs = register.gameDay?.startMs ?? 0;
  const windows = (service.gameDays ?? []).flatMap((window) => {
    const open = openWindow(window, wallMs) ?? openWindow(window, wallMs + noticeMs);
    return open === null || wallMs >= middleOf(open) || open.startMs <= heldMs ? [] : [{ window, open }];
  });
  for (const { window, open } of windows.toSorted((one, other) => one.open.startMs - other.open.startMs)) {
    const to = targetOf(window, input);
    if (to === null || to === register.active) continue;
    const home = register.active;
    return {
      planned: {
        from: home,
        to,
        atMs: open.startMs,
        latestMs: middleOf(open),
        by: calendarName,
        reason: 'game day',
      },
      gameDay: { ...open, home, to, isReturning: false },
    };
  }
  return null;
}

function wayBack({ register }: DecisionInput, wallMs: number): GameDayPlan | null {
  const { gameDay } = register;
  if (gameDay === undefined || gameDay.isReturning || !isLedAway(register, gameDay)) return null;
  if (wallMs < middleOf(gameDay) || wallMs > gameDay.untilMs) return null;
  return { planned: returnOf(gameDay), gameDay: { ...gameDay, isReturning: true } };
}

function returnOf(gameDay: HeldGameDay): PlannedSwitchover {
  const { to, home, untilMs } = gameDay;
  const reason = 'return from the game day';
  return { from: to, to: home, atMs: middleOf(gameDay), latestMs: untilMs, by: calendarName, reason };
}

/** A way back that could not even be planned until its window was over. */
export interface MissedReturn {
  readonly planned: PlannedSwitchover;
  readonly why: string;
  readonly gameDay: HeldGameDay;
}

/**
 * The way back of a game day that was never planned, though the service is still where the game day led it: a person's
 * plan stood in its place, a move was under way, or nobody was there to plan it. Null when there is none.
 */
export function missedReturn({ register, wallMs }: DecisionInput): MissedReturn | null {
  const { gameDay, active, planned } = register;
  if (gameDay === undefined || gameDay.isReturning || !isLedAway(register, gameDay)) return null;
  if (wallMs === undefined || wallMs <= gameDay.untilMs) return null;
  const stood = planned === undefined ? 'it was not planned' : `the ${describePlanned(planned)} stood in its way`;
  const why = `${stood} until the window was over; the service stays at ${active}`;
  return { planned: returnOf(gameDay), why, gameDay: { ...gameDay, isReturning: true } };
}

/**
 * Whether a service is where a game day led it, and no later move did. One whose way out was taken back, or did not
 * begin, may be at the same site because a person or a fault has led it there: then nothing leads it back.
 */
export function isLedAway(register: Register, { home, to }: HeldGameDay): boolean {
  const { run, epoch, active } = register;
  if (run?.epoch !== epoch || hasOpenRun(register)) return false;
  const isWayOut = run.reason === 'planned' && run.from === home && run.to === to;
  return active === to && to !== home && (isWayOut || !movesActive(run));
}

/** The site that is named, or who would take over now; where nobody could, the next in order, so that it is told. */
function targetOf({ to }: GameDayWindow, input: DecisionInput): string | null {
  if (to !== undefined) return to;
  const { service, register, knowledge } = withMaintenance(input);
  return chooseCandidate(service, register, knowledge) ?? candidateOrder(service, register, knowledge)[0] ?? null;
}

function middleOf({ startMs, untilMs }: Pick<HeldGameDay, 'startMs' | 'untilMs'>): number {
  return startMs + Math.floor((untilMs - startMs) / 2);
}
