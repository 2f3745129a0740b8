import type { RunJobs } from '../../../src/cli/simulate/job-pool.ts';
import { runJob } from '../../../src/cli/simulate/simulation-job.ts';

/** Does jobs in this process, last first: whoever prints them in order has to see to it. */
export const runHere: RunJobs = async (jobs, onOutcome) => {
  for (const [index, job] of [...jobs.entries()].reverse()) onOutcome(runJob(job), index);
};
