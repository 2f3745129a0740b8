import type { PlannedSwitchover } from '../../../core/register/planned-switchover.ts';
import type { Register } from '../../../core/register/register.ts';
import type { World } from '../../world/world.ts';
import { beginsEpoch, checkerKind, type NoteStake, Spells, serviceIn } from '../checker.ts';
import { FirstAccepts, type Proposal } from '../facts/first-accepts.ts';
import { agreedTimes } from '../facts/windows.ts';
import { GameDays } from './game-days.ts';

type Stakes = 'planned' | 'game day' | 'a clock ahead' | 'taken out';

/**
 * S18: a planned switchover begins as a person or the calendar has planned it, in its time by a majority's clocks, and
 * once; and no watcher drops it before that time is over. Watchers plan what a window of `gameDays` asks for, once, and
 * nothing else.
 *
 * Judged at the instant at which a table first accepted it, by the middle clock of each majority that may have been
 * heard, and by the plan in the register that it replaces.
 */
export const plannedInItsTime = checkerKind({
  property: 'S18',
  stakes: ['planned', 'game day', 'a clock ahead', 'taken out'],
  make: (world, stake: NoteStake<Stakes>) => {
    const spells = new Spells();
    const begun = new Set<string>();
    const clocks = new Clocks(world);
    const gameDays = new GameDays(world);
    const firsts = new FirstAccepts(
      (name) => world.decisions.newest(name),
      (proposal) => whyNotNow(clocks, proposal),
    );
    return {
      hear: (event) => {
        firsts.hear(event);
        if (event.type === 'client') {
          const plan = world.decisions.newest(event.service)?.planned;
          if (plan !== undefined) clocks.note(event.service);
          if (spells.begins(event.service, plan !== undefined && isAheadOf(world, event.service, plan))) {
            stake('a clock ahead');
          }
        }
        if (event.type !== 'decided' || event.previous === null) return null;
        const { service, register, previous } = event;
        if (register.stage !== 'founded') gameDays.forgetLater(service, clocks.of(service).latestMs);
        const { planned } = register;
        if (planned && world.deployment.controlRegions.includes(planned.by))
          return `${service}: the watcher of ${planned.by} plans a switchover`;
        if (planned?.by === 'calendar' && keyOf(service, planned) !== keyOf(service, previous.planned)) {
          stake('game day');
          const wrong = gameDays.judge(service, planned, clocks.of(service).latestMs);
          if (wrong !== null) return wrong;
        }
        if (previous.planned && !planned && !beginsEpoch(event)) {
          stake('taken out');
          return whyNotDropped(world, clocks, event.service, previous.planned, register);
        }
        if (!beginsEpoch(event) || register.run?.reason !== 'planned') return null;
        stake('planned');
        const key = keyOf(service, previous.planned);
        if (planned !== undefined) return `${service} keeps the plan of a switchover that has begun`;
        if (begun.has(key)) return `${service} makes a planned switchover a second time`;
        begun.add(key);
        return firsts.of(event);
      },
    };
  },
});

/** What is wrong with a planned switchover as it is proposed; null when nothing is. */
function whyNotNow(clocks: Clocks, { service: name, register, previous }: Proposal): string | null {
  const { run } = register;
  if (run?.reason !== 'planned') return null;
  const { planned } = previous;
  if (planned === undefined) return `${name} makes a switchover to ${run.to} that nobody has planned`;
  if (run.kind !== 'switchover' || run.from !== planned.from || run.to !== planned.to || run.by !== planned.by)
    return `${name} makes a ${run.kind} ${run.from} > ${run.to}, and ${planned.from} > ${planned.to} was planned`;
  const { latestMs, earliestMs } = clocks.of(name);
  const early = planned.atMs - latestMs;
  if (early > 0) return `${name} makes a planned switchover ${early} ms before its time`;
  const late = earliestMs - planned.latestMs;
  return late > 0 ? `${name} makes a planned switchover ${late} ms after its latest time` : null;
}

/** The times that majorities may agree on, of the last moments too: clocks may have been read before they changed. */
class Clocks {
  readonly #world: World;
  readonly #noted = new Map<string, readonly { readonly atMs: number; readonly times: readonly number[] }[]>();

  constructor(world: World) {
    this.#world = world;
  }

  note(name: string): void {
    const { nowMs } = this.#world;
    this.#noted.set(name, [...this.#recent(name), { atMs: nowMs, times: agreedTimes(this.#world, name) }]);
  }

  /** The latest and the earliest of them. */
  of(name: string): { readonly latestMs: number; readonly earliestMs: number } {
    const times = [...this.#recent(name).flatMap((each) => each.times), ...agreedTimes(this.#world, name)];
    return { latestMs: Math.max(...times), earliestMs: Math.min(...times) - this.#slackMs(name) };
  }

  #recent(name: string) {
    const sinceMs = this.#world.nowMs - this.#slackMs(name);
    return (this.#noted.get(name) ?? []).filter(({ atMs }) => atMs >= sinceMs);
  }

  /** A clock is known from what its watcher wrote last, and a decision counts for as long as what it was made from. */
  #slackMs(name: string): number {
    const { intervalMs, opinionTtlMs } = serviceIn(this.#world, name).detection;
    return intervalMs + opinionTtlMs;
  }
}

/** What is wrong with a plan that is in the register no more, though nothing began; null when nothing is. */
function whyNotDropped(
  world: World,
  clocks: Clocks,
  name: string,
  { from, latestMs }: PlannedSwitchover,
  { active, history }: Register,
): string | null {
  const isByWatcher = world.deployment.controlRegions.includes(history[0]?.by ?? '');
  const early = latestMs - clocks.of(name).latestMs;
  // Once another site is active, the plan is void.
  return isByWatcher && active === from && early > 0
    ? `${name} drops a planned switchover ${early} ms before its latest time`
    : null;
}

/** Whether some clock, and no majority's, says that the time of a plan has come. */
function isAheadOf(world: World, name: string, { atMs }: PlannedSwitchover): boolean {
  const { nowMs, control, deployment } = world;
  const clocks = deployment.controlRegions.map((region) => nowMs + control.skewMsOf(region));
  return Math.max(...clocks) >= atMs && Math.max(...agreedTimes(world, name)) < atMs;
}

function keyOf(service: string, plan: PlannedSwitchover | undefined): string {
  return `${service} ${JSON.stringify(plan)}`;
}
