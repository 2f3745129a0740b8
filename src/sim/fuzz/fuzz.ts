import { redeployment } from '../../scenario/file.ts';
import type { Scenario, ScenarioEvent } from '../../scenario/scenario.ts';
import type { ParseOperatorLine } from '../apply.ts';
import type { PlantedBug } from '../planted/planted-bug.ts';
import { type RunReport, runScenario } from '../run.ts';
import { drawScenario } from './draw.ts';

/** Runs one drawn scenario. */
export function fuzzSeed(seed: number, parseOperatorLine: ParseOperatorLine, bug?: PlantedBug): RunReport {
  return runDrawn(drawScenario(seed), parseOperatorLine, bug);
}

/** Runs a scenario that was drawn, or a part of one. */
export function runDrawn(scenario: Scenario, parseOperatorLine: ParseOperatorLine, bug?: PlantedBug): RunReport {
  return runScenario(scenario, {
    parseOperatorLine,
    redeploy: (overrides) => redeployment(scenario, overrides),
    ...(bug ? { bug } : {}),
  });
}

/** What a failing run failed of: its first violated property, or its first expectation. */
export function failureOf(report: RunReport): string | null {
  if (report.isPassed) return null;
  return report.violations[0]?.property ?? 'expectation';
}

/**
 * Makes a failing scenario small: leaves events out, one after another, for as long as it still fails of the same thing.
 *
 * Delta debugging in its plainest form (Zeller, 1999): halves first, then single events, until nothing more can go.
 *
 * @param fails - runs a candidate and says what it fails of, null when it passes
 * @param runsMax - bound on the number of candidates tried
 */
export function shrink(scenario: Scenario, fails: (candidate: Scenario) => string | null, runsMax = 300): Scenario {
  const wanted = fails(scenario);
  if (wanted === null) return scenario;
  let events: readonly ScenarioEvent[] = scenario.events;
  let runs = 0;
  for (let size = Math.ceil(events.length / 2); size >= 1 && runs < runsMax; ) {
    const smaller = withoutSome(events, size, (candidate) => {
      runs += 1;
      return runs <= runsMax && fails({ ...scenario, events: candidate }) === wanted;
    });
    if (smaller === null) size = size === 1 ? 0 : Math.floor(size / 2);
    else events = smaller;
  }
  return { ...scenario, name: `${scenario.name}, shrunk to ${events.length} events`, events };
}

function withoutSome(
  events: readonly ScenarioEvent[],
  size: number,
  stillFails: (candidate: readonly ScenarioEvent[]) => boolean,
): readonly ScenarioEvent[] | null {
  for (let from = 0; from < events.length; from += size) {
    const candidate = [...events.slice(0, from), ...events.slice(from + size)];
    if (stillFails(candidate)) return candidate;
  }
  return null;
}
