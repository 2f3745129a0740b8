import { expect, test } from 'vitest';
import { readScenarios, runFile } from '../support/scenarios.ts';

for (const { fileName, scenario } of readScenarios('scenarios')) {
  test(`${scenario.name} (${fileName})`, () => {
    const report = runFile(scenario);

    expect(report.failures).toEqual([]);
    expect(report.violations).toEqual([]);
  });
}
