import { type LogLine, watcherLines } from '../log-lines.ts';
import type { Options } from '../options.ts';
import type { Check, Findings, Series, Tools } from '../tools.ts';

/** How long the first watchers are waited for: the schedule fires once a minute, and logs are some seconds late. */
const waitMs = 150_000;

/** Reads from the logs how long the first watcher of each region took to start, and to its first published tick. */
export async function measureColdStart(tools: Tools, options: Options, sinceMs: number): Promise<Findings> {
  await tools.sleep(waitMs);
  const series: Series[] = [];
  const checks: Check[] = [];
  for (const region of options.regions) {
    const reports = await watcherLines(tools, options, region, 'INIT_REPORT', sinceMs);
    const ends = await watcherLines(tools, options, region, 'Init Duration', sinceMs);
    const starts = await watcherLines(tools, options, region, 'START RequestId', sinceMs);
    const first = await watcherLines(tools, options, region, 'watcher-started', sinceMs);
    const inits = [...reports, ...ends].flatMap(({ text }) => initMsIn(text));
    const toFirstWordMs = firstWordMs(starts, first);
    series.push({ name: `watcher init, ${region}`, unit: 'ms', values: inits, note: 'as Lambda reports it' });
    series.push({
      name: `invocation to first published tick, ${region}`,
      unit: 'ms',
      values: toFirstWordMs === null ? [] : [toFirstWordMs],
      note: 'the warm-up ticks included, in which a new watcher is silent',
    });
    checks.push({
      name: `a watcher started in ${region}`,
      isPassed: first.length > 0,
      detail: `${first.length} lines`,
    });
  }
  return { series, checks };
}

/** `Init Duration: 312.45 ms`, as Lambda writes it into the report of a cold start. */
export function initMsIn(text: string): readonly number[] {
  const [, figure] = /Init Duration: ([\d.]+) ms/.exec(text) ?? [];
  return figure === undefined ? [] : [Number(figure)];
}

/** From the first invocation to the first word of the same environment; null when one of them is not in the logs. */
export function firstWordMs(starts: readonly LogLine[], words: readonly LogLine[]): number | null {
  const [start] = starts;
  const word = words.find(({ stream, atMs }) => stream === start?.stream && atMs >= start.atMs);
  return start && word ? word.atMs - start.atMs : null;
}
