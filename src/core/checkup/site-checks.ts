import { adviceLine, adviceOnSite, adviceOnStandby } from '../alerting/advice.ts';
import { backupAnswers, backupText } from '../detection/backup.ts';
import { actingRegionOf } from '../model/place.ts';
import type { NamedService } from '../model/service.ts';
import type { Site } from '../model/site.ts';
import type { ServiceStatus } from '../operator/status.ts';
import type { ServiceView } from '../tables/service-view.ts';
import { sitesToSurvey } from '../watcher/surveys/survey.ts';
import { bad, type Check, doubtful, ok, unknown } from './check.ts';
import { passedTime } from './passed-time.ts';

/** What the checks of one service's sites are made from. */
export interface SitesSeen {
  readonly service: NamedService;
  readonly status: ServiceStatus;
  readonly view: ServiceView;
}

/** What the watchers know of each site: whether it could take over, what its probes say, its lag and its readiness. */
export function siteChecks(seen: SitesSeen): readonly Check[] {
  return Object.entries(seen.service.sites).flatMap(([site, place]) => [
    ...standbyCheck(seen, site),
    probeCheck(seen, site, place),
    ...lagCheck(seen, site),
    ...reportChecks(seen, site),
    ...backupChecks(seen, site, place),
    ...roleCheck(seen, site, place),
  ]);
}

function standbyCheck({ service, status }: SitesSeen, site: string): readonly Check[] {
  const asked = { name: 'standby', subject: `${service.name}/${site}` };
  const own = status.sites[site];
  if (service.mode === 'active-active' || own === undefined || site === status.active) return [];
  if (status.active === null) return [unknown(asked, 'the register cannot be read')];
  if (own.ineligible.length === 0) return [ok(asked, 'may take over')];
  const why = `may not take over: ${own.ineligible.join(', ')}`;
  const isNeeded = status.sites[status.active]?.verdict === 'down';
  const given = isNeeded ? adviceOnSite(own.ineligible, own.verdict) : adviceOnStandby(own.ineligible);
  const todo = given === null ? 'repair it' : adviceLine(given, { service: service.name, site });
  const others = Object.entries(status.sites).filter(([name]) => name !== status.active);
  // A site that is never chosen is declared so.
  if (own.ineligible.includes('never-eligible')) return [ok(asked, 'never takes over, as declared (priority 0)')];
  return [
    others.some(([, { ineligible }]) => ineligible.length === 0) ? doubtful(asked, why, todo) : bad(asked, why, todo),
  ];
}

function probeCheck({ service, status }: SitesSeen, site: string, place: Site): Check {
  const asked = { name: 'probes', subject: `${service.name}/${site}` };
  const { opinions = {}, failures = {}, verdict = 'unclear' } = status.sites[site] ?? {};
  const failing = Object.entries(failures).map(([watcher, reason]) => `${reason} from ${watcher}`);
  const isWaitingCold = place.standby === 'cold' && site !== status.active;
  if (isWaitingCold && verdict !== 'up') return ok(asked, 'none is expected to pass before the site is started');
  const heard = Object.entries(opinions).map(([watcher, opinion]) => `${opinion} from ${watcher}`);
  const found = failing.length > 0 ? `fail: ${failing.join(', ')}` : heard.join(', ') || 'no watcher has an opinion';
  const todo = `repair ${site}, or its probe: open it from outside, and compare with the configuration`;
  if (verdict === 'down') return bad(asked, found, todo);
  if (failing.length > 0 || verdict === 'degraded') return doubtful(asked, found, todo);
  return verdict === 'up' ? ok(asked, found) : unknown(asked, found, todo);
}

function lagCheck({ service, status }: SitesSeen, site: string): readonly Check[] {
  const limitMs = service.failover.maxReplicationLagMs;
  if (limitMs === undefined || site === status.active) return [];
  const asked = { name: 'lag', subject: `${service.name}/${site}` };
  const lagMs = status.sites[site]?.replicationLagMs ?? null;
  const limit = `the limit is ${passedTime(limitMs)}`;
  if (lagMs === null) {
    const todo = `have ${site} answer x-failover-lag-ms, or give it measures.lag; without it the site may not take over`;
    return [unknown(asked, `not known; ${limit}`, todo)];
  }
  if (lagMs <= limitMs) return [ok(asked, `${passedTime(lagMs)}; ${limit}`)];
  return [
    bad(asked, `${passedTime(lagMs)}; ${limit}`, `repair the replication to ${site}, or wait until it has caught up`),
  ];
}

/** Only what is reported is checked: a site need not report its readiness, an audit or a certificate. */
function reportChecks({ service, status, view }: SitesSeen, site: string): readonly Check[] {
  const subject = `${service.name}/${site}`;
  const { ready, findings, certificateDaysLeft } = view.knowledge.reports[site] ?? {};
  const readiness = { name: 'readiness', subject };
  const isWaiting = site !== status.active;
  const todo = 'read the findings in the log of the survey function (runbook: standby-unready), and repair the standby';
  const checks: Check[] = [];
  if (isWaiting && (ready === false || (findings ?? 0) > 0)) {
    const what = [...(ready === false ? ['it says that it is not ready'] : []), ...countOf(findings)];
    checks.push(doubtful(readiness, what.join('; '), todo));
  } else if (isWaiting && (ready === true || findings === 0)) {
    checks.push(ok(readiness, ready === true ? 'it says that it is ready' : 'the audit found nothing'));
  }
  const daysMin = service.detection.grey.certificateDays;
  if (certificateDaysLeft !== undefined) {
    const asked = { name: 'certificate', subject };
    const found = `ends in ${certificateDaysLeft} days`;
    checks.push(certificateDaysLeft < daysMin ? doubtful(asked, found, 'renew it') : ok(asked, found));
  }
  return checks;
}

/** No move depends on a backup, so an old one is never more than doubtful. */
function backupChecks({ service, view }: SitesSeen, site: string, { measures }: Site): readonly Check[] {
  return backupAnswers(measures.backup, view.knowledge.reports[site] ?? {}).map((answer) => {
    const { question, isGood } = answer;
    const asked = { name: question, subject: `${service.name}/${site}` };
    const found = backupText(answer, passedTime);
    if (isGood) return ok(asked, found);
    const unseen = 'see whether the survey function in its region gets an answer (docs/data.md, "Backups")';
    if (isGood === null) return unknown(asked, found, unseen);
    return doubtful(
      asked,
      found,
      question === 'backup' ? 'see why its backup plan made none' : 'restore one, as a test',
    );
  });
}

function countOf(findings: number | undefined): readonly string[] {
  return findings === undefined || findings === 0
    ? []
    : [`the audit has ${findings} finding${findings > 1 ? 's' : ''}`];
}

/**
 * Whether the functions get into the account of the site. Only the one that looks at it takes its role all the time;
 * the others' roles are in the same stack.
 */
function roleCheck({ service, view }: SitesSeen, site: string, place: Site): readonly Check[] {
  const region = actingRegionOf(place);
  const { account } = place;
  if (account === undefined || region === undefined || !sitesToSurvey(service, region).includes(site)) return [];
  const asked = { name: 'role', subject: `${service.name}/${site}` };
  const { canTakeRole } = view.knowledge.reports[site] ?? {};
  const todo = `have the owner of ${account} deploy its stack of roles, with the same externalId (docs/sites/accounts.md)`;
  if (canTakeRole === undefined) return [unknown(asked, `nobody says whether the role in account ${account} is there`)];
  if (canTakeRole) return [ok(asked, `the role in account ${account} can be taken`)];
  return [bad(asked, `the role in account ${account} cannot be taken: nothing can be done at ${site}`, todo)];
}
