import { ConfigError } from '../../config/config-error.ts';
import type { Deployment } from '../../core/model/deployment.ts';
import { redeployment } from '../../scenario/file.ts';
import type { Overrides } from '../../scenario/overrides.ts';
import type { Scenario, ScenarioEvent } from '../../scenario/scenario.ts';
import type { ParseOperatorLine } from '../event-effects.ts';
import { type RunOptions, type RunReport, runScenario } from '../run.ts';
import { troublesOf } from './scenario-draw.ts';

/** Runs a scenario that was drawn, or a part of one, perhaps with a planted bug, perhaps with a line for each event. */
export function runDrawn(
  scenario: Scenario,
  parseOperatorLine: ParseOperatorLine,
  { bug, onTrace }: Pick<RunOptions, 'bug' | 'onTrace'> = {},
): RunReport {
  return runScenario(scenario, {
    parseOperatorLine,
    redeploy: (overrides) => redeployed(scenario, overrides),
    mayCrashesMiss: true,
    ...(bug ? { bug } : {}),
    ...(onTrace ? { onTrace } : {}),
  });
}

/** A drawn deployment that a rule refuses is not made, as `cdk deploy` would not make it. */
function redeployed(scenario: Scenario, overrides: Overrides): Deployment | { readonly message: string } {
  try {
    return redeployment(scenario, overrides);
  } catch (error) {
    if (error instanceof ConfigError) return { message: error.message };
    throw error;
  }
}

/** What a failing run failed of: its first violated property, or its first expectation. */
export function failureOf(report: RunReport): string | null {
  if (report.isPassed) return null;
  return report.violations[0]?.property ?? 'expectation';
}

/**
 * Makes a failing scenario small: leaves troubles out, one after another, for as long as it still fails of the same
 * thing. What heals them all stays, so that nothing fails for want of healing.
 *
 * Delta debugging in its plainest form (Zeller, 1999): halves first, then single troubles, until nothing more can go.
 *
 * @param fails - runs a candidate and says what it fails of, null when it passes
 * @param runsMax - bound on the number of candidates tried
 */
export function shrink(scenario: Scenario, fails: (candidate: Scenario) => string | null, runsMax = 300): Scenario {
  const wanted = fails(scenario);
  if (wanted === null) return scenario;
  const withOnly = (kept: readonly number[]): readonly ScenarioEvent[] =>
    scenario.events.filter(({ line }) => line === null || kept.includes(line));
  let troubles = troublesOf(scenario.events);
  let runs = 0;
  for (let size = Math.ceil(troubles.length / 2); size >= 1 && runs < runsMax; ) {
    const smaller = withoutSome(troubles, size, (candidate) => {
      runs += 1;
      return runs <= runsMax && fails({ ...scenario, events: withOnly(candidate) }) === wanted;
    });
    if (smaller === null) size = size === 1 ? 0 : Math.floor(size / 2);
    else troubles = smaller;
  }
  const events = withOnly(troubles);
  return { ...scenario, name: `${scenario.name}, shrunk to ${troubles.length} of them`, events };
}

function withoutSome(
  troubles: readonly number[],
  size: number,
  stillFails: (candidate: readonly number[]) => boolean,
): readonly number[] | null {
  for (let from = 0; from < troubles.length; from += size) {
    const candidate = [...troubles.slice(0, from), ...troubles.slice(from + size)];
    if (stillFails(candidate)) return candidate;
  }
  return null;
}
