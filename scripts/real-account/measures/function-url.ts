import { oracleHostParameter } from '../../../src/config/plan/names.ts';
import { oraclePath, type VoteSubject } from '../../../src/core/dns/oracle-vote.ts';
import { objectIn, textIn } from '../aws-answers.ts';
import type { Options } from '../options.ts';
import type { Check, Findings, Series, Tools } from '../tools.ts';
import { service, sites } from '../trial.ts';

/** Requests that are timed in each region, after one that is not. */
const requests = 50;

/** Whose votes are asked for. */
export function subjectOf({ name, zone }: Options): VoteSubject {
  return { deployment: name, service, zoneId: zone.id };
}

/** URL of a site's vote at a region's oracle. */
export async function voteUrl(tools: Tools, options: Options, region: string, site: string): Promise<string> {
  const name = oracleHostParameter(options.name);
  const answer = await tools.aws('ssm', 'get-parameter', '--region', region, '--name', name);
  return `https://${textIn(objectIn(answer).Parameter, 'Value')}${oraclePath(subjectOf(options), [site])}`;
}

/** Times the oracles' answers, from here, over a new connection each as a health checker makes one. */
export async function measureFunctionUrl(tools: Tools, options: Options): Promise<Findings> {
  const series: Series[] = [];
  const checks: Check[] = [];
  for (const region of options.regions) {
    const url = await voteUrl(tools, options, region, sites[0]);
    const values: number[] = [];
    const statuses = new Set([await tools.get(url)]);
    for (let count = 0; count < requests; count += 1) {
      const startedMs = tools.nowMs();
      statuses.add(await tools.get(url));
      values.push(tools.nowMs() - startedMs);
    }
    const name = `oracle answer, ${region}`;
    series.push({ name, unit: 'ms', values, note: 'from this machine, the way there included' });
    const isPassed = statuses.size === 1 && statuses.has(503);
    checks.push({
      name: `${region} casts no vote against the active site`,
      isPassed,
      detail: [...statuses].join(', '),
    });
  }
  return { series, checks };
}
