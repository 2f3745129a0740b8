import { runJob, type SimulationJob } from '../simulate/simulation-job.ts';

// One core's worth of simulation: does what it is sent, one job after the other, and ends with whoever sends.
// Ctrl-C reaches every process of a terminal; the sender decides what it means.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());
process.on('message', (job: SimulationJob) => process.send?.(runJob(job)));
