import type { WatcherSetup } from '../../src/core/watcher/state.ts';
import { type WatchEnd, watch } from '../../src/core/watcher/watcher.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { runRoutine } from '../../src/ports/routine-runner.ts';

/**
 * Runs one generation of a watcher, and ends all its jobs with it.
 *
 * A watcher has jobs beside its ticks: register changes, steps, messages. Lambda freezes the environment when the
 * invocation ends. A job that is under way would go on in the next invocation of the environment, minutes later and
 * beside another watcher. So the jobs end with their watcher, as if its process had died, and other watchers finish
 * what it began. A call that has been sent runs to its deadline, and its answer is ignored.
 */
export async function liveOnce(setup: WatcherSetup, ports: Ports): Promise<WatchEnd> {
  const life = new AbortController();
  try {
    return await runRoutine(watch(setup), ports, life.signal);
  } finally {
    life.abort();
  }
}
