import { systemClock } from '../../adapters/system/clock.ts';
import { neverAtStake, propertiesNeverAtStake, sumStakes } from '../../sim/checkers/checker-list.ts';
import { findYamlFiles } from '../files.ts';
import type { SimulateFlags } from '../program.ts';
import { duration } from '../show/layout.ts';
import { showCounts, showScenario, showUntested } from '../show/run-report.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { type RunJobs, runOnAllCores } from './job-pool.ts';
import { keepShowing, ProgressLine } from './progress.ts';
import type { JobOutcome } from './simulation-job.ts';

/**
 * Runs scenarios and prints a line each, in the order of the files.
 *
 * @returns the exit code: 2 when a file is wrong, 1 when a scenario failed, or nothing of some property was at
 *   stake in a campaign
 * @throws {FailoverError} for a path that is not there
 */
export async function simulate(
  paths: readonly string[],
  flags: SimulateFlags,
  terminal: Terminal,
  runJobs: RunJobs = runOnAllCores,
): Promise<number> {
  const files = await findYamlFiles(paths);
  const progress = new ProgressLine(terminal, systemClock);
  const outcomes: (JobOutcome | undefined)[] = files.map(() => undefined);
  let printed = 0;
  const onOutcome = (outcome: JobOutcome, index: number) => {
    outcomes[index] = outcome;
    progress.clear();
    for (let next = outcomes[printed]; next !== undefined; next = outcomes[printed]) {
      print(next, files[printed] ?? '', flags, terminal);
      printed += 1;
    }
  };

  const jobs = files.map((file) => ({
    kind: 'scenario' as const,
    file,
    seed: flags.seed ?? null,
    isTraced: flags.trace ?? false,
  }));
  await keepShowing(
    progress,
    systemClock,
    runJobs(jobs, onOutcome, terminal.signal),
    (passedMs) => `${outcomes.filter(Boolean).length} of ${files.length} scenarios, ${duration(passedMs)}`,
  );

  const counts = countOf(outcomes);
  const reports = outcomes.flatMap((outcome) => (outcome?.kind === 'ran' ? [outcome.report] : []));
  const stakes = sumStakes(reports.map((report) => report.stakes));
  const untested = neverAtStake(stakes);
  // Few files may be about few things; only who says that they are all there is claims to try every property.
  const missed = flags.campaign === true ? propertiesNeverAtStake(stakes) : [];
  if (flags.json)
    printJson(terminal, {
      ...counts,
      stakes,
      untested,
      scenarios: files.map((file, at) => toJson(file, outcomes[at])),
    });
  else {
    terminal.out(`${showCounts(counts)}\n`);
    if (missed.length > 0) terminal.out(showUntested(missed));
  }
  if (counts.wrong > 0) return 2;
  return counts.failed > 0 || missed.length > 0 ? 1 : 0;
}

function print(outcome: JobOutcome, file: string, flags: SimulateFlags, terminal: Terminal): void {
  if (outcome.kind === 'wrong') terminal.err(`${outcome.error}\n`);
  else if (!flags.json) {
    const trace = outcome.kind === 'ran' ? outcome.lines : [];
    terminal.out(`${[...trace, showScenario(outcome, file)].join('\n')}\n`);
  }
}

function countOf(outcomes: readonly (JobOutcome | undefined)[]) {
  const count = (is: (outcome: JobOutcome) => boolean) => outcomes.filter((each) => each && is(each)).length;
  const passed = count((outcome) => outcome.kind === 'ran' && outcome.report.isPassed);
  const wrong = count((outcome) => outcome.kind === 'wrong');
  return { passed, failed: outcomes.length - passed - wrong, wrong };
}

function toJson(file: string, outcome: JobOutcome | undefined): object {
  if (outcome?.kind !== 'ran') return { fileName: file, isPassed: false, error: outcome?.error ?? 'not run' };
  const { report, tookMs, lines } = outcome;
  return { ...report, tookMs, ...(lines.length > 0 ? { trace: lines } : {}) };
}
