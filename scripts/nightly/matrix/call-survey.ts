import { surroundingsOf } from '../../../src/cli/simulate/scenarios.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { Checkers } from '../../../src/sim/checkers/checker-list.ts';
import { applyEvent } from '../../../src/sim/event-effects.ts';
import { World } from '../../../src/sim/world/world.ts';

/** A call that a run has made. */
export interface SeenCall {
  readonly api: string;
  readonly region: string;
  /** Control region or operator that made it. */
  readonly by: string;
  /** When it arrived there. */
  readonly atMs: number;
}

/** Who was active and served, by service. */
export interface Standing {
  readonly active: Readonly<Record<string, string>>;
  readonly serving: Readonly<Record<string, readonly string[]>>;
}

/** What a run without faults of calls was like. */
export interface Survey {
  readonly calls: readonly SeenCall[];
  readonly before: Standing;
  readonly moved: Standing;
  readonly end: Standing;
  readonly violations: readonly string[];
}

/** A call matters that is made this long before or after a decision; all others are made at rest. */
const nearMs = 15_000;

/**
 * Runs a scenario as `simulate` does.
 *
 * @param fromMs - calls before this are not noted
 * @param movedMs - when the failover is over
 */
export function surveyCalls(scenario: Scenario, fromMs: number, movedMs: number): Survey {
  const world = new World(scenario.deployment, { seed: scenario.seed });
  const checkers = new Checkers(world);
  const calls: SeenCall[] = [];
  const decidedMs: number[] = [fromMs];
  world.observe((event) => {
    if (event.type === 'decided') decidedMs.push(event.atMs);
    if (event.type !== 'api' || event.atMs < fromMs || event.outcome !== 'ok') return;
    calls.push({ api: event.api, region: event.region, by: event.by.place, atMs: event.atMs });
  });
  const applying = { world, ...surroundingsOf(scenario) };
  for (const event of scenario.events) world.scheduler.at(event.atMs, () => applyEvent(event, applying));
  world.scheduler.runUntil(fromMs - 1);
  const before = standingOf(world);
  world.scheduler.runUntil(movedMs);
  const moved = standingOf(world);
  world.scheduler.runUntil(scenario.durationMs);
  checkers.end();
  const violations = checkers.violations.map(({ property, detail }) => `${property}: ${detail}`);
  const isNear = (atMs: number) => decidedMs.some((instant) => Math.abs(instant - atMs) <= nearMs);
  return { calls: calls.filter(({ atMs }) => isNear(atMs)), before, moved, end: standingOf(world), violations };
}

function standingOf({ deployment, decisions }: World): Standing {
  const registers = Object.keys(deployment.services).flatMap((name) => {
    const register = decisions.newest(name);
    return register === undefined || register === null ? [] : [[name, register] as const];
  });
  return {
    active: Object.fromEntries(registers.map(([name, { active }]) => [name, active])),
    serving: Object.fromEntries(registers.map(([name, { serving }]) => [name, serving])),
  };
}

/**
 * Why a run cannot be the base of others; null when it can: the site was left and taken back, and nothing was broken.
 *
 * @param site - the one that stopped
 */
export function whyNoBase({ before, moved, end, violations }: Survey, site: string): string | null {
  const [violation] = violations;
  if (violation !== undefined) return violation;
  const still = Object.entries(moved.serving).filter(([, sites]) => sites.includes(site));
  if (still.length > 0) return `${still.map(([name]) => name).join(', ')} stayed at ${site}, which is down`;
  const isBack = JSON.stringify(end.active) === JSON.stringify(before.active);
  if (!isBack) return `ended with ${JSON.stringify(end.active)}, began with ${JSON.stringify(before.active)}`;
  return null;
}
