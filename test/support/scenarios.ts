import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadScenario, readScenario as readScenarioText, surroundingsOf } from '../../src/cli/simulate/scenarios.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import type { SimEvent } from '../../src/sim/event.ts';
import { applyEvent } from '../../src/sim/event-effects.ts';
import { type RunOptions, type RunReport, runScenario } from '../../src/sim/run.ts';
import { World } from '../../src/sim/world/world.ts';

/** Every scenario below a folder, by file name, in order. */
export function readScenarios(folder: string): readonly { readonly fileName: string; readonly scenario: Scenario }[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.yaml') && !name.endsWith('.config.yaml'),
  );
  return files.sort().map((name) => ({ fileName: name, scenario: loadScenario(join(folder, name)) }));
}

/** Runs a scenario, as `cdk-failover simulate` does. */
export function runFile(scenario: Scenario, options: Partial<RunOptions> = {}): RunReport {
  return runScenario(scenario, { ...surroundingsOf(scenario), ...options });
}

/** Reads a scenario that a test writes itself; `config:` is the path of a file from the repository's root. */
export function readScenario(text: string): Scenario {
  return readScenarioText(text, 'a test', (path) => readFileSync(path, 'utf8'));
}

/** Runs the events of a scenario, and hands over the world with all that happened in it. */
export function observe(scenario: Scenario): { readonly world: World; readonly events: readonly SimEvent[] } {
  const world = new World(scenario.deployment, { seed: scenario.seed });
  const events: SimEvent[] = [];
  world.observe((event) => events.push(event));
  const applying = { world, ...surroundingsOf(scenario) };
  for (const event of scenario.events) world.scheduler.at(event.atMs, () => applyEvent(event, applying));
  world.scheduler.runUntil(scenario.durationMs);
  return { world, events };
}
