import { parseOperatorLine } from '../../src/cli/operator/operator-line.ts';
import type { Deployment } from '../../src/core/model/deployment.ts';
import { lastResortName } from '../../src/core/model/service.ts';
import type { ScenarioEvent } from '../../src/scenario/scenario.ts';
import type { Violation } from '../../src/sim/checkers/checker.ts';
import { Checkers } from '../../src/sim/checkers/checker-list.ts';
import { applyEvent } from '../../src/sim/event-effects.ts';
import { statusNow } from '../../src/sim/status-observation.ts';
import { World } from '../../src/sim/world/world.ts';
import { type Fault, placeOf } from './faults.ts';

/** What came of one fault, as the clients of all services saw it. */
export interface Outcome {
  /** Services that began an epoch. */
  readonly moved: readonly string[];
  /** From the fault to the last bad answer, in milliseconds; 0 when there was none. */
  readonly lastBadMs: number;
  /** Bad answers of the last half minute, in percent. */
  readonly badAtEndPercent: number;
  /** What the first service's status says at the end. */
  readonly reason: string;
  /** Whether clients of the first service are sent to its static endpoint in the end. */
  readonly isLastResort: boolean;
  readonly violations: readonly Violation[];
}

/** When everything has settled, and so that resolvers have just asked again when the name changes: nearly the worst. */
const faultMs = 55_000;
/** Long enough for detection, a boot, a promotion and the TTL after each other. */
const watchedMs = 200_000;
const endMs = 30_000;
const seed = 1;

/** Simulates a deployment that meets one fault, which lasts. The same every time. */
export function tryFault(deployment: Deployment, fault: Fault): Outcome {
  const world = new World(deployment, { seed });
  const checkers = new Checkers(world);
  const moved = new Set<string>();
  let lastBadMs = 0;
  const atEnd = { all: 0, bad: 0 };
  world.observe((event) => {
    if (event.atMs < faultMs) return;
    if (event.type === 'decided' && event.previous !== null && event.register.epoch > event.previous.epoch) {
      moved.add(event.service);
    }
    if (event.type !== 'client') return;
    if (!event.isGood) lastBadMs = event.atMs - faultMs;
    if (event.atMs < faultMs + watchedMs - endMs) return;
    atEnd.all += 1;
    atEnd.bad += event.isGood ? 0 : 1;
  });
  const applying = { world, parseOperatorLine, redeploy: () => ({ message: 'nothing is deployed again' }) };
  for (const change of fault.changesFor(placeOf(deployment))) {
    const event = { ...change, atMs: faultMs, line: null } as ScenarioEvent;
    world.scheduler.at(faultMs, () => applyEvent(event, applying));
  }
  world.scheduler.runUntil(faultMs + watchedMs);
  const [first = ''] = Object.keys(deployment.services);
  const { reason, serving } = statusNow(world, first);
  return {
    moved: [...moved],
    lastBadMs,
    badAtEndPercent: (100 * atEnd.bad) / atEnd.all,
    reason,
    isLastResort: serving.includes(lastResortName),
    violations: checkers.violations,
  };
}
