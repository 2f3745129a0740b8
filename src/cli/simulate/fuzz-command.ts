import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../adapters/system/clock.ts';
import { FailoverError } from '../../core/errors.ts';
import { neverAtStake, propertiesNeverAtStake, type Stakes, sumStakes } from '../../sim/checkers/checker-list.ts';
import { plantedBugs, scenarioPathOf } from '../../sim/planted/bugs.ts';
import type { RunReport } from '../../sim/run.ts';
import { type FuzzFlags, fuzzSeedsDefault } from '../program.ts';
import { duration, plural } from '../show/layout.ts';
import { catchOf, type Ran, showPlanted, showSeed, showStakes, showUntested } from '../show/run-report.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { findCommit } from './commit.ts';
import { type RunJobs, runOnAllCores } from './job-pool.ts';
import { keepShowing, ProgressLine } from './progress.ts';
import type { JobOutcome, SimulationJob } from './simulation-job.ts';

/** Where this program may lie below the folder that holds `scenarios/`: bundled, or in the sources. */
const roots = ['..', '../../..'];

/**
 * Seeds from which on a campaign fails when nothing of some property was at stake. S18 comes up least: about six times
 * in a hundred seeds, by its rarest half four times (docs/fuzz-log.md).
 */
const campaignSeedsMin = 100;
/**
 * The same for each way in which a property is at stake. The rarest, an override of the data budget, comes up twice in
 * so many.
 */
const thoroughSeedsMin = 300;

/**
 * Runs drawn scenarios, or the planted bugs.
 *
 * @returns the exit code: 1 when a seed failed, a planted bug was not caught, or a campaign of `campaignSeedsMin` seeds
 *   never put some property at stake, or one of `thoroughSeedsMin` some way of it
 */
export function fuzz(flags: FuzzFlags, terminal: Terminal, runJobs: RunJobs = runOnAllCores): Promise<number> {
  return flags.planted ? runPlanted(flags, terminal, runJobs) : runSeeds(flags, terminal, runJobs);
}

async function runSeeds(flags: FuzzFlags, terminal: Terminal, runJobs: RunJobs): Promise<number> {
  const first = flags.seed ?? 1;
  // One seed that is named is meant alone: that is how a failure is replayed.
  const count = flags.seeds ?? (flags.seed === undefined ? fuzzSeedsDefault : 1);
  const seeds = Array.from({ length: count }, (_, index) => first + index);
  const commit = await findCommit();
  const failed: { readonly seed: number; readonly outcome: Ran }[] = [];
  const ran: RunReport[] = [];
  const startedAtMs = systemClock.monotonicMs();
  // What is shrunk is traced when it is small.
  const isTraced = flags.trace === true && !flags.shrink;
  const jobs = seeds.map((seed) => ({ kind: 'seed' as const, seed, isTraced }));
  await runShowing('seeds', jobs, flags, terminal, runJobs, (outcome, index) => {
    const seed = seeds[index] ?? first;
    if (outcome.kind === 'ran') ran.push(outcome.report);
    if (outcome.kind === 'ran' && outcome.report.isPassed) return null;
    failed.push({ seed, outcome });
    const lines = outcome.kind === 'ran' ? outcome.lines : [];
    return [...lines, showSeed(outcome, seed, commit)].join('\n');
  });

  const tookMs = Math.round(systemClock.monotonicMs() - startedAtMs);
  failed.sort((a, b) => a.seed - b.seed);
  const [worst] = failed;
  const shrunk = flags.shrink && worst ? await shrinkSeed(worst.seed, flags, terminal, runJobs) : null;
  const counts = { passed: count - failed.length, failed: failed.length };
  const stakes = sumStakes(ran.map((report) => report.stakes));
  const untested = untestedBy(count, stakes);
  if (flags.json)
    printJson(terminal, {
      ...counts,
      firstSeed: first,
      seeds: count,
      commit,
      tookMs,
      failures: failed,
      shrunk,
      stakes,
      untested,
    });
  else {
    terminal.out(`${plural(count, 'seed')}: ${counts.passed} passed, ${counts.failed} failed (${duration(tookMs)})\n`);
    if (count > 1) terminal.out(showStakes(stakes));
    if (untested.length > 0) terminal.out(showUntested(untested));
  }
  return failed.length === 0 && untested.length === 0 ? 0 : 1;
}

/** What a campaign of so many seeds should have put at stake, and did not. */
function untestedBy(seeds: number, stakes: Stakes): readonly string[] {
  if (seeds >= thoroughSeedsMin) return neverAtStake(stakes);
  return seeds >= campaignSeedsMin ? propertiesNeverAtStake(stakes) : [];
}

async function shrinkSeed(seed: number, flags: FuzzFlags, terminal: Terminal, runJobs: RunJobs): Promise<Ran | null> {
  let shrunk: Ran | null = null;
  const job = { kind: 'shrink' as const, seed, isTraced: flags.trace ?? false };
  await runShowing(`of shrinking seed ${seed}`, [job], flags, terminal, runJobs, (outcome) => {
    shrunk = outcome;
    if (outcome.kind === 'broken') return `cannot shrink: ${outcome.error}`;
    return [`${outcome.report.name}:`, ...outcome.lines].join('\n');
  });
  return shrunk;
}

async function runPlanted(flags: FuzzFlags, terminal: Terminal, runJobs: RunJobs): Promise<number> {
  const folder = findPlantedFolder();
  const jobs = plantedBugs.map((bug) => ({
    kind: 'planted' as const,
    bug: bug.name,
    file: join(folder, scenarioPathOf(bug)),
  }));
  const caught: string[] = [];
  await runShowing('planted bugs', jobs, flags, terminal, runJobs, (outcome, index) => {
    const bug = plantedBugs[index];
    if (bug === undefined) return null;
    if (outcome.kind === 'ran' && catchOf(outcome.report, bug)) caught.push(bug.name);
    return showPlanted(outcome, bug);
  });

  const bugs = plantedBugs.map(({ name, property, mistake }) => ({
    name,
    property,
    mistake,
    isCaught: caught.includes(name),
  }));
  if (flags.json) printJson(terminal, { caught: caught.length, planted: bugs.length, bugs });
  else terminal.out(`${caught.length} of ${plural(bugs.length, 'planted bug')} caught\n`);
  return caught.length === bugs.length ? 0 : 1;
}

/** Runs jobs with progress and prints what `show` makes of each outcome, if anything. */
async function runShowing(
  noun: string,
  jobs: readonly SimulationJob[],
  flags: FuzzFlags,
  terminal: Terminal,
  runJobs: RunJobs,
  show: (outcome: Ran, index: number) => string | null,
): Promise<void> {
  const progress = new ProgressLine(terminal, systemClock);
  let done = 0;
  const onOutcome = (outcome: JobOutcome, index: number) => {
    done += 1;
    if (outcome.kind === 'wrong') throw new FailoverError('SCENARIO', outcome.error);
    const text = show(outcome, index);
    if (text === null || flags.json) return;
    progress.clear();
    terminal.out(`${text}\n`);
  };
  const work = runJobs(jobs, onOutcome, terminal.signal);
  await keepShowing(
    progress,
    systemClock,
    work,
    (passedMs) => `${done} of ${jobs.length} ${noun}, ${duration(passedMs)}`,
  );
}

function findPlantedFolder(): string {
  const folders = roots.map((root) => join(import.meta.dirname, root, 'scenarios', 'planted'));
  const folder = folders.find((candidate) => existsSync(candidate));
  if (folder === undefined) throw new FailoverError('USAGE', 'scenarios/planted is not there: run this in a clone');
  return folder;
}
