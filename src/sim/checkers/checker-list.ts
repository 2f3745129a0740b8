import type { SimEvent } from '../event.ts';
import type { World } from '../world/world.ts';
import { plannedInItsTime } from './calendar/s18-planned-in-its-time.ts';
import type { Checker, CheckerKind, Property, Violation } from './checker.ts';
import { memoryHolds } from './dns/s14-memory-holds.ts';
import { actuatorsAgree } from './l1-actuators-agree.ts';
import { deadActiveReplaced } from './l2-dead-active-replaced.ts';
import { oneActiveAnEpoch } from './s1-one-active-an-epoch.ts';
import { epochsRise } from './s2-epochs-rise.ts';
import { quorumOfFreshOpinions } from './s3-quorum-of-fresh-opinions.ts';
import { eligibleTarget } from './s4-eligible-target.ts';
import { fencedActuators } from './s5-fenced-actuators.ts';
import { intentBeforeEffect } from './s6-intent-before-effect.ts';
import { noForbiddenMove } from './s7-no-forbidden-move.ts';
import { poolStays } from './s8-pool-stays.ts';
import { missingIsNotDown } from './s9-missing-is-not-down.ts';
import { noControlPlane } from './s10-no-control-plane.ts';
import { fencedBeforePromotion } from './s11-fenced-before-promotion.ts';
import { dataBudget } from './s12-data-budget.ts';
import { noIdleWrite } from './s13-no-idle-write.ts';
import { oneMajority } from './s15-one-majority.ts';
import { noZombie } from './s16-no-zombie.ts';
import { asItWasMeant } from './s17-as-it-was-meant.ts';

/** Every property. */
export const checkerKinds: readonly CheckerKind[] = [
  oneActiveAnEpoch,
  epochsRise,
  quorumOfFreshOpinions,
  eligibleTarget,
  fencedActuators,
  intentBeforeEffect,
  noForbiddenMove,
  poolStays,
  missingIsNotDown,
  noControlPlane,
  fencedBeforePromotion,
  dataBudget,
  noIdleWrite,
  memoryHolds,
  oneMajority,
  noZombie,
  asItWasMeant,
  plannedInItsTime,
  actuatorsAgree,
  deadActiveReplaced,
];

/** How often each property was at stake, by property and by the way in which it was; 0 is there, too. */
export type Stakes = Readonly<Partial<Record<Property, Readonly<Record<string, number>>>>>;

/** Checks every property over one run. */
export class Checkers {
  readonly violations: Violation[] = [];
  readonly #world: World;
  readonly #stakes: Partial<Record<Property, Record<string, number>>> = {};
  readonly #checkers: readonly { readonly property: Property; readonly checker: Checker }[];

  constructor(world: World) {
    this.#world = world;
    this.#checkers = checkerKinds.map(({ property, stakes, make }) => {
      const counts: Record<string, number> = Object.fromEntries(stakes.map((stake) => [stake, 0]));
      this.#stakes[property] = counts;
      const checker = make(world, (stake) => {
        counts[stake] = (counts[stake] ?? 0) + 1;
      });
      return { property, checker };
    });
    world.observe((event) => this.#hear(event));
  }

  get stakes(): Stakes {
    return this.#stakes;
  }

  /** The run is over: what can only be judged then. */
  end(): void {
    for (const { property, checker } of this.#checkers) this.#note(property, checker.end?.() ?? null);
  }

  #hear(event: SimEvent): void {
    for (const { property, checker } of this.#checkers) this.#note(property, checker.hear(event));
  }

  #note(property: Property, detail: string | null): void {
    if (detail !== null) this.violations.push({ property, atMs: this.#world.nowMs, detail });
  }
}

/** Counts of several runs together. */
export function sumStakes(runs: readonly Stakes[]): Stakes {
  return Object.fromEntries(
    checkerKinds.map(({ property, stakes }) => {
      const countOf = (stake: string) => runs.reduce((sum, run) => sum + (run[property]?.[stake] ?? 0), 0);
      return [property, Object.fromEntries(stakes.map((stake) => [stake, countOf(stake)]))];
    }),
  );
}

/** Properties of which nothing was ever at stake. */
export function propertiesNeverAtStake(stakes: Stakes): readonly string[] {
  return Object.entries(stakes).flatMap(([property, counts]) =>
    Object.values(counts).every((count) => count === 0) ? [property] : [],
  );
}

/** What was never at stake, as `S5 older claim`. */
export function neverAtStake(stakes: Stakes): readonly string[] {
  return Object.entries(stakes).flatMap(([property, counts]) =>
    Object.entries(counts).flatMap(([stake, count]) => (count === 0 ? [`${property} ${stake}`] : [])),
  );
}
