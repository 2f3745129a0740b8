import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plural } from '../../../src/cli/show/layout.ts';
import { runOnAllCores } from '../../../src/cli/simulate/job-pool.ts';
import { readScenario } from '../../../src/cli/simulate/scenarios.ts';
import type { JobOutcome } from '../../../src/cli/simulate/simulation-job.ts';
import type { PartReport } from '../report.ts';
import { type Survey, surveyCalls, whyNoBase } from './call-survey.ts';
import { type CallFault, type FailoverCase, findingsFolder, readCase, root, scenarioText } from './failover-case.ts';
import { faultsAt, isStruck, matrixTable, pointsOf, spread, type Tried } from './trials.ts';

/** The examples whose failover is tried. */
export const matrixExamples: readonly string[] = [
  'two-regions',
  'elastic-ip',
  'load-balancer',
  'database',
  'warm-standby',
  'cold-standby',
  'accelerator',
  'cloudfront',
  'active-active',
  'route',
  'three-regions',
];

/** How much is tried. */
export interface MatrixSize {
  readonly examples: readonly string[];
  /** Calls of each API in each region that are failed. */
  readonly pointsMax: number;
  /** Most runs of one example; a sample that is evenly spread is taken of more. */
  readonly runsMax: number;
}

/** A run that is to be made. */
interface Trial {
  readonly file: string;
  readonly fault: CallFault;
}

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const folder = join(root, findingsFolder);

/**
 * Fails each call of a failover and the way back once, in each way, at some of its points. A run passes when no safety
 * property is broken, and who serves in the end is as without the fault. The files of those that fail are kept.
 */
export async function tryMatrix({ examples, pointsMax, runsMax }: MatrixSize): Promise<PartReport> {
  mkdirSync(folder, { recursive: true });
  const findings: string[] = [];
  const trials = examples.flatMap((example) => {
    const base = readCase(example, read);
    const survey = surveyOf(base);
    const why = whyNoBase(survey, base.site);
    if (why !== null) findings.push(`${example} without any fault: ${why}`);
    return why === null ? writeTrials(base, survey, spread(faultsAt(pointsOf(survey.calls, pointsMax)), runsMax)) : [];
  });
  const tried: Tried[] = [];
  const jobs = trials.map(({ file }) => ({ kind: 'scenario' as const, file, seed: null, isTraced: true }));
  const onOutcome = (outcome: JobOutcome, index: number) => {
    const { fault, file } = trials[index] as Trial;
    const why = whyFailed(outcome);
    const isMissed = outcome.kind === 'ran' && !outcome.lines.some((line) => isStruck(line, fault));
    tried.push({ fault, verdict: isMissed ? 'missed' : why === null ? 'passed' : 'failed' });
    if (why === null) rmSync(file);
    else findings.push(`${relativeOf(file)}: ${fault.api} in ${fault.region} ${fault.with}: ${why}`);
  };
  await runOnAllCores(jobs, onOutcome, new AbortController().signal);
  const count = (wanted: string) => tried.filter(({ verdict }) => verdict === wanted).length;
  const missed = count('missed') === 0 ? '' : `; ${count('missed')} met no call and count for nothing`;
  return {
    summary: `${count('passed')} of ${plural(tried.length - count('missed'), 'fault')} of ${plural(examples.length, 'failover')} did no harm${missed}`,
    table: matrixTable(tried),
    findings,
  };
}

function surveyOf(base: FailoverCase): Survey {
  const scenario = readScenario(scenarioText(base, [], []), base.example, (path) => read(join(findingsFolder, path)));
  return surveyCalls(scenario, base.stopMs, base.movedMs);
}

function writeTrials(base: FailoverCase, survey: Survey, faults: readonly CallFault[]): readonly Trial[] {
  const expectations = [
    { at: base.movedMs, active: survey.moved.active },
    { at: 'end', active: survey.end.active, serving: survey.end.serving },
  ];
  return faults.map((fault, index) => {
    const file = join(folder, `matrix-${base.example}-${index + 1}.yaml`);
    writeFileSync(file, scenarioText(base, [fault], expectations));
    return { file, fault };
  });
}

/** Null when nothing is wrong. */
function whyFailed(outcome: JobOutcome): string | null {
  if (outcome.kind !== 'ran') return outcome.error;
  const { violations, failures } = outcome.report;
  const [violation] = violations;
  if (violation !== undefined) return `${violation.property} broken: ${violation.detail}`;
  return failures[0]?.why ?? null;
}

function relativeOf(file: string): string {
  return file.slice(root.length + 1);
}
