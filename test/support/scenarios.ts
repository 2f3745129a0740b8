import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadScenario, surroundingsOf } from '../../src/cli/simulate/scenarios.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { type RunOptions, type RunReport, runScenario } from '../../src/sim/run.ts';

/** Every scenario below a folder, by file name, in order. */
export function readScenarios(folder: string): readonly { readonly fileName: string; readonly scenario: Scenario }[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.yaml') && !name.endsWith('.config.yaml'),
  );
  return files.sort().map((name) => ({ fileName: name, scenario: loadScenario(join(folder, name)) }));
}

/** Runs a scenario, as `failover simulate` does. */
export function runFile(scenario: Scenario, options: Partial<RunOptions> = {}): RunReport {
  return runScenario(scenario, { ...surroundingsOf(scenario), ...options });
}
