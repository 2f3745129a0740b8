import { expect, test } from 'vitest';
import { readScenarioPart, runFile } from './scenarios.ts';

/** Makes a test of each scenario of a part: it meets its expectations, and every property holds. */
export function testScenarioPart(part: number): void {
  for (const { fileName, scenario } of readScenarioPart(part)) {
    test(`${scenario.name} (${fileName})`, () => {
      const report = runFile(scenario);

      expect(report.failures).toEqual([]);
      expect(report.violations).toEqual([]);
    });
  }
}
