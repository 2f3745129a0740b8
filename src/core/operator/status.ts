import type { Reason } from '../decision/decision-input.ts';
import { type Ineligibility, ineligibilities } from '../decision/eligibility.ts';
import { groupViewOf } from '../decision/group-view.ts';
import { blockLeftMs } from '../decision/limits.ts';
import { type OwedReport, owedReports } from '../decision/owed-report.ts';
import { decide } from '../decision/service-decision.ts';
import type { Opinion } from '../detection/opinion.ts';
import type { Verdict } from '../detection/verdict.ts';
import { type Deployment, majorityOf, serviceOf } from '../model/deployment.ts';
import type { NamedService } from '../model/service.ts';
import { type LedgerLine, ledgerLines } from '../register/ledger.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import type { RunKind, Step } from '../register/run.ts';
import { rampPercent } from '../register/share.ts';
import type { Dispute } from '../tables/dispute.ts';
import { isActiveSuspected, type ServiceView } from '../tables/service-view.ts';
import { type StuckStatus, stuckStatusOf } from './stuck-status.ts';
import type { DeploymentView } from './table-survey.ts';
import { type VotersStatus, votersStatus } from './voters-status.ts';

/**
 * The state of a service in one word.
 *
 * `steady`: nothing is wrong or nothing can be done automatically that is not stated in `reason`. `suspected`: a fault
 * is a hypothesis so far. `stuck`: the active is down and something forbids the move, or a run has ended and something
 * of it is not so. `failsafe`: no majority, traffic
 * stays. `unborn`: the register was never created.
 */
export type ServiceState = 'steady' | 'suspected' | 'moving' | 'paused' | 'blocked' | 'stuck' | 'failsafe' | 'unborn';

/** The message for a service that every table answers for and none knows. */
export const noRegisterYet = 'no register yet: its watchers have not run';

/** One service as `cdk-failover status --json` shows it. */
export interface ServiceStatus {
  readonly state: ServiceState;
  readonly reason: Reason | 'unborn';
  readonly detail: string;
  readonly epoch: number | null;
  readonly active: string | null;
  /** Site that truly writes and serves; another one than `active` until a move has arrived. Null while not known. */
  readonly writer: string | null;
  /** Fences that must stay closed. */
  readonly owed: readonly OwedReport[];
  readonly serving: readonly string[];
  readonly sites: Readonly<Record<string, SiteStatus>>;
  readonly watchers: Readonly<Record<string, 'fresh' | 'silent' | 'unreachable'>>;
  /** Null while there is no register, or it is not known. */
  readonly voters: VotersStatus | null;
  readonly pause: Register['pause'];
  /** What is left of the block period, 0 when none runs. */
  readonly blockLeftMs: number;
  readonly lost: readonly string[];
  /** What the living watchers were configured differently for than whoever asks. */
  readonly disputes: readonly Dispute[];
  readonly run: RunStatus | null;
  /** While it is stuck: what is not so, where clients are, what can be typed. Null otherwise. */
  readonly stuck: StuckStatus | null;
  /** Without a majority: the newest that the tables which answer hold. It may be outdated. Null otherwise. */
  readonly lastKnown: { readonly epoch: number; readonly active: string } | null;
}

/** What is known of one site of a service. */
export interface SiteStatus {
  readonly role: 'active' | 'standby' | 'maintenance' | 'lost' | 'withdrawn';
  readonly verdict: Verdict;
  /** By watcher; silent ones are absent. */
  readonly opinions: Readonly<Record<string, Opinion>>;
  readonly replicationLagMs: number | null;
  /** What it carries now, in the unit of its capacity. */
  readonly load: number | null;
  /** Percent of its own share of the traffic that it is given. */
  readonly sharePercent: number;
  /** Why it may not become active; empty when it may. */
  readonly ineligible: readonly Ineligibility[];
}

/** The run in progress, for people. */
export interface RunStatus {
  readonly kind: RunKind;
  readonly epoch: number;
  readonly attempt: number;
  readonly state: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly by: string;
  readonly holder: string | null;
  readonly steps: readonly Pick<Step, 'name' | 'resource' | 'state' | 'detail'>[];
  readonly ledger: readonly LedgerLine[];
}

/** Puts together what is shown of one service; pure. */
export function statusOf(deployment: Deployment, serviceName: string, deploymentView: DeploymentView): ServiceStatus {
  const service = serviceOf(deployment, serviceName);
  const serviceView = deploymentView.serviceViews[serviceName];
  if (!serviceView) throw new RangeError(`nothing was deploymentView of ${serviceName}`);
  const register = 'register' in serviceView.register ? serviceView.register.register : null;
  const judged = judgeState(deployment, service, serviceView, deploymentView);
  return {
    ...judged,
    epoch: register?.epoch ?? null,
    active: register?.active ?? null,
    writer: register?.writer ?? null,
    owed: register === null ? [] : owedReports(service, register, serviceView.knowledge.reports),
    serving: register?.serving ?? [],
    sites: Object.fromEntries(
      Object.keys(service.sites).map((site) => [site, siteStatus(service, register, serviceView, site)]),
    ),
    watchers: Object.fromEntries(
      deployment.controlRegions.map((region) => [region, watcherState(deploymentView, region)]),
    ),
    voters: register === null ? null : votersStatus(register, deployment.controlRegions),
    pause: register?.pause ?? null,
    blockLeftMs: register === null ? 0 : blockLeftMs({ service, register, stopwatches: deploymentView.stopwatches }),
    lost: register?.lost ?? [],
    disputes: serviceView.disputes,
    run: register?.run ? runStatus(register.run) : null,
    stuck:
      register === null || judged.state !== 'stuck'
        ? null
        : stuckStatusOf(service, register, serviceView.knowledge, judged.detail),
    lastKnown: lastKnownIn(serviceView.register),
  };
}

function lastKnownIn(view: ServiceView['register']): ServiceStatus['lastKnown'] {
  if (view.kind !== 'no-majority' || view.lastKnown === null) return null;
  return { epoch: view.lastKnown.epoch, active: view.lastKnown.active };
}

/** The state of a service in one word, and why. */
export function judgeState(
  deployment: Deployment,
  service: NamedService,
  serviceView: ServiceView,
  deploymentView: Pick<DeploymentView, 'silent' | 'stopwatches' | 'serviceViews'>,
): Pick<ServiceStatus, 'state' | 'reason' | 'detail'> {
  const view = serviceView.register;
  if (view.kind === 'absent') return { state: 'unborn', reason: 'unborn', detail: noRegisterYet };
  if (view.kind === 'no-majority') {
    const silent = Object.entries(deploymentView.silent).map(([region, why]) => `${region} (${why})`);
    return {
      state: 'failsafe',
      reason: 'no-majority',
      detail: `${silent.join(', ') || 'a table forgot'}; traffic stays where it is, and nothing can be changed`,
    };
  }
  const { register } = view;
  const decision = decide({
    service,
    register,
    knowledge: serviceView.knowledge,
    isActiveSuspected: isActiveSuspected(service, register, serviceView),
    watcherCount: deployment.controlRegions.length,
    freshWatcherCount: serviceView.freshWatchers.length,
    stopwatches: deploymentView.stopwatches,
    group: groupViewOf(deployment, service.name, ({ name }) => deploymentView.serviceViews[name] ?? null),
    disputes: serviceView.disputes,
  });
  return { state: stateFor(decision.reason, register), reason: decision.reason, detail: decision.detail };
}

function stateFor(reason: Reason, register: Register): ServiceState {
  if (register.pause !== null && !hasOpenRun(register)) return 'paused';
  switch (reason) {
    case 'healthy':
    case 'degraded':
    case 'quorum-unreachable':
    case 'no-quorum':
    case 'warming-up':
    case 'failback-waits':
      return 'steady';
    case 'suspected':
      return 'suspected';
    case 'run-in-progress':
    case 'active-down':
    case 'failback-due':
    case 'operator':
    case 'site-back':
    case 'site-down':
    case 'turned-back':
    case 'attempts-used-up':
    case 'group-failover':
    case 'group-planned':
    case 'group-waits':
      return 'moving';
    case 'paused':
      return 'paused';
    case 'blocked':
      return 'blocked';
    case 'no-majority':
      return 'failsafe';
    case 'run-unfinished':
    case 'group-apart':
    case 'daily-limit':
    case 'manual-only':
    case 'no-eligible-site':
    case 'boot-grace':
    case 'shared-dependency':
    case 'self-fenced':
    case 'all-down':
    case 'fail-open':
    case 'over-capacity':
    case 'configurations-differ':
    case 'unknown-site':
      return 'stuck';
  }
}

function siteStatus(
  service: NamedService,
  register: Register | null,
  serviceView: ServiceView,
  site: string,
): SiteStatus {
  const testimonies = serviceView.testimonies[site] ?? [];
  return {
    role: roleOf(service, register, site),
    verdict: serviceView.knowledge.verdicts[site] ?? 'unclear',
    opinions: Object.fromEntries(testimonies.map(({ watcher, opinion }) => [watcher, opinion])),
    replicationLagMs: serviceView.knowledge.reports[site]?.replicationLagMs ?? null,
    load: serviceView.knowledge.reports[site]?.load ?? null,
    sharePercent: register === null ? 0 : rampPercent(register, site),
    ineligible:
      register === null || service.mode === 'active-active'
        ? []
        : ineligibilities(service, register, serviceView.knowledge, site),
  };
}

function roleOf(service: NamedService, register: Register | null, site: string): SiteStatus['role'] {
  if (register?.maintenance.includes(site)) return 'maintenance';
  if (service.mode === 'active-active' && register !== null) {
    return register.serving.includes(site) ? 'active' : 'withdrawn';
  }
  if (register?.active === site) return 'active';
  return register?.lost.includes(site) ? 'lost' : 'standby';
}

function watcherState(deploymentView: DeploymentView, region: string): 'fresh' | 'silent' | 'unreachable' {
  if (deploymentView.silent[region] !== undefined) return 'unreachable';
  return deploymentView.items[region] ? 'fresh' : 'silent';
}

function runStatus(run: NonNullable<Register['run']>): RunStatus {
  const { kind, epoch, attempt, state, from, to, reason, by, holder, times } = run;
  const steps = run.steps.map(({ name, resource, state: stepState, detail }) => ({
    name,
    resource,
    state: stepState,
    detail,
  }));
  return {
    kind,
    epoch,
    attempt,
    state,
    from,
    to,
    reason,
    by,
    holder: holder?.region ?? null,
    steps,
    ledger: ledgerLines(times),
  };
}

/** Whether a service could fail over now, as far as watchers and tables go. */
export interface QuorumCheck {
  readonly isUsable: boolean;
  readonly usableWatchers: number;
  readonly quorum: number;
  readonly answeringTables: number;
  readonly majority: number;
  readonly why: string;
}

/** Counts what a failover would need; pure. */
export function checkQuorum(deployment: Deployment, serviceName: string, deploymentView: DeploymentView): QuorumCheck {
  const service = serviceOf(deployment, serviceName);
  const view = deploymentView.serviceViews[serviceName]?.register;
  const usableWatchers = Object.values(deploymentView.items).filter((item) =>
    Object.values(item.tracks[serviceName] ?? {}).some((track) => track.opinion !== 'unknown'),
  ).length;
  const majority = majorityOf(deployment);
  const { quorum } = service.detection;
  const counted = { usableWatchers, quorum, answeringTables: deploymentView.answered.length, majority };
  const why =
    quorum > deployment.controlRegions.length
      ? `quorum ${quorum} can never be reached with ${deployment.controlRegions.length} watchers`
      : usableWatchers < Math.max(quorum, majority)
        ? `${usableWatchers} usable watchers, ${Math.max(quorum, majority)} are needed`
        : view?.kind === 'absent'
          ? noRegisterYet
          : view === undefined || view.kind === 'no-majority'
            ? `${deploymentView.answered.length} state tables answer with a valid register, ${majority} are needed`
            : '';
  return { isUsable: why === '', ...counted, why };
}
