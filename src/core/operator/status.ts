import { type CalendarView, calendarAt } from '../calendar/calendar.ts';
import type { DecisionInput, Reason } from '../decision/decision-input.ts';
import { groupViewOf } from '../decision/group-view.ts';
import { blockLeftMs } from '../decision/limits.ts';
import { type OwedReport, owedReports } from '../decision/owed-report.ts';
import { decide } from '../decision/service-decision.ts';
import type { DnsReadings } from '../dns/readings.ts';
import { type Deployment, serviceOf } from '../model/deployment.ts';
import type { NamedService } from '../model/service.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import type { Dispute } from '../tables/dispute.ts';
import { isUnreached } from '../tables/keeper.ts';
import { isActiveSuspected, type RegisterLoss, type ServiceView } from '../tables/service-view.ts';
import { type DnsStatus, dnsStatus } from './dns-status.ts';
import { type ApprovalStatus, approvalStatus } from './planned/approval-status.ts';
import { type AwayStatus, awayStatus } from './planned/away-status.ts';
import { type PlannedStatus, plannedStatus } from './planned/planned-status.ts';
import { ill, type Protection, protectionOf, withLeading, withTime } from './protection.ts';
import { checkQuorum, type QuorumView } from './quorum-check.ts';
import { type RunStatus, runStatus } from './run-status.ts';
import { type SiteStatus, siteStatus } from './site-status.ts';
import { type Leader, type StuckStatus, stuckStatusOf } from './stuck-status.ts';
import type { DeploymentView } from './table-survey.ts';
import { type VotersStatus, votersStatus } from './voters-status.ts';

/**
 * The state of a service in one word.
 *
 * `steady`: nothing is wrong, or `reason` says what is. `suspected`: a fault is suspected and not yet confirmed.
 * `stuck`: the active site is down and something forbids the move, or a run has ended with a step undone. `failsafe`:
 * there is no majority, and traffic stays. `unborn`: the register was never created.
 */
export type ServiceState = 'steady' | 'suspected' | 'moving' | 'paused' | 'blocked' | 'stuck' | 'failsafe' | 'unborn';

/** Version of what `cdk-failover status --json` prints; `status.schema.json` is its schema. */
export const statusVersion = 1;

/** One service as `cdk-failover status --json` shows it. */
export interface ServiceStatus {
  /** Whether clients would be served after the next fault. */
  readonly protection: Protection;
  readonly state: ServiceState;
  readonly reason: Reason | 'unborn' | 'register-lost';
  readonly detail: string;
  readonly epoch: number | null;
  readonly active: string | null;
  /**
   * Site that truly writes and serves. It differs from `active` until a move has arrived. Null while it is not known.
   */
  readonly writer: string | null;
  /** Fences that must stay closed. */
  readonly owed: readonly OwedReport[];
  readonly serving: readonly string[];
  readonly sites: Readonly<Record<string, SiteStatus>>;
  readonly watchers: Readonly<Record<string, 'fresh' | 'silent' | 'unreachable'>>;
  /** Null while there is no register, or while the register is not known. */
  readonly voters: VotersStatus | null;
  /** A person's word that nothing moves by itself; `untilMs` is when it ends by itself, null: a person ends it. */
  readonly pause: { readonly by: string; readonly reason: string; readonly untilMs: number | null } | null;
  /** What is left of the block period, in milliseconds; 0 when there is none. */
  readonly blockLeftMs: number;
  /** Windows that are open by the reader's clock; absent when its time is not known. */
  readonly calendar?: CalendarView;
  /** The switchover that a person has planned; null when there is none. */
  readonly planned: PlannedStatus | null;
  /** The game day of the calendar that has not come back; null when there is none. */
  readonly away: AwayStatus | null;
  /** The failover that waits for a person, or has been approved; null when there is none. */
  readonly approval: ApprovalStatus | null;
  readonly lost: readonly string[];
  /** The parts for which living watchers have another configuration than the reader. */
  readonly disputes: readonly Dispute[];
  readonly run: RunStatus | null;
  /** While the service is stuck: what is not done, where clients are, which commands can help. Null otherwise. */
  readonly stuck: StuckStatus | null;
  /** Where votes and memories lead clients; null where there are none, or nobody reads them here. */
  readonly dns: DnsStatus | null;
  /** Without a majority: the newest value in the tables that answer. It may be outdated. Null otherwise. */
  readonly lastKnown: { readonly epoch: number; readonly active: string } | null;
  /** While the register is lost: the site that the functions name as the one that writes and serves; null otherwise. */
  readonly named: string | null;
}

/**
 * The status of one service, for display.
 *
 * @param readings - of what Route 53 follows, read before the tables; null when nobody reads it
 */
export function statusOf(
  deployment: Deployment,
  serviceName: string,
  deploymentView: DeploymentView,
  readings: DnsReadings | null = null,
): ServiceStatus {
  const service = serviceOf(deployment, serviceName);
  const serviceView = deploymentView.serviceViews[serviceName];
  if (!serviceView) throw new RangeError(`nothing is known of ${serviceName}`);
  const register = 'register' in serviceView.register ? serviceView.register.register : null;
  const judged = judgeState(deployment, service, serviceView, deploymentView);
  const guarded = protectionFor(deployment, service, deploymentView, judged);
  const dns = dnsStatus(deployment, service, register, readings, deploymentView.wallMs ?? 0);
  return {
    protection: withTime(withLeading(guarded, dns, register?.serving ?? []), serviceName, deploymentView.stopwatches),
    ...judged,
    epoch: register?.epoch ?? null,
    active: register?.active ?? null,
    writer: register?.writer ?? null,
    owed: register === null ? [] : owedReports(service, register, serviceView.knowledge.reports),
    serving: register?.serving ?? [],
    sites: Object.fromEntries(
      Object.keys(service.sites).map((site) => [
        site,
        siteStatus(service, register, serviceView, deploymentView, site),
      ]),
    ),
    watchers: Object.fromEntries(
      deployment.controlRegions.map((region) => [region, watcherState(deploymentView, region)]),
    ),
    voters: register === null ? null : votersStatus(register, deployment.controlRegions),
    pause: register?.pause ? { untilMs: null, ...register.pause } : null,
    blockLeftMs: register === null ? 0 : blockLeftMs({ service, register, stopwatches: deploymentView.stopwatches }),
    ...(deploymentView.wallMs === undefined ? {} : { calendar: calendarAt(service, deploymentView.wallMs) }),
    planned:
      register === null
        ? null
        : plannedStatus(decisionInputOf(deployment, service, serviceView, register, deploymentView)),
    away:
      register === null
        ? null
        : awayStatus(decisionInputOf(deployment, service, serviceView, register, deploymentView)),
    approval: register === null ? null : approvalStatus(register, service.failover),
    lost: register?.lost ?? [],
    disputes: serviceView.disputes,
    run: register?.run ? runStatus(register.run) : null,
    stuck:
      register === null || judged.state !== 'stuck'
        ? null
        : stuckStatusOf(
            service,
            register,
            serviceView.knowledge,
            judged.detail,
            followedBy(deployment, service, deploymentView),
          ),
    dns,
    lastKnown: lastKnownIn(serviceView.register),
    named: serviceView.loss?.named ?? null,
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
  deploymentView: Pick<DeploymentView, 'silent' | 'stopwatches' | 'serviceViews' | 'wallMs'>,
): Pick<ServiceStatus, 'state' | 'reason' | 'detail'> {
  const view = serviceView.register;
  if (serviceView.loss !== undefined)
    return { state: 'stuck', reason: 'register-lost', detail: lossText(serviceView.loss) };
  if (view.kind === 'absent')
    return { state: 'unborn', reason: 'unborn', detail: 'no register yet: its watchers have not run' };
  if (view.kind === 'no-majority') {
    const silent = Object.entries(deploymentView.silent).map(([region, why]) => `${region} (${why})`);
    return {
      state: 'failsafe',
      reason: 'no-majority',
      detail: `${silent.join(', ') || 'a table forgot'}; traffic stays where it is, and nothing can be changed`,
    };
  }
  const input = decisionInputOf(deployment, service, serviceView, view.register, deploymentView);
  const decision = decide(input);
  const state = stateFor(decision.reason, view.register);
  const { active } = view.register;
  const isDead = state === 'steady' && input.knowledge.verdicts[active] === 'down';
  const leader = isDead ? leaderOf(deployment, input) : null;
  if (leader === null) return { state, reason: decision.reason, detail: decision.detail };
  // A member that is where its group is decides nothing. What becomes of it is for the first member to say.
  const leaderView = deploymentView.serviceViews[leader.name];
  const judged = leaderView ? judgeState(deployment, leader, leaderView, deploymentView) : null;
  const isIll = judged === null || judged.state === 'steady';
  const detail = `${active} is down; ${leader.name}, which decides for the group: ${judged?.detail ?? 'not known'}`;
  return { state: isIll ? 'stuck' : judged.state, reason: isIll ? 'group-waits' : judged.reason, detail };
}

/** The first member of a service's group; null for that member itself, and where there is no group. */
function leaderOf(deployment: Deployment, { service, group }: DecisionInput): NamedService | null {
  return group === null || group.leader === service.name ? null : serviceOf(deployment, group.leader);
}

/** Whom a service follows, and where that member is; null when it follows nobody. */
function followedBy(
  deployment: Deployment,
  service: NamedService,
  { serviceViews }: Pick<DeploymentView, 'serviceViews'>,
): Leader | null {
  const group = groupViewOf(deployment, service.name, ({ name }) => serviceViews[name] ?? null);
  if (group === null || group.leader === service.name) return null;
  return { name: group.leader, active: group.others[group.leader]?.register?.active ?? null };
}

function lossText({ named }: RegisterLoss): string {
  const said =
    named === null ? 'its functions have named no site' : `its functions say that ${named} writes and serves`;
  return `the state tables have lost the register; traffic stays where it is until a person founds it again; ${said}`;
}

/** The decision input of a watcher, as far as it can be read from the tables. */
function decisionInputOf(
  deployment: Deployment,
  service: NamedService,
  serviceView: ServiceView,
  register: Register,
  { stopwatches, serviceViews, wallMs }: Pick<DeploymentView, 'stopwatches' | 'serviceViews' | 'wallMs'>,
): DecisionInput {
  return {
    service,
    register,
    knowledge: serviceView.knowledge,
    isActiveSuspected: isActiveSuspected(service, register, serviceView),
    watcherCount: serviceView.members.length,
    freshWatcherCount: serviceView.freshWatchers.length,
    stopwatches,
    ...(wallMs === undefined ? {} : { wallMs, calendar: calendarAt(service, wallMs) }),
    group: groupViewOf(deployment, service.name, ({ name }) => serviceViews[name] ?? null),
    disputes: serviceView.disputes,
  };
}

/**
 * The protection of a service. For a member of a group it is judged from the first member, because the others follow
 * that one.
 */
export function protectionFor(
  deployment: Deployment,
  service: NamedService,
  deploymentView: QuorumView & Pick<DeploymentView, 'stopwatches' | 'wallMs'>,
  { state, reason, detail }: Pick<ServiceStatus, 'state' | 'reason' | 'detail'>,
): Protection {
  if (reason === 'register-lost') return ill('stuck', detail);
  if (state === 'unborn') return ill('unprotected', detail);
  if (state === 'failsafe') return ill('cannot-see', detail);
  const inputOf = (member: NamedService): DecisionInput | null => {
    const view = deploymentView.serviceViews[member.name];
    if (!view || !('register' in view.register)) return null;
    return decisionInputOf(deployment, member, view, view.register.register, deploymentView);
  };
  const own = inputOf(service);
  if (own === null) return ill('cannot-see', detail);
  const decision = decide(own);
  const isOwnState = stateFor(decision.reason, own.register) === state;
  // A member that cannot know what its group does waits; nobody can tell whether anything moves.
  const isSeen = decision.kind !== 'abstain';
  if (isOwnState && isSeen && (state === 'stuck' || state === 'moving')) return protectionOf(own, decision, state, '');
  const leader = serviceOf(deployment, own.group?.leader ?? service.name);
  const input = leader.name === service.name ? own : inputOf(leader);
  if (input === null) return ill('cannot-see', `the register of ${leader.name}, which decides, cannot be read`);
  if (input !== own && own.knowledge.verdicts[own.register.active] === 'down') {
    return protectionOfDeadMember(own.register.active, input);
  }
  const view = deploymentView.serviceViews[leader.name];
  const isDark = (region: string) => view !== undefined && isUnreached(view, region);
  return protectionOf(input, decision, null, checkQuorum(deployment, leader.name, deploymentView).why, isDark);
}

/** The protection of a member whose own site is down: what the first member does about it, which decides for all. */
function protectionOfDeadMember(active: string, leader: DecisionInput): Protection {
  const decision = decide(leader);
  if (stateFor(decision.reason, leader.register) === 'moving') return protectionOf(leader, decision, 'moving', '');
  return ill('stuck', `${active} is down; ${leader.service.name}, which decides for the group: ${decision.detail}`);
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
    case 'planned-waits':
      return 'steady';
    case 'suspected':
      return 'suspected';
    case 'run-in-progress':
    case 'active-down':
    case 'failback-due':
    case 'planned':
    case 'operator':
    case 'site-back':
    case 'site-down':
    case 'turned-back':
    case 'failover-undone':
    case 'mode-changed':
    case 'attempts-used-up':
    case 'group-failover':
    case 'group-planned':
    case 'group-waits':
      return 'moving';
    case 'paused':
      return 'paused';
    case 'blocked':
    case 'approval-waits':
    case 'approval-lapsed':
    case 'frozen':
      return 'blocked';
    case 'no-majority':
      return 'failsafe';
    case 'run-unfinished':
    case 'writer-elsewhere':
    case 'fence-waits':
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

function watcherState(deploymentView: DeploymentView, region: string): 'fresh' | 'silent' | 'unreachable' {
  if (deploymentView.silent[region] !== undefined) return 'unreachable';
  return deploymentView.items[region] ? 'fresh' : 'silent';
}
