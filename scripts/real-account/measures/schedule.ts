import { watcherLines } from '../log-lines.ts';
import type { Options } from '../options.ts';
import type { Check, Findings, Series, Tools } from '../tools.ts';

/** Time that log lines take to be found, with room to spare. */
const logDelayMs = 60_000;
/** A watcher lives about 150 s, so a schedule that is silent for longer leaves a gap. */
const gapMsMax = 150_000;

/** Watches the schedule of each region for a while: how regularly it fires, and whether a watcher was ever missing. */
export async function measureSchedule(tools: Tools, options: Options): Promise<Findings> {
  const sinceMs = tools.nowMs();
  await tools.sleep(options.scheduleMinutes * 60_000 + logDelayMs);
  const series: Series[] = [];
  const checks: Check[] = [];
  for (const region of options.regions) {
    const starts = await watcherLines(tools, options, region, 'START RequestId', sinceMs);
    const frozen = await watcherLines(tools, options, region, 'clock-gap', sinceMs);
    const gaps = gapsIn(starts.map(({ atMs }) => atMs));
    series.push({
      name: `between two starts, ${region}`,
      unit: 'ms',
      values: gaps,
      note: '60 s are asked for',
    });
    series.push({ name: `ticks that came late, ${region}`, unit: 'count', values: [frozen.length], note: '' });
    const widestMs = Math.max(0, ...gaps);
    const isPassed = gaps.length > 0 && widestMs <= gapMsMax;
    checks.push({ name: `no gap in ${region}`, isPassed, detail: `${starts.length} starts, widest ${widestMs} ms` });
  }
  return { series, checks };
}

/** Differences between neighbours. */
export function gapsIn(timesMs: readonly number[]): readonly number[] {
  return timesMs.slice(1).map((atMs, index) => atMs - (timesMs[index] ?? atMs));
}
