import type { WatcherSetup } from '../src/core/watcher/state.ts';
import { type WatchEnd, watch } from '../src/core/watcher/watcher.ts';
import type { Ports } from '../src/ports/ports.ts';
import { runRoutine } from '../src/ports/routine-runner.ts';

/**
 * Runs one generation of a watcher, and leaves nothing of it behind.
 *
 * A watcher has jobs beside its ticks: register changes, steps, messages. Lambda freezes the environment when the
 * invocation ends, and what is under way then would go on in the next invocation there, minutes later and beside
 * another watcher. So the end of a watcher is the end of its jobs, as if its process had died: others finish what it
 * began. A call that is already out runs to its deadline, and nobody takes its answer.
 */
export async function liveOnce(setup: WatcherSetup, ports: Ports): Promise<WatchEnd> {
  const life = new AbortController();
  try {
    return await runRoutine(watch(setup), ports, life.signal);
  } finally {
    life.abort();
  }
}
