import type { Stakes } from '../../sim/checkers/checker-list.ts';
import type { PlantedBug } from '../../sim/planted/planted-bug.ts';
import type { RunReport } from '../../sim/run.ts';
import type { JobOutcome } from '../simulate/simulation-job.ts';
import { plural } from './layout.ts';

/** What can be shown of a job that could be done at all. */
export type Ran = Exclude<JobOutcome, { readonly kind: 'wrong' }>;

/** One line for a scenario that held; for one that did not, also each thing that it failed of. */
export function showScenario(outcome: Ran, file: string): string {
  if (outcome.kind === 'broken') return `FAIL ${file}\n       the simulation broke: ${outcome.error}`;
  const { report, tookMs } = outcome;
  if (report.isPassed) {
    return `ok   ${report.name} (${seconds(tookMs)}, simulated ${Math.round(report.durationMs / 1_000)} s)`;
  }
  return [`FAIL ${report.name} (seed ${report.seed})`, ...reasonsOf(report).map((why) => `       ${why}`)].join('\n');
}

/** A seed that failed: of what, and the line that replays it. */
export function showSeed(outcome: Ran, seed: number, commit: string): string {
  const title = outcome.kind === 'broken' ? `seed ${seed}` : outcome.report.name;
  const reasons = outcome.kind === 'broken' ? [`the simulation broke: ${outcome.error}`] : reasonsOf(outcome.report);
  return [
    `FAIL ${title}`,
    ...reasons.map((why) => `       ${why}`),
    `       replay at ${commit}: cdk-failover fuzz --seed ${seed}`,
  ].join('\n');
}

/** Whether a planted bug was caught by the property that it breaks. */
export function showPlanted(outcome: Ran, bug: PlantedBug): string {
  const by = outcome.kind === 'ran' ? catchOf(outcome.report, bug) : undefined;
  if (by) return `caught  ${bug.name}: ${by.property} at ${seconds(by.atMs)}, ${by.detail}`;
  const instead = outcome.kind === 'broken' ? `the simulation broke: ${outcome.error}` : reasonsOf(outcome.report)[0];
  return `MISSED  ${bug.name}: ${bug.mistake}, and ${bug.property} did not notice (${instead ?? 'nothing did'})`;
}

/** The violation by which a planted bug is caught; undefined when it is not. */
export function catchOf(
  report: RunReport,
  bug: Pick<PlantedBug, 'property'>,
): RunReport['violations'][number] | undefined {
  return report.violations.find(({ property }) => property === bug.property);
}

/** Every expectation that did not hold, and every breach of a property, as many as can be read. */
function reasonsOf({ fileName, failures, violations }: RunReport): readonly string[] {
  return [
    ...failures.map(({ line, atMs, why }) => {
      const place = line === null ? fileName : `${fileName}:${line}`;
      return `${place}: at ${seconds(atMs)}: ${why}`;
    }),
    ...breachesOf(violations),
  ];
}

/** Most breaches of one property that are printed; one mistake may break it at every step. */
const breachesMax = 20;

function breachesOf(violations: RunReport['violations']): readonly string[] {
  return [...new Set(violations.map(({ property }) => property))].flatMap((property) => {
    const own = violations.filter((violation) => violation.property === property);
    const shown = own.slice(0, breachesMax);
    const more = own.length - shown.length;
    return [
      ...shown.map(({ atMs, detail }) => `property ${property} broken at ${seconds(atMs)}: ${detail}`),
      ...(more > 0 ? [`property ${property} broken ${more} times more: --json has them all`] : []),
    ];
  });
}

/** How often each property was at stake, a line each: `S5   write 812, older claim 14`. */
export function showStakes(stakes: Stakes): string {
  const lines = Object.entries(stakes).map(([property, counts]) => {
    const ways = Object.entries(counts).map(([way, count]) => `${way} ${count}`);
    return `  ${property.padEnd(4)} ${ways.join(', ')}`;
  });
  return ['at stake:', ...lines, ''].join('\n');
}

/** What a campaign never put at stake, in a line. */
export function showUntested(untested: readonly string[]): string {
  return `never at stake: ${untested.join('; ')}\n`;
}

/** `3 passed, 1 failed`, and the wrong files if there are any. */
export function showCounts(counts: {
  readonly passed: number;
  readonly failed: number;
  readonly wrong: number;
}): string {
  const wrong = counts.wrong === 0 ? '' : `, ${plural(counts.wrong, 'wrong file')}`;
  return `${counts.passed} passed, ${counts.failed} failed${wrong}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
