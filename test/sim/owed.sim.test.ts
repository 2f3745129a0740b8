import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readScenarios, runFile } from '../support/scenarios.ts';
import { owedScenarios } from './owed.ts';

const folder = 'scenarios-owed';
const scenarios = existsSync(folder) ? readScenarios(folder) : [];

test('every scenario that is owed says what it waits for', () => {
  const files = scenarios.map(({ fileName }) => fileName);

  expect(Object.keys(owedScenarios).sort()).toEqual(files);
});

for (const { fileName, scenario } of scenarios) {
  test(`still fails, else it moves below scenarios/: ${scenario.name} (${fileName})`, () => {
    const report = runFile(scenario);

    expect(report.isPassed).toBe(false);
  });
}
