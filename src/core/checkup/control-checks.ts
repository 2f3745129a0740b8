import { advice, adviceLine } from '../alerting/advice.ts';
import type { DnsReadings } from '../dns/readings.ts';
import type { Deployment } from '../model/deployment.ts';
import { checkQuorum } from '../operator/quorum-check.ts';
import type { DeploymentView } from '../operator/table-survey.ts';
import { bad, type Check, doubtful, ok, unknown } from './check.ts';
import { opinionTtlMsMax } from './checkup-times.ts';
import { passedTime } from './passed-time.ts';

/** What the state tables said, and why the others said nothing. */
export interface TablesHeard {
  readonly view: DeploymentView;
  /** Control regions whose table gave no answer, and why, in words. */
  readonly silent: Readonly<Record<string, string>>;
  /** The silent regions that answered that they have no such table. */
  readonly missing: readonly string[];
  /** Of what Route 53 follows; absent when nobody reads it. */
  readonly readings?: DnsReadings | undefined;
}

/** What no failover goes without: state tables and watchers, each region's and as many as are needed. */
export function controlChecks(deployment: Deployment, heard: TablesHeard): readonly Check[] {
  const regions = deployment.controlRegions;
  return [
    ...Object.keys(deployment.services).map((name) => quorumCheck(deployment, name, heard)),
    ...regions.map((region) => tableCheck(region, heard)),
    ...regions.map((region) => watcherCheck(deployment, region, heard)),
  ];
}

/** The watchers that may be alive and slow: they were listened to for less time than an opinion counts. */
export function unheardWatchers(deployment: Deployment, { view }: Pick<TablesHeard, 'view'>): readonly string[] {
  if (view.listenedMs >= opinionTtlMsMax(deployment)) return [];
  return view.answered.filter((region) => view.items[region] === undefined);
}

function quorumCheck(deployment: Deployment, service: string, heard: TablesHeard): Check {
  const asked = { name: 'quorum', subject: service };
  const check = checkQuorum(deployment, service, heard.view);
  const { usableWatchers, answeringTables, majority, why } = check;
  const needed = Math.max(check.quorum, majority);
  const found = `${usableWatchers} of ${deployment.controlRegions.length} watchers know the sites, ${answeringTables} state tables answer`;
  const todo = 'mend what the checks of state tables and watchers name';
  if (check.isUsable) {
    const spare = Math.min(usableWatchers - needed, answeringTables - majority);
    if (spare > 0) return ok(asked, found);
    return doubtful(asked, `${found}: with one fewer nothing can be decided`, todo);
  }
  const late = unheardWatchers(deployment, heard).length;
  const isOnlyLate = usableWatchers < needed && usableWatchers + late >= needed && answeringTables >= majority;
  if (isOnlyLate) return unknown(asked, `${why}; ${late} may be slow`, listenLonger(service));
  return bad(asked, why, todo);
}

function listenLonger(service: string): string {
  return adviceLine(advice.askQuorum, { service });
}

function tableCheck(region: string, { view, silent, missing }: TablesHeard): Check {
  const asked = { name: 'state table', subject: region };
  const why = silent[region] ?? view.silent[region];
  if (why === undefined) return ok(asked, 'answers');
  if (missing.includes(region)) return bad(asked, why, 'deploy it: "npx cdk deploy --all"');
  return unknown(asked, why, `see whether ${region} is reachable from here, and allowed to these credentials`);
}

function watcherCheck(deployment: Deployment, region: string, heard: TablesHeard): Check {
  const asked = { name: 'watcher', subject: region };
  const { view } = heard;
  if (!view.answered.includes(region)) return unknown(asked, 'its state table gives no answer');
  const agoMs = view.heardAgoMs[region];
  if (agoMs !== undefined) return ok(asked, `spoke ${passedTime(agoMs)} ago`);
  const found = `not heard in ${passedTime(view.listenedMs)}`;
  if (unheardWatchers(deployment, heard).includes(region)) {
    const [service = ''] = Object.keys(deployment.services);
    return unknown(asked, `${found}; it may be slow`, listenLonger(service));
  }
  return doubtful(asked, found, `look at its schedule and its log in ${region} (runbook: watcher-silent)`);
}
