import { systemClock } from '../../adapters/system/clock.ts';
import { FailoverError, InvariantError } from '../../core/errors.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { describeEvent } from '../../sim/event-effects.ts';
import { failureOf, runDrawn, shrink } from '../../sim/fuzz/fuzz.ts';
import { drawScenario } from '../../sim/fuzz/scenario-draw.ts';
import { plantedBugs } from '../../sim/planted/bugs.ts';
import { type RunReport, runScenario } from '../../sim/run.ts';
import { parseOperatorLine } from '../operator/operator-line.ts';
import { loadScenario, surroundingsOf } from './scenarios.ts';

/** One piece of work for the simulator; plain data, so that another process can do it. */
export type SimulationJob =
  | { readonly kind: 'scenario'; readonly file: string; readonly seed: number | null; readonly isTraced: boolean }
  | { readonly kind: 'seed' | 'shrink'; readonly seed: number; readonly isTraced: boolean }
  /** The scenario that brings a planted bug out, run with the bug. */
  | { readonly kind: 'planted'; readonly bug: string; readonly file: string };

/** How a job ended. */
export type JobOutcome =
  | {
      readonly kind: 'ran';
      readonly report: RunReport;
      readonly tookMs: number;
      /** What happened, a line each: the trace of a scenario, the events that are left of a shrunk one. */
      readonly lines: readonly string[];
    }
  /** The file is wrong. */
  | { readonly kind: 'wrong'; readonly error: string }
  /** The product or the simulator threw: a defect. */
  | { readonly kind: 'broken'; readonly error: string };

/** Does one job; never throws. */
export function runJob(job: SimulationJob): JobOutcome {
  const startedAtMs = systemClock.monotonicMs();
  const lines: string[] = [];
  try {
    const report = runFor(job, (line) => lines.push(line));
    return { kind: 'ran', report, tookMs: Math.round(systemClock.monotonicMs() - startedAtMs), lines };
  } catch (error) {
    const isWrong = error instanceof FailoverError && !(error instanceof InvariantError);
    return isWrong ? { kind: 'wrong', error: error.message } : { kind: 'broken', error: describeDefect(error) };
  }
}

function runFor(job: SimulationJob, note: (line: string) => void): RunReport {
  switch (job.kind) {
    case 'scenario': {
      const scenario = loadScenario(job.file);
      return runScenario(scenario, { ...surroundingsOf(scenario), seed: job.seed ?? undefined, ...tracing(job, note) });
    }
    case 'seed':
      return runDrawn(drawScenario(job.seed), parseOperatorLine, tracing(job, note));
    case 'shrink': {
      const small = shrink(drawScenario(job.seed), (candidate) => reasonOf(candidate));
      for (const event of small.events.filter(({ line }) => line !== null))
        note(`${(event.atMs / 1_000).toFixed(1).padStart(7)} s  ${describeEvent(event)}`);
      return runDrawn(small, parseOperatorLine, tracing(job, note));
    }
    case 'planted': {
      const bug = plantedBugs.find(({ name }) => name === job.bug);
      const scenario = loadScenario(job.file);
      return runScenario(scenario, { ...surroundingsOf(scenario), bug });
    }
  }
}

/** Notes each event of the simulated world, when that was asked for. */
function tracing({ isTraced }: { readonly isTraced: boolean }, note: (line: string) => void) {
  return isTraced ? { onTrace: note } : {};
}

/** A candidate that breaks the simulator does not fail of the same thing as one that fails. */
function reasonOf(candidate: Scenario): string | null {
  return failureOf(runDrawn(candidate, parseOperatorLine));
}

/** The message and the place, in one line: the seed or the file replays the rest. */
function describeDefect(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.stack?.split('\n').find((line) => /^\s+at /.test(line));
  return `${error.name}: ${error.message}${place === undefined ? '' : ` (${place.trim()})`}`;
}
