import type { PlannedSwitchover } from '../../../core/register/planned-switchover.ts';
import type { World } from '../../world/world.ts';
import { serviceIn } from '../checker.ts';
import { isOpen } from '../facts/windows.ts';

const minuteMs = 60_000;
/** How long before its window a game day may be planned: docs/calendar.md. */
const noticeMsMax = 10 * minuteMs;

/** A game day that was planned. */
interface Held {
  readonly startMs: number;
  readonly untilMs: number;
  readonly from: string;
  readonly to: string;
  isReturning: boolean;
}

/**
 * What watchers plan for the calendar: the way out at the start of one of its windows, once, and in that window the way
 * back, once. Read from the configuration, without the product's own code for it.
 */
export class GameDays {
  readonly #world: World;
  readonly #held = new Map<string, Held>();

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * The register of a service is founded anew: what was planned for later is lost with the old one.
   *
   * @param latestMs - the latest time that a majority may have agreed on
   */
  forgetLater(name: string, latestMs: number): void {
    if ((this.#held.get(name)?.startMs ?? 0) > latestMs) this.#held.delete(name);
  }

  /** What was planned last, with sites called as they are now. */
  #heldNow(name: string): Held | undefined {
    const held = this.#held.get(name);
    if (held === undefined) return undefined;
    const nameOf = (site: string) => this.#world.sites.nameOf(name, site);
    Object.assign(held, { from: nameOf(held.from), to: nameOf(held.to) });
    return held;
  }

  /**
   * What is wrong with a plan of the calendar that is new in a register; null when nothing is.
   *
   * @param latestMs - the latest time that a majority may have agreed on
   */
  judge(name: string, plan: PlannedSwitchover, latestMs: number): string | null {
    const { atMs } = plan;
    const held = this.#heldNow(name);
    const { gameDays = [] } = serviceIn(this.#world, name);
    const window = gameDays.find(({ cron }) => atMs % minuteMs === 0 && isOpen({ cron, forMs: minuteMs }, atMs));
    const isHome = held !== undefined && plan.from === held.to && plan.to === held.from && atMs > held.startMs;
    // The way out of a later window may lead where the way back would have led.
    if (isHome && (window === undefined || atMs < held.untilMs)) return judgeReturn(name, plan, held, latestMs);
    if (atMs - latestMs > noticeMsMax) return `${name} plans a game day ${atMs - latestMs} ms before its time`;
    if (held?.startMs === atMs) return `${name} holds the game day of one window a second time`;
    if (window === undefined) return `${name} plans a game day that no window asks for`;
    if (window.to !== undefined && window.to !== plan.to)
      return `${name} plans a game day to ${plan.to}, and its window names ${window.to}`;
    const untilMs = atMs + window.forMs;
    if (plan.latestMs >= untilMs) return `${name} plans a game day that leaves no time for the way back`;
    this.#held.set(name, { startMs: atMs, untilMs, from: plan.from, to: plan.to, isReturning: false });
    return null;
  }
}

function judgeReturn(name: string, plan: PlannedSwitchover, held: Held, nowMs: number): string | null {
  if (nowMs < plan.atMs) return `${name} plans the way back from a game day ${plan.atMs - nowMs} ms too early`;
  if (held.isReturning) return `${name} plans the way back from a game day a second time`;
  held.isReturning = true;
  const late = plan.latestMs - held.untilMs;
  return late > 0 ? `${name} may return from a game day ${late} ms after its window` : null;
}
