import { type Routine, spawn } from '../routine.ts';
import type { WatcherState } from './state.ts';

/**
 * Starts a job that no tick waits for, unless one of that name is still under way.
 *
 * @param name - what is done, and for which service, so that the same is done once at a time
 */
export function* startJob(state: Pick<WatcherState, 'jobs'>, name: string, job: () => Routine<void>): Routine<void> {
  if (state.jobs.has(name)) return;
  state.jobs.add(name);
  yield* spawn(finishing(job(), () => state.jobs.delete(name)));
}

function* finishing(job: Routine<void>, onEnd: () => void): Routine<void> {
  try {
    yield* job;
  } finally {
    onEnd();
  }
}
