import { watcherLines } from '../log-lines.ts';
import type { Options } from '../options.ts';
import type { Check, Findings, Series, Tools } from '../tools.ts';

/** Least that a watcher should have to spare, in MB; below it a busy minute may end it. Source: our own. */
const spareMbMin = 16;

/** Reads from the logs how much memory the watchers of each region used, and how much they have. */
export async function measureMemoryUsed(tools: Tools, options: Options, sinceMs: number): Promise<Findings> {
  const series: Series[] = [];
  const checks: Check[] = [];
  for (const region of options.regions) {
    const lines = await watcherLines(tools, options, region, 'Max Memory Used', sinceMs);
    const reports = lines.flatMap(({ text }) => memoryIn(text));
    const most = Math.max(0, ...reports.map(({ usedMb }) => usedMb));
    const least = Math.min(...reports.map(({ sizeMb, usedMb }) => sizeMb - usedMb));
    series.push({
      name: `watcher memory, ${region}`,
      unit: 'MB',
      values: reports.map(({ usedMb }) => usedMb),
      note: reports.length === 0 ? 'no watcher has ended yet' : `of ${reports[0]?.sizeMb} MB`,
    });
    checks.push({
      name: `the watcher in ${region} has ${spareMbMin} MB to spare`,
      isPassed: reports.length > 0 && least >= spareMbMin,
      detail: reports.length === 0 ? 'no report in the log' : `${most} MB at most`,
    });
  }
  return { series, checks };
}

/** `Memory Size: 128 MB Max Memory Used: 97 MB`, as Lambda writes it into the report of an invocation. */
export function memoryIn(text: string): readonly { readonly sizeMb: number; readonly usedMb: number }[] {
  const [, size, used] = /Memory Size: (\d+) MB\s+Max Memory Used: (\d+) MB/.exec(text) ?? [];
  return size === undefined ? [] : [{ sizeMb: Number(size), usedMb: Number(used) }];
}
