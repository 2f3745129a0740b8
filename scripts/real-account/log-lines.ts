import { logGroupName } from '../../src/config/plan/names.ts';
import { listIn } from './aws-answers.ts';
import type { Options } from './options.ts';
import type { Tools } from './tools.ts';

/** One line that a function wrote. */
export interface LogLine {
  readonly atMs: number;
  /** The execution environment that wrote it. */
  readonly stream: string;
  readonly text: string;
}

/** Lines of a region's watcher that hold a text, oldest first; what is older than `sinceMs` is left out. */
export async function watcherLines(
  tools: Tools,
  options: Options,
  region: string,
  text: string,
  sinceMs: number,
): Promise<readonly LogLine[]> {
  const answer = await tools.aws(
    ...['logs', 'filter-log-events', '--region', region, '--log-group-name', logGroupName(options.name, 'watcher')],
    ...['--filter-pattern', `"${text}"`, '--start-time', String(Math.floor(sinceMs))],
  );
  return listIn(answer, 'events')
    .map((event) => ({
      atMs: Number(event.timestamp),
      stream: String(event.logStreamName),
      text: String(event.message),
    }))
    .sort((a, b) => a.atMs - b.atMs);
}
