import { publishedLagAgeMsMax, publishedLagLateMs, surveyedLagOf } from '../../core/detection/lag-source.ts';
import { isPromoted } from '../../core/kinds/promote.ts';
import { type ApprovalPolicy, goesUnapproved } from '../../core/model/policy.ts';
import { reportsOnSite } from '../../core/model/probe.ts';
import type { NamedService } from '../../core/model/service.ts';
import { leaseWaitMs, recoveryBound } from '../../core/timing.ts';
import { eachService, type LintRule, listed } from './finding.ts';

const lagNeverReported: LintRule = {
  name: 'lag-never-reported',
  about: '`failover.maxReplicationLagMs`, and a site of which nothing says how large its lag is.',
  reason: 'An unknown lag is over the limit, so such a site is never chosen, and the service never moves there.',
  check: eachService((service, at) => {
    const { name, failover } = service;
    if (failover.maxReplicationLagMs === undefined) return [];
    const silent = Object.keys(service.sites).filter((site) => !isLagReported(service, site));
    if (silent.length === 0) return [];
    return [
      {
        path: `${at}.failover.maxReplicationLagMs`,
        what: `there is a limit on lag, and nothing reports the lag of ${listed(silent)}`,
        breaks: `no failover of ${name} ever goes to ${listed(silent)}: an unknown lag is over the limit`,
        hint: 'take the limit out when nothing is replicated, or no commit is ahead of its replication (aurora-dsql); else say where the lag comes from: measures.lag of the site, with kind: probe when its HTTP probe answers with x-failover-lag-ms or has report.lag, or its function with lagMs',
      },
    ];
  }),
};

const lagLimitBelowLease: LintRule = {
  name: 'lag-limit-below-lease',
  about:
    '`failover.maxReplicationLagMs` below `failover.leaseMs`, for data that is promoted and whose site has a fence.',
  reason:
    'A region that is cut off writes until its lease ends. By then the others are further behind than the limit, and nothing is promoted.',
  check: eachService(({ name, data, sites, failover: { leaseMs, maxReplicationLagMs: limitMs } }, at) => {
    const fenced = Object.keys(sites).filter((site) => sites[site]?.fence !== undefined);
    if (!isPromoted(data) || limitMs === undefined || limitMs >= leaseMs || fenced.length === 0) return [];
    return [
      {
        path: `${at}.failover.maxReplicationLagMs`,
        what: `the limit is ${limitMs / 1_000} s, and a region that hears nobody writes for ${leaseMs / 1_000} s`,
        breaks: `when the region of ${fenced.join(' or ')} is cut off while it writes, ${name} stays there until a person runs failover --allow-data-loss`,
        hint: `take a limit above ${leaseMs / 1_000} s, or a shorter leaseMs; or accept that such a loss waits for a person`,
      },
    ];
  }),
};

/**
 * A heartbeat is written where the service writes, so it ages from the moment at which the writer dies. By the decision
 * it is as old as detection takes, and by a promotion whose fence waits for the lease it is older by that.
 */
const heartbeatOutlivesLimit: LintRule = {
  name: 'heartbeat-outlives-limit',
  about: '`failover.maxReplicationLagMs` below the time that a move takes, and a lag that a heartbeat tells.',
  reason: 'A dead writer writes no heartbeat, so the lag grows while the move is decided, and is over the limit then.',
  check: eachService((service, at) => {
    const { name, data, sites, failover } = service;
    const limitMs = failover.maxReplicationLagMs;
    const told = Object.keys(sites).filter((site) => sites[site]?.measures.lag?.kind === 'heartbeat');
    const isFenced = isPromoted(data) && Object.values(sites).some(({ fence }) => fence !== undefined);
    const { detectMs, decideMs } = recoveryBound(service);
    const leastMs = detectMs + decideMs + (isFenced ? leaseWaitMs(service) : 0);
    if (limitMs === undefined || limitMs >= leastMs || told.length === 0) return [];
    const leastSeconds = Math.ceil(leastMs / 1_000);
    return [
      {
        path: `${at}.failover.maxReplicationLagMs`,
        what: `the limit is ${limitMs / 1_000} s, and the heartbeat of ${listed(told)} may be ${leastSeconds} s old when a move away from a dead site needs it`,
        breaks: `when the region of the active site is lost, ${name} may stay there until a person runs failover --allow-data-loss`,
        hint: `take a limit of ${leastSeconds} s or more, or a metric that tells the lag; or accept that such a move waits for a person`,
      },
    ];
  }),
};

/**
 * A lag that AWS publishes ends with the writer, and its last value is old already. So an approval, or a lease, may
 * come when nobody knows any more how far the others are behind.
 */
const moveOutlivesLag: LintRule = {
  name: 'move-outlives-lag',
  about:
    'A failover that may wait for longer, for a person or a lease, than the last lag that AWS has published counts.',
  reason:
    'With the writer its lag falls silent, and an unknown lag is over the limit: the move is refused when its time has come.',
  check: eachService((service, at) => {
    const { name, sites, data, failover } = service;
    const told = Object.keys(sites).filter((site) => surveyedLagOf(service, site) === 'published');
    if (failover.maxReplicationLagMs === undefined || told.length === 0 || !failover.automatic) return [];
    const isFenced = isPromoted(data) && Object.values(sites).some(({ fence }) => fence !== undefined);
    const { detectMs, decideMs } = recoveryBound(service);
    const { approval } = failover;
    const moveMs = detectMs + decideMs + beyondBoundMs(approval) + (isFenced ? leaseWaitMs(service) : 0);
    const knownMs = publishedLagAgeMsMax - publishedLagLateMs;
    if (moveMs <= knownMs) return [];
    const how = Number.isFinite(moveMs)
      ? `${Math.ceil(moveMs / 1_000)} s after the fault`
      : 'whenever a person approves it';
    return [
      {
        path: `${at}.failover.${approval === undefined ? 'leaseMs' : 'approval'}`,
        what: `a failover may come ${how}, and the lag of ${listed(told)} may be unknown ${knownMs / 1_000} s after it`,
        breaks: `when the writer is lost, ${name} stays there until a person runs failover --force --allow-data-loss`,
        hint: 'let the sites say their lag in the answers of their probes (measures.lag.kind: probe), or wait for less; or accept that such a move needs the leave to lose data',
      },
    ];
  }),
};

/** How long a person may take beyond the bound on the decision, which holds the wait for one who need not be there. */
function beyondBoundMs(approval: ApprovalPolicy | undefined): number {
  if (approval === undefined || goesUnapproved(approval)) return 0;
  return approval.atEnd === 'drop' ? (approval.waitMs ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
}

/** Whether there is a source of the lag of a site: the one that it declares, or what AWS publishes of its data. */
function isLagReported(service: NamedService, site: string): boolean {
  const { measures, probes } = service.sites[site] ?? { probes: [] };
  return measures?.lag?.kind === 'probe' ? probes.some(reportsOnSite) : surveyedLagOf(service, site) !== null;
}

/** Findings about replication lag. */
export const lagLintRules: readonly LintRule[] = [
  lagNeverReported,
  lagLimitBelowLease,
  heartbeatOutlivesLimit,
  moveOutlivesLag,
];
