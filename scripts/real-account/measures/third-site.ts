import { moveTo, nameServersOf, watchAnswers } from '../name-servers.ts';
import type { Options } from '../options.ts';
import type { Findings, Tools } from '../tools.ts';
import { type Extend, sites, thirdSite } from '../trial.ts';

/**
 * Adds a third site to what runs, as anybody does later: Route 53 must take each update in CloudFormation's order, and
 * answer with the site that serves all the while. Then the service moves there and back.
 */
export async function measureThirdSite(
  tools: Tools,
  options: Options,
  configFile: string,
  extend: Extend,
): Promise<Findings> {
  const servers = await nameServersOf(tools, options);
  const startedMs = tools.nowMs();
  const answered = await watchAnswers(tools, options, servers, sites[0], 'a third site was added', () =>
    extend({ third: true }),
  );
  const deployedMs = tools.nowMs() - startedMs;
  const thereMs = await moveTo(tools, options, configFile, servers, thirdSite);
  const backMs = await moveTo(tools, options, configFile, servers, sites[0]);
  return {
    series: [
      {
        name: 'deployment that adds a site',
        unit: 'ms',
        values: [deployedMs],
        note: 'the waits for new checks included',
      },
    ],
    checks: [
      answered,
      { name: 'the new site is answered after a move', isPassed: thereMs !== null, detail: `${thereMs} ms` },
      { name: 'the first one is answered again', isPassed: backMs !== null, detail: `${backMs} ms` },
    ],
  };
}
