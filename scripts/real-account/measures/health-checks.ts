import { listIn, objectIn, textIn } from '../aws-answers.ts';
import { nameServersOf, resolvers } from '../name-servers.ts';
import type { Options } from '../options.ts';
import { type Findings, type Series, type Tools, timeUntil } from '../tools.ts';
import { recordOf, service, siteAddresses, sites, ttlSeconds } from '../trial.ts';
import { voteUrl } from './function-url.ts';

/** Well above what is expected: the oracle's cache, a round of checkers, the TTL. */
const limitMs = 300_000;
const lookEveryMs = 500;
/** GetHealthCheckStatus shares Route 53's five requests a second with everything else in the account. */
const statusEveryMs = 2_000;
/** Rest between two moves, so that every cache is filled anew. */
const restMs = 2 * ttlSeconds * 1_000;

interface Move {
  /** Since the register was changed. */
  readonly votesMs: number | null;
  readonly checkersMs: number | null;
  readonly authoritativeMs: number | null;
  readonly resolverMs: Readonly<Record<string, number | null>>;
}

/**
 * Moves the service to and fro, and times each part of the way from the register to the clients: the oracles' votes,
 * the checkers, the zone's own name servers, public resolvers.
 */
export async function measureHealthChecks(tools: Tools, options: Options, configFile: string): Promise<Findings> {
  const servers = await nameServersOf(tools, options);
  const moves: Move[] = [];
  for (let count = 0; count < options.moves; count += 1) {
    const [from, to] = count % 2 === 0 ? sites : ([sites[1], sites[0]] as const);
    tools.say(`move ${count + 1} of ${options.moves}: ${from} > ${to}`);
    moves.push(await timeMove(tools, options, configFile, servers, from, to));
    await tools.sleep(restMs);
  }
  return summarize(moves);
}

async function timeMove(
  tools: Tools,
  options: Options,
  configFile: string,
  servers: readonly string[],
  from: keyof typeof siteAddresses,
  to: keyof typeof siteAddresses,
): Promise<Move> {
  const urls = await Promise.all(options.regions.map((region) => voteUrl(tools, options, region, from)));
  const checks = await checksAt(tools, urls);
  const record = recordOf(options);
  const answers = async (server: string) => (await tools.ask(server, record)).join() === siteAddresses[to];
  const named = ['--config', configFile, '--deployment', options.name];
  await tools.failover('switchover', service, '--to', to, '--no-wait', '--json', ...named);
  const sinceMs = tools.nowMs();

  const time = (holds: () => Promise<boolean>, everyMs = lookEveryMs) =>
    timeUntil(tools, holds, { sinceMs, everyMs, limitMs });
  const [votesMs, checkersMs, authoritativeMs, ...resolved] = await Promise.all([
    time(async () => isMajority(await Promise.all(urls.map(async (url) => (await tools.get(url)) === 200)))),
    time(async () => isMajority(await Promise.all(checks.map((id) => hasTurned(tools, id)))), statusEveryMs),
    time(async () => (await Promise.all(servers.map(answers))).every(Boolean)),
    ...Object.values(resolvers).map((resolver) => time(() => answers(resolver))),
  ]);
  const names = Object.keys(resolvers);
  const resolverMs = Object.fromEntries(names.map((name, index) => [name, resolved[index] ?? null]));
  return { votesMs, checkersMs, authoritativeMs, resolverMs };
}

/** Health checks that read these URLs. */
async function checksAt(tools: Tools, urls: readonly string[]): Promise<readonly string[]> {
  const all = listIn(await tools.aws('route53', 'list-health-checks'), 'HealthChecks');
  return all.flatMap((check) => {
    const { FullyQualifiedDomainName: host, ResourcePath: path } = objectIn(check.HealthCheckConfig);
    return urls.includes(`https://${host}${path}`) ? [textIn(check, 'Id')] : [];
  });
}

/** Whether most of a check's checkers have seen the vote. */
async function hasTurned(tools: Tools, id: string): Promise<boolean> {
  const answer = await tools.aws('route53', 'get-health-check-status', '--health-check-id', id);
  const reads = listIn(answer, 'HealthCheckObservations').map((seen) => String(objectIn(seen.StatusReport).Status));
  return isMajority(reads.map((status) => status.startsWith('Success')));
}

/** More than half; of nothing there is no majority. */
export function isMajority(votes: readonly boolean[]): boolean {
  return votes.filter(Boolean).length * 2 > votes.length;
}

function summarize(moves: readonly Move[]): Findings {
  const seriesOf = (name: string, note: string, pick: (move: Move) => number | null): Series => ({
    name,
    unit: 'ms',
    values: moves.flatMap((move) => pick(move) ?? []),
    note,
  });
  const series = [
    seriesOf('register to a majority of votes', 'the time of a request included', (move) => move.votesMs),
    seriesOf(
      'register to a majority of checks turned',
      `looked at every ${statusEveryMs} ms`,
      (move) => move.checkersMs,
    ),
    seriesOf("register to the zone's name servers", 'all of them', (move) => move.authoritativeMs),
    ...Object.keys(resolvers).map((name) =>
      seriesOf(
        `register to ${name}'s resolver`,
        `TTL ${ttlSeconds} s; one of many caches`,
        (move) => move.resolverMs[name] ?? null,
      ),
    ),
  ];
  const missed = moves.filter((move) => move.authoritativeMs === null).length;
  const check = { name: 'every move reached the name servers', isPassed: missed === 0, detail: `${missed} did not` };
  return { series, checks: [check] };
}
