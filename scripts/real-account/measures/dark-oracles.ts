import { functionName } from '../../../src/config/plan/names.ts';
import { memoryFollowMs } from '../../../src/core/timing.ts';
import { objectIn } from '../aws-answers.ts';
import type { Cleanup } from '../cleanup.ts';
import { moveTo, nameServersOf, watchAnswers } from '../name-servers.ts';
import type { Options } from '../options.ts';
import type { Findings, Tools } from '../tools.ts';
import { type Extend, sites } from '../trial.ts';
import { voteUrl } from './function-url.ts';

const darkMs = 600_000;
/** After a move, until every memory has seen it for certain. */
const rememberMs = memoryFollowMs + 60_000;

/**
 * Deploys DNS's memory, moves, and switches all oracles off: the answer must stay. Then the way back, with memory.
 *
 * An oracle is off while its function has no concurrency: its URL answers 429.
 */
export async function measureDarkOracles(
  tools: Tools,
  options: Options,
  cleanup: Cleanup,
  configFile: string,
  extend: Extend,
): Promise<Findings> {
  await extend({ memory: true });
  const servers = await nameServersOf(tools, options);
  const movedMs = await moveTo(tools, options, configFile, servers, sites[1]);
  await tools.sleep(rememberMs);

  const undos: (() => Promise<void>)[] = [];
  for (const region of options.regions) {
    const restore = await switchOff(tools, options, region);
    cleanup.later(`the stop of the oracle in ${region}`, restore);
    undos.push(restore);
  }
  const statuses: number[] = [];
  const answered = await watchAnswers(tools, options, servers, sites[1], 'all oracles were off', async () => {
    for (const region of options.regions)
      statuses.push(await tools.get(await voteUrl(tools, options, region, sites[0])));
    await tools.sleep(darkMs);
  });
  for (const undo of undos) await undo();
  const backMs = await moveTo(tools, options, configFile, servers, sites[0]);
  const isDark = statuses.every((status) => status !== 200 && status !== 503);
  return {
    series: [
      {
        name: "register to the zone's name servers, the way back with memory",
        unit: 'ms',
        values: backMs === null ? [] : [backMs],
        note: 'votes and memories must both say so',
      },
    ],
    checks: [
      { name: 'the move was answered before', isPassed: movedMs !== null, detail: `${movedMs} ms` },
      { name: 'no oracle answered', isPassed: isDark, detail: statuses.join(', ') },
      answered,
      { name: 'the way back works once they answer', isPassed: backMs !== null, detail: `${backMs} ms` },
    ],
  };
}

/** Takes its concurrency from a region's oracle; gives back what it had. */
async function switchOff(tools: Tools, options: Options, region: string): Promise<() => Promise<void>> {
  const named = ['--region', region, '--function-name', functionName(options.name, 'oracle')];
  const { ReservedConcurrentExecutions: held } = objectIn(
    await tools.aws('lambda', 'get-function-concurrency', ...named),
  );
  if (typeof held !== 'number' || held === 0) throw new Error(`the oracle in ${region} has no reserved concurrency`);
  const reserve = async (count: number) => {
    await tools.aws('lambda', 'put-function-concurrency', ...named, '--reserved-concurrent-executions', String(count));
  };
  await reserve(0);
  return () => reserve(held);
}
