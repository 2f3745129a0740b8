import type { Expectation, Scenario } from '../scenario/scenario.ts';
import type { Violation } from './checkers/checker.ts';
import { Checkers, type Stakes } from './checkers/checker-list.ts';
import { type Applying, applyEvent, type ParseOperatorLine, type Redeploy } from './event-effects.ts';
import { whysNot } from './expectation-check.ts';
import { Measures } from './measures.ts';
import type { PlantedBug } from './planted/planted-bug.ts';
import { misreading, tampered } from './planted/tamper.ts';
import { traceLine } from './trace.ts';
import type { Mutation } from './world/control.ts';
import { World } from './world/world.ts';

/** What a run needs from outside. */
export interface RunOptions {
  readonly parseOperatorLine: ParseOperatorLine;
  /** Reads the scenario's configuration with changes. */
  readonly redeploy: Redeploy;
  /** Instead of the scenario's own. */
  readonly seed?: number | undefined;
  readonly bug?: PlantedBug | undefined;
  /** Whether a crash may find nothing to strike, as one that was drawn may. Otherwise that is a failure. */
  readonly mayCrashesMiss?: boolean | undefined;
  /** Hears every event as one line. */
  readonly onTrace?: ((line: string) => void) | undefined;
}

/** An expectation that did not hold. */
export interface Failure {
  readonly line: number | null;
  readonly atMs: number;
  readonly why: string;
}

/** How a run ended. */
export interface RunReport {
  readonly name: string;
  readonly fileName: string;
  readonly seed: number;
  readonly durationMs: number;
  readonly isPassed: boolean;
  readonly failures: readonly Failure[];
  readonly violations: readonly Violation[];
  readonly recoveryMs: Readonly<Record<string, number | null>>;
  /** How often each property was at stake. */
  readonly stakes: Stakes;
}

/** How often an expectation that must become or stay true is looked at, in simulated milliseconds. */
const lookEveryMs = 250;

/** Runs one scenario from its first instant to its last. The same seed gives the same run, byte for byte. */
export function runScenario(scenario: Scenario, options: RunOptions): RunReport {
  const { bug } = options;
  const seed = options.seed ?? scenario.seed;
  const world = new World(scenario.deployment, {
    seed,
    ...(bug ? { mutate: mutationBy(bug) } : {}),
    isRedeployForgetful: bug?.isRedeployForgetful ?? false,
    isAgreementPresumed: bug?.isAgreementPresumed ?? false,
    areCookiesForgotten: bug?.areCookiesForgotten ?? false,
    areFormerWatchersForgotten: bug?.areFormerWatchersForgotten ?? false,
  });
  const checkers = new Checkers(world);
  const measures = new Measures(world);
  const { onTrace } = options;
  if (onTrace) world.observe((event) => traceLine(event, onTrace));

  const applying: Applying = { world, parseOperatorLine: options.parseOperatorLine, redeploy: options.redeploy };
  for (const event of scenario.events) world.scheduler.at(event.atMs, () => applyEvent(event, applying));
  const failures: Failure[] = [];
  for (const expectation of scenario.expectations) schedule(expectation, world, measures, failures);

  world.scheduler.runUntil(scenario.durationMs);
  for (const expectation of scenario.expectations) {
    const isLast = expectation.when.kind === 'end' || expectation.when.kind === 'total';
    if (isLast) note(expectation, world, measures, failures);
  }
  checkers.end();
  if (!options.mayCrashesMiss) failures.push(...missedCrashes(world));
  for (const [alarm, atMs] of measures.undeployed)
    failures.push({ line: null, atMs, why: `alarm ${alarm} was raised, and no stack has it` });
  return {
    name: scenario.name,
    fileName: scenario.fileName,
    seed,
    durationMs: scenario.durationMs,
    isPassed: failures.length === 0 && checkers.violations.length === 0,
    failures: failures.sort((a, b) => a.atMs - b.atMs),
    violations: checkers.violations,
    stakes: checkers.stakes,
    recoveryMs: Object.fromEntries(
      Object.keys(world.deployment.services).map((name) => [name, measures.recoveryMs(name)]),
    ),
  };
}

/**
 * Crashes that nothing came of: what would follow them was not tried. Those of one instant are alternatives, since who
 * gets to a point first may be chance: one of them must strike.
 */
function missedCrashes({ crashes, nowMs }: World): readonly Failure[] {
  return crashes.neverStruck().map(({ watcher, when, point, line }) => ({
    line,
    atMs: nowMs,
    why: `the crash of watcher/${watcher} ${when} ${point} never struck: it did not get there`,
  }));
}

function mutationBy(bug: PlantedBug): Mutation {
  const tamper = bug.tamper?.() ?? null;
  const aheadMs = bug.wallAheadMs ?? 0;
  return (routine, identity) => {
    const made = tamper === null ? routine : tampered(routine, tamper, identity);
    return aheadMs === 0 || identity.role !== 'watcher' ? made : misreading(made, aheadMs);
  };
}

function schedule(expectation: Expectation, world: World, measures: Measures, failures: Failure[]): void {
  const { when } = expectation;
  const { scheduler } = world;
  if (when.kind === 'at') scheduler.at(when.atMs, () => note(expectation, world, measures, failures));
  if (when.kind === 'always') {
    const look = () => {
      const hasFailed = note(expectation, world, measures, failures);
      if (!hasFailed && scheduler.nowMs + lookEveryMs <= when.toMs) scheduler.after(lookEveryMs, look);
    };
    scheduler.at(when.fromMs, look);
  }
  if (when.kind === 'by') {
    const look = () => {
      if (whysNot(expectation, world, measures).length === 0) return;
      if (scheduler.nowMs >= when.byMs) note(expectation, world, measures, failures);
      else scheduler.at(Math.min(when.byMs, scheduler.nowMs + lookEveryMs), look);
    };
    scheduler.at(0, look);
  }
}

function note(expectation: Expectation, world: World, measures: Measures, failures: Failure[]): boolean {
  const whys = whysNot(expectation, world, measures);
  failures.push(...whys.map((why) => ({ line: expectation.line, atMs: world.nowMs, why })));
  return whys.length > 0;
}
