import type { SimEvent } from '../event.ts';
import type { World } from '../world/world.ts';
import type { Checker, MakeChecker, Violation } from './checker.ts';
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
import { fencedBeforeTraffic } from './s11-fenced-before-traffic.ts';
import { dataBudget } from './s12-data-budget.ts';
import { noIdleWrite } from './s13-no-idle-write.ts';

/** Every property. */
const makers: readonly MakeChecker[] = [
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
  fencedBeforeTraffic,
  dataBudget,
  noIdleWrite,
  actuatorsAgree,
  deadActiveReplaced,
];

/** Checks every property over one run. */
export class Checkers {
  readonly violations: Violation[] = [];
  readonly #world: World;
  readonly #checkers: readonly Checker[];

  constructor(world: World) {
    this.#world = world;
    this.#checkers = makers.map((make) => make(world));
    world.observe((event) => this.#hear(event));
  }

  /** The run is over: what can only be judged then. */
  end(): void {
    for (const checker of this.#checkers) this.#note(checker, checker.end?.() ?? null);
  }

  #hear(event: SimEvent): void {
    for (const checker of this.#checkers) this.#note(checker, checker.hear(event));
  }

  #note({ property }: Checker, detail: string | null): void {
    if (detail !== null) this.violations.push({ property, atMs: this.#world.nowMs, detail });
  }
}
