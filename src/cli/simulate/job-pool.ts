import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { FailoverError } from '../../core/errors.ts';
import type { JobOutcome, SimulationJob } from './simulation-job.ts';

/** Does jobs and tells each outcome as it comes, in any order. */
export type RunJobs = (
  jobs: readonly SimulationJob[],
  onOutcome: (outcome: JobOutcome, index: number) => void,
  signal: AbortSignal,
) => Promise<void>;

/** The program of a process: bundled, or in the sources. */
const places = ['./processes/simulation.js', '../processes/simulation.ts'];

/**
 * Does jobs on every core, a process each, so that this one stays free to show progress and to be interrupted.
 *
 * @throws {FailoverError} FAULT when a process dies; the signal's reason when interrupted. None is left running.
 */
export const runOnAllCores: RunJobs = async (jobs, onOutcome, signal) => {
  const queue = [...jobs.entries()];
  const workers = Array.from({ length: Math.min(jobs.length, availableParallelism()) }, start);
  try {
    await Promise.all(
      workers.map(async (worker) => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          const [index, job] = next;
          onOutcome(await ask(worker, job, signal), index);
        }
      }),
    );
  } finally {
    for (const { child } of workers) child.kill('SIGKILL');
  }
};

/**
 * Room for what lives no longer than a simulated tick, in MiB. A simulation makes little else, and with Node's own 16
 * a tenth of its time goes into copying what would soon have been dead. Source: `node --cpu-prof`, 40 seeds.
 */
const youngGeneration = ['--min-semi-space-size=32', '--max-semi-space-size=64'];

/** Last characters of what a process printed that are kept for the message when it dies. */
const printedLengthMax = 2_000;

/** One process and what it printed. */
interface Worker {
  readonly child: ChildProcess;
  readonly printed: () => string;
}

function start(): Worker {
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new FailoverError('FAULT', 'no program for simulations: build with "npm run build"');
  const child = fork(path, [], {
    execArgv: [...youngGeneration, ...(path.endsWith('.ts') ? ['--import', 'tsx'] : [])],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let printed = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    printed = (printed + chunk).slice(-printedLengthMax);
  });
  return { child, printed: () => printed };
}

/** The line that says what went wrong, of all that Node prints when a program dies. */
function complaintIn(printed: string): string {
  const lines = printed.split('\n').filter((line) => line.trim() !== '');
  const complaint = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
  return complaint === undefined ? '' : `: ${complaint.trim()}`;
}

function ask({ child, printed }: Worker, job: SimulationJob, signal: AbortSignal): Promise<JobOutcome> {
  return new Promise<JobOutcome>((resolve, reject) => {
    const onAbort = () => end(() => reject(signal.reason));
    const onMessage = (outcome: JobOutcome) => end(() => resolve(outcome));
    const onClose = (code: number | null, by: string | null) =>
      end(() => {
        const how = `${by ?? `exit ${code}`}${complaintIn(printed())}`;
        reject(new FailoverError('FAULT', `a process of the simulation ended (${how})`));
      });
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', onAbort);
      child.off('message', onMessage).off('close', onClose);
      settle();
    };
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    child.on('message', onMessage).on('close', onClose);
    child.send(job, (error) => {
      // One that cannot be told is ending, which `close` will tell, or has ended before anybody listened.
      const { exitCode, signalCode } = child;
      if (error && (exitCode !== null || signalCode !== null)) onClose(exitCode, signalCode);
    });
  });
}
