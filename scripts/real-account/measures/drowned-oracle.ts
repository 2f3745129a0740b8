import { moveTo, nameServersOf, watchAnswers } from '../name-servers.ts';
import type { Options } from '../options.ts';
import type { Findings, Tools } from '../tools.ts';
import { sites } from '../trial.ts';
import { voteUrl } from './function-url.ts';

/** Askers at once, each over a new connection; an oracle serves a hundred requests a second. */
const askers = 200;
const floodMs = 60_000;
/** What the flood may cost: some cents. */
const requestsMax = 30_000;

/**
 * Floods the oracle of one region from this machine while its vote stands, and sees whether anybody is sent back to the
 * site that was left.
 */
export async function measureDrownedOracle(tools: Tools, options: Options, configFile: string): Promise<Findings> {
  const servers = await nameServersOf(tools, options);
  const [region = ''] = options.regions;
  const url = await voteUrl(tools, options, region, sites[0]);
  const movedMs = await moveTo(tools, options, configFile, servers, sites[1]);
  const counts = new Map<number, number>();
  const answered = await watchAnswers(tools, options, servers, sites[1], `the oracle in ${region} was flooded`, () =>
    flood(tools, url, counts),
  );
  const backMs = await moveTo(tools, options, configFile, servers, sites[0]);
  const detail = [...counts].map(([status, count]) => `${status}: ${count}`).join(', ');
  return {
    series: [],
    checks: [
      {
        name: 'a vote against the first site stood before the flood',
        isPassed: movedMs !== null,
        detail: `${movedMs} ms`,
      },
      { name: `the flood was more than the oracle in ${region} serves`, isPassed: (counts.get(429) ?? 0) > 0, detail },
      answered,
      { name: 'the way back works after the flood', isPassed: backMs !== null, detail: `${backMs} ms` },
    ],
  };
}

async function flood(tools: Tools, url: string, counts: Map<number, number>): Promise<void> {
  const endMs = tools.nowMs() + floodMs;
  let left = requestsMax;
  const ask = async () => {
    while (tools.nowMs() < endMs && left > 0) {
      left -= 1;
      const status = await tools.get(url);
      counts.set(status, (counts.get(status) ?? 0) + 1);
      // Lets others go on where an answer takes no time.
      await tools.sleep(1);
    }
  };
  await Promise.all(Array.from({ length: askers }, ask));
}
