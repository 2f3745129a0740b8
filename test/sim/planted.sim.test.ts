import { expect, test } from 'vitest';
import { loadScenario } from '../../src/cli/simulate/scenarios.ts';
import { checkerKinds } from '../../src/sim/checkers/checker-list.ts';
import { plantedBugs, scenarioPathOf } from '../../src/sim/planted/bugs.ts';
import { runFile } from '../support/scenarios.ts';

for (const bug of plantedBugs) {
  test(`${bug.property} catches ${bug.name}: ${bug.mistake}`, () => {
    const scenario = loadScenario(`scenarios/planted/${scenarioPathOf(bug)}`);

    const report = runFile(scenario, { bug });

    expect(report.violations.map(({ property }) => property)).toContain(bug.property);
  });
}

test('every property that has a checker has a planted bug', () => {
  const properties = checkerKinds.map(({ property }) => property);

  const covered = new Set<string>(plantedBugs.map(({ property }) => property));

  expect(properties.filter((property) => !covered.has(property))).toEqual([]);
});
