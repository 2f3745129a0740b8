import { adviceLine, adviceOnSite } from '../alerting/advice.ts';
import type { GroupView } from '../decision/decision-input.ts';
import { demandOf } from '../decision/demand.ts';
import {
  candidateOrder,
  explainCandidates,
  type Ineligibility,
  ineligibilities,
  noOverrides,
  type Overrides,
} from '../decision/eligibility.ts';
import { isEligibleForOthers } from '../decision/group-view.ts';
import { describeRun, openRun } from '../decision/plan.ts';
import { percentsLeft } from '../decision/share-plan.ts';
import type { SiteKnowledge } from '../detection/site-knowledge.ts';
import { type NamedService, nameNow, preferredSite } from '../model/service.ts';
import { newRunTimes } from '../register/ledger.ts';
import { hasOpenRun, type Register, withHistory } from '../register/register.ts';
import { type RunKind, reopened } from '../register/run.ts';
import { canShiftInParts } from '../register/share.ts';
import { type Dispute, describeDisputes, disputesAbout } from '../tables/dispute.ts';
import type { Stopwatches } from '../tables/stopwatch.ts';
import { type ReleaseOrder, releaseFence } from './release.ts';

/** What an operator can ask of a service. */
export type Command =
  | { readonly verb: 'pause'; readonly reason: string }
  | { readonly verb: 'resume' }
  | { readonly verb: 'ack' }
  | { readonly verb: 'maintenance'; readonly site: string; readonly isOn: boolean; readonly isFailoverAllowed: boolean }
  | { readonly verb: 'switchover'; readonly to: string | null }
  | {
      readonly verb: 'failover';
      readonly to: string | null;
      readonly isForced: boolean;
      readonly isDataLossAllowed: boolean;
      /** Go on without a proven fence where the service demands proof. */
      readonly isProofWaived: boolean;
    }
  | { readonly verb: 'failback' }
  | ({ readonly verb: 'release' } & ReleaseOrder);

/** What a command is judged by. */
export interface CommandContext {
  readonly service: NamedService;
  readonly register: Register;
  readonly knowledge: SiteKnowledge;
  /** Waiting times as the watchers have counted them. */
  readonly stopwatches: Stopwatches;
  /** Null when the service fails over alone. */
  readonly group: GroupView | null;
  /** What the living watchers were configured differently for than whoever asks. */
  readonly disputes: readonly Dispute[];
  /** Who asks; goes into the history. */
  readonly by: string;
  readonly wallMs: number;
}

/** The next register value, or why there is none. A refusal changes nothing. */
export type CommandOutcome =
  | { readonly outcome: 'accepted'; readonly register: Register; readonly message: string }
  /** Nothing to do: it is so already. */
  | { readonly outcome: 'unchanged'; readonly message: string }
  | { readonly outcome: 'refused'; readonly message: string };

/** Judges one command against the newest register; pure, and called again when somebody else was faster. */
export function obey(command: Command, context: CommandContext): CommandOutcome {
  switch (command.verb) {
    case 'pause':
      return pauseService(command.reason, context);
    case 'resume':
      return resumeService(context);
    case 'ack':
      return acknowledge(context);
    case 'maintenance':
      return command.isOn
        ? beginMaintenance(command.site, command.isFailoverAllowed, context)
        : endMaintenance(command.site, context);
    case 'switchover':
      return moveByHand('switchover', command.to, noOverrides, context);
    case 'failover':
      return failoverByHand(command, context);
    case 'failback':
      return moveByHand('failback', preferredSite(context.service), noOverrides, context);
    case 'release': {
      const released = releaseFence(command, context.service, context.register, context.knowledge);
      return released.outcome === 'accepted'
        ? accept(released.register, released.what, context, released.message)
        : released;
    }
  }
}

function pauseService(reason: string, context: CommandContext): CommandOutcome {
  const { register, service, by } = context;
  if (register.pause !== null) return unchanged(`${service.name} is already paused by ${register.pause.by}`);
  return accept(
    { ...register, pause: { by, reason } },
    `pause: ${reason}`,
    context,
    `${service.name} is paused; automatic moves stop until "failover resume ${service.name}"`,
  );
}

function resumeService(context: CommandContext): CommandOutcome {
  const { register, service } = context;
  if (register.pause === null) return unchanged(`${service.name} is not paused`);
  return accept(
    { ...register, pause: null },
    'resume',
    context,
    `${service.name} is resumed; automatic moves are allowed`,
  );
}

function acknowledge(context: CommandContext): CommandOutcome {
  const { register, service } = context;
  const open = register.moves.filter(({ kind, isAcknowledged }) => kind === 'failover' && !isAcknowledged);
  if (open.length === 0) return unchanged(`${service.name} has nothing to acknowledge`);
  const moves = register.moves.map((move) => ({ ...move, isAcknowledged: true }));
  const epochs = open.map(({ epoch }) => epoch).join(', ');
  return accept(
    { ...register, moves },
    'ack',
    context,
    `the failover of epoch ${epochs} is acknowledged; the block period is over`,
  );
}

function beginMaintenance(site: string, isFailoverAllowed: boolean, context: CommandContext): CommandOutcome {
  const { register, service } = context;
  if (register.maintenance.includes(site)) return unchanged(`${site} is already in maintenance`);
  const maintenance = [...register.maintenance, site].sort();
  const message = `${site} is in maintenance; no move will choose it`;
  if (service.mode === 'active-active') return withdrawByHand(site, { ...register, maintenance }, message, context);
  if (site !== register.active) return accept({ ...register, maintenance }, `maintenance on ${site}`, context, message);
  if (!isFailoverAllowed) {
    return refuse(`${site} is active; switch over first, or say --allow-failover to do both`);
  }
  const moved = moveByHand('switchover', null, noOverrides, context);
  if (moved.outcome !== 'accepted') return moved;
  return accept(
    { ...moved.register, maintenance },
    `maintenance on ${site}`,
    { ...context, register: moved.register },
    `${moved.message}; ${service.name}'s ${site} is in maintenance`,
  );
}

/** A site of a pool in maintenance leaves it, as long as another one serves. */
function withdrawByHand(site: string, register: Register, message: string, context: CommandContext): CommandOutcome {
  const { service, knowledge, by, wallMs } = context;
  const what = `maintenance on ${site}`;
  if (!register.serving.includes(site)) return accept(register, what, context, message);
  if (hasOpenRun(register)) return refuse(`${describeRun(register.run)} is in progress; try again when it has ended`);
  const serving = register.serving.filter((name) => name !== site);
  const [first] = serving;
  if (first === undefined) return refuse(`${site} is the only site that serves; the pool is never emptied`);
  const plan = { service, shares: register, knowledge, demand: demandOf(context) };
  if (percentsLeft(plan, [site], 'full')[site] !== 0 && !canShiftInParts(service)) {
    const cannot = `${serving.join(', ')} cannot carry what ${site} carries`;
    return refuse(`${cannot}; bring another site back first, or wait until there is less to carry`);
  }
  const move = {
    kind: 'withdraw',
    from: site,
    to: first,
    serving,
    reason: 'operator',
    by,
    holder: null,
    isDataLossAllowed: false,
    isProofWaived: false,
    isShortAllowed: false,
    demand: demandOf(context),
    times: newRunTimes(wallMs),
  } as const;
  const opened = openRun(service, register, move, null);
  return accept(opened, what, { ...context, register: opened }, `${site} is in maintenance and leaves the pool`);
}

function endMaintenance(site: string, context: CommandContext): CommandOutcome {
  const { register } = context;
  if (!register.maintenance.includes(site)) return unchanged(`${site} is not in maintenance`);
  const maintenance = register.maintenance.filter((name) => name !== site);
  return accept({ ...register, maintenance }, `maintenance off ${site}`, context, `${site} may be chosen again`);
}

function failoverByHand(command: Command & { readonly verb: 'failover' }, context: CommandContext): CommandOutcome {
  const { service, register, knowledge } = context;
  const { isForced, isDataLossAllowed, isProofWaived } = command;
  if (isProofWaived && !isForced) return refuse('--without-fence-proof goes with --force: a person answers for it');
  const verdict = knowledge.verdicts[register.active] ?? 'unclear';
  if (!isForced && verdict === 'up') {
    return refuse(
      `${register.active} is up; use "failover switchover ${service.name}" to move while all is well, or --force`,
    );
  }
  const overrides = { isVerdictWaived: isForced, isDataLossAllowed, isProofWaived };
  return moveByHand('failover', command.to, overrides, context);
}

function moveByHand(
  kind: RunKind,
  wanted: string | null,
  overrides: Overrides,
  context: CommandContext,
): CommandOutcome {
  const { service, register, knowledge, by, wallMs } = context;
  const isForced = kind === 'failover' && overrides.isVerdictWaived;
  if (hasOpenRun(register) && !isForced) {
    return refuse(
      `a ${register.run.kind} to ${register.run.to} is in progress; watch it with "failover status ${service.name}"`,
    );
  }
  const misplaced = misplacedBecause(kind, context);
  if (misplaced !== null) return refuse(misplaced);
  if (wanted === register.active)
    return isForced ? goOn(wanted, overrides, context) : unchanged(stayingAt(wanted, context));
  const to =
    wanted ?? candidateOrder(service, register, knowledge).find((name) => isOpenTo(name, overrides, context)) ?? null;
  if (to === null) return refuse(`no eligible site: ${explainCandidates(service, register, knowledge, overrides)}`);
  const faults = ineligibilities(service, register, knowledge, to, overrides);
  if (!isEligibleForOthers(context.group, to)) {
    return refuse(`no eligible site: ${to} is refused for another member of group ${context.group?.name}`);
  }
  if (faults.length > 0)
    return refuse(`no eligible site: ${to} is refused (${faults.join(', ')}); ${hint(faults, service.name, to)}`);

  const disagreement = overrides.isVerdictWaived ? null : disagreementAbout([register.active, to], context);
  if (disagreement !== null) return refuse(disagreement);

  const times = newRunTimes(wallMs, { dataAtRiskMs: knowledge.reports[to]?.replicationLagMs ?? null });
  const from = leftSite(register, to);
  const move = {
    kind,
    from,
    to,
    serving: [to],
    reason: 'operator',
    by,
    holder: null,
    isDataLossAllowed: overrides.isDataLossAllowed,
    isProofWaived: overrides.isProofWaived ?? false,
    isShortAllowed: false,
    demand: demandOf(context),
    times,
  } as const;
  const opened = openRun(service, register, move, null);
  const ended = hasOpenRun(register) ? ` in place of the ${describeRun(register.run)} that was under way` : '';
  return {
    outcome: 'accepted',
    register: opened,
    message: `${kind} of ${service.name} from ${from} to ${to} has begun (epoch ${opened.epoch})${ended}`,
  };
}

/**
 * The site that a move leaves. While the newest run has not arrived, as when it is under way or has failed, that is the
 * site which it was to leave: it still serves, so it is the one to be fenced.
 */
function leftSite({ run, epoch, active, serving }: Register, to: string): string {
  const hasArrived = run === null || run.epoch !== epoch || serving.includes(active);
  return hasArrived || run.from === to ? active : run.from;
}

/**
 * A forced failover to where the newest run was to go: one that failed is opened again, whatever has to be waited for.
 */
function goOn(to: string, overrides: Overrides, context: CommandContext): CommandOutcome {
  const { register } = context;
  const { run } = register;
  if (run?.state !== 'failed' || run.epoch !== register.epoch) return unchanged(stayingAt(to, context));
  const what = describeRun(run);
  const isProofWaived = run.isProofWaived || (overrides.isProofWaived ?? false);
  return accept(
    { ...register, run: { ...reopened(run), isProofWaived } },
    `go on with ${what}`,
    context,
    `${what} goes on where it failed`,
  );
}

/** What is said when a service is to move to where it is, or is going. */
function stayingAt(to: string, { register, service }: CommandContext): string {
  const { run } = register;
  if (hasOpenRun(register)) return `${describeRun(register.run)} is under way and goes on`;
  const isThere =
    run === null || run.state !== 'failed' || run.epoch !== register.epoch || register.serving.includes(to);
  return isThere
    ? `${to} is already active`
    : `the ${describeRun(run)} failed and ${register.serving.join(', ')} still serves; say "failover failover ${service.name} --force --to ${to}" to go on with it`;
}

/** Why a move between these sites must wait for a deployment; null when all that live mean the same by it. */
function disagreementAbout(sites: readonly string[], { service, disputes }: CommandContext): string | null {
  const unknown = sites.filter((site) => nameNow(service, site) === null);
  if (unknown.length > 0) {
    return `this configuration does not have ${unknown.join(', ')}, so nobody can fence it; deploy one that has it, or stop it and use "failover failover --force"`;
  }
  const about = disputesAbout(disputes, sites);
  if (about.length === 0) return null;
  return `${describeDisputes(about)}; deploy everywhere, use the configuration that is deployed, or "failover failover --force"`;
}

/** Why a move by hand cannot be asked of this service; null when it can. */
function misplacedBecause(kind: RunKind, { service, group }: CommandContext): string | null {
  if (service.mode === 'active-active') {
    return `${service.name} is active-active: there is no ${kind}; take a site out with "failover maintenance on ${service.name} SITE"`;
  }
  if (group === null || group.leader === service.name) return null;
  return `${service.name} follows ${group.leader} in group ${group.name}; say "failover ${kind} ${group.leader}"`;
}

function isOpenTo(
  site: string,
  overrides: Overrides,
  { service, register, knowledge, group }: CommandContext,
): boolean {
  return (
    ineligibilities(service, register, knowledge, site, overrides).length === 0 && isEligibleForOthers(group, site)
  );
}

function hint(faults: readonly Ineligibility[], service: string, site: string): string {
  const advice = adviceOnSite(faults);
  return advice === null ? '' : adviceLine(advice, { service, site });
}

function accept(register: Register, what: string, context: CommandContext, message: string): CommandOutcome {
  const entry = { epoch: register.epoch, atMs: context.wallMs, by: context.by, what };
  return { outcome: 'accepted', register: withHistory(register, entry), message };
}

function unchanged(message: string): CommandOutcome {
  return { outcome: 'unchanged', message };
}

function refuse(message: string): CommandOutcome {
  return { outcome: 'refused', message };
}
