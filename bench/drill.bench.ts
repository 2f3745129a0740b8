import { runDrill } from '../src/cli/drill/drill.ts';
import { drillDeployment } from '../src/cli/drill/drill-deployment.ts';
import { quantile } from '../src/cli/drill/quantile.ts';
import { labStrike } from '../src/cli/drill/strike.ts';

/** Recovery times of whole drills, from SIGKILL to the end of the first good answer, in milliseconds. */
export interface DrillBench {
  readonly medianMs: number;
  readonly p90Ms: number;
  readonly samplesMs: readonly number[];
  /** Longest that a drill may take. */
  readonly boundMs: number;
  /** What detection alone costs, when everything else takes no time. */
  readonly floorMs: number;
}

/**
 * Kills the active site, again and again, each time in a new lab and at a random instant.
 *
 * @param onSample - hears of each drill when it has ended
 * @throws when traffic is not back when a drill ends; a drill that was late is a sample like any other
 */
export async function benchDrill(
  runs = 20,
  onSample: (recoveryMs: number, run: number) => void = () => {},
): Promise<DrillBench> {
  const samplesMs: number[] = [];
  let boundMs = Number.NaN;
  for (let run = 1; run <= runs; run += 1) {
    const result = await runDrill({
      deployment: null,
      strike: labStrike('kill'),
      signal: new AbortController().signal,
    });
    if (result.recoveryMs === null || result.to === result.from) throw new Error(`drill ${run}: ${result.seen}`);
    samplesMs.push(result.recoveryMs);
    boundMs = result.boundMs;
    onSample(result.recoveryMs, run);
  }
  return {
    medianMs: quantile(samplesMs, 0.5),
    p90Ms: quantile(samplesMs, 0.9),
    samplesMs,
    boundMs,
    floorMs: floorMs(),
  };
}

/**
 * The least that the median can be: a watcher's first failing probe comes half an interval after the fault on average,
 * the others follow as suspicion has it, and of three watchers with independent ticks the second one, which makes the
 * quorum, is the one in the middle.
 */
function floorMs(): number {
  // Where the sites are does not matter here.
  const anywhere = { host: '127.0.0.1', port: 80, address: '127.0.0.1' };
  const detection = drillDeployment({ virginia: anywhere, oregon: anywhere }).services.web?.detection;
  if (detection === undefined) throw new Error('the drill has no service');
  const { intervalMs, fallCount, suspectIntervalMs, minDownMs } = detection;
  return intervalMs / 2 + Math.max((fallCount - 1) * suspectIntervalMs, minDownMs);
}
