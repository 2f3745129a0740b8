import { objectIn, textsIn } from './aws-answers.ts';
import type { Options } from './options.ts';
import { type Check, type Tools, timeUntil } from './tools.ts';
import { recordOf, type SiteName, siteAddresses } from './trial.ts';

/** Resolvers that many people use, by anycast address. */
export const resolvers = { Cloudflare: '1.1.1.1', Google: '8.8.8.8' } as const;

const lookEveryMs = 2_000;
/** Well above what any way to the name servers takes, with memory too. */
const limitMs = 600_000;

/** Addresses of the zone's own name servers. */
export async function nameServersOf(tools: Tools, options: Options): Promise<readonly string[]> {
  const zone = objectIn(await tools.aws('route53', 'get-hosted-zone', '--id', options.zone.id));
  const names = textsIn(zone.DelegationSet, 'NameServers');
  const addresses = await Promise.all(names.map((name) => tools.ask(resolvers.Cloudflare, name)));
  return addresses.flatMap(([address]) => (address === undefined ? [] : [address]));
}

/** Whether every name server answers with the address of a site, and with no other. */
async function allAnswer(tools: Tools, options: Options, servers: readonly string[], site: SiteName): Promise<boolean> {
  const record = recordOf(options);
  const answers = await Promise.all(servers.map((server) => tools.ask(server, record)));
  return answers.every((answer) => answer.join() === siteAddresses[site]);
}

/**
 * Switches over and waits until every name server says so.
 *
 * @returns milliseconds from the end of the command; null when it was not so within ten minutes
 */
export async function moveTo(
  tools: Tools,
  options: Options,
  configFile: string,
  servers: readonly string[],
  site: SiteName,
): Promise<number | null> {
  const named = ['--config', configFile, '--deployment', options.name];
  await tools.failover('switchover', 'web', '--to', site, '--no-wait', '--json', ...named);
  const sinceMs = tools.nowMs();
  const holds = () => allAnswer(tools, options, servers, site);
  return timeUntil(tools, holds, { sinceMs, everyMs: lookEveryMs, limitMs });
}

/**
 * Looks at every name server while something goes on: nobody may be sent to another site than one.
 *
 * An answer that does not come is no wrong answer: nobody is led anywhere by it.
 *
 * @param work - what goes on; its error is thrown once the looks have ended
 */
export async function watchAnswers(
  tools: Tools,
  options: Options,
  servers: readonly string[],
  site: SiteName,
  what: string,
  work: () => Promise<void>,
): Promise<Check> {
  const record = recordOf(options);
  const wrong = new Set<string>();
  let looks = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      for (const server of servers) {
        const answer = (await tools.ask(server, record)).join();
        looks += 1;
        if (answer !== '' && answer !== siteAddresses[site]) wrong.add(`${server}: ${answer}`);
      }
      await tools.sleep(lookEveryMs);
    }
  })();
  try {
    await work();
  } finally {
    isOver = true;
    await watching;
  }
  const detail = wrong.size === 0 ? `${looks} looks` : [...wrong].join('; ');
  return {
    name: `nobody was sent elsewhere than to ${site} while ${what}`,
    isPassed: looks > 0 && wrong.size === 0,
    detail,
  };
}
