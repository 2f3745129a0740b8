import { adviceLine, adviceOnSite } from '../alerting/advice.ts';
import { demandOf } from '../decision/demand.ts';
import {
  candidateOrder,
  explainCandidates,
  type Ineligibility,
  ineligibilities,
  type Overrides,
} from '../decision/eligibility.ts';
import { isEligibleForOthers } from '../decision/group-view.ts';
import { type Move, openRun } from '../decision/plan.ts';
import { groupPart } from '../model/digest.ts';
import { type NamedService, nameNow } from '../model/service.ts';
import { newRunTimes } from '../register/ledger.ts';
import { possibleWriters } from '../register/owed-fence.ts';
import { hasOpenRun, type Register } from '../register/register.ts';
import { inOwnNames } from '../register/renaming.ts';
import {
  isStuckBetweenWriters,
  type RunKind,
  reopenedAsFailover,
  reopenedByHand,
  unfinishedSteps,
  waitingIn,
} from '../register/run.ts';
import { allowedIn, describeRun } from '../register/run-words.ts';
import { describeDisputes, disputesAbout } from '../tables/dispute.ts';
import { groundsOf } from '../tables/grounds.ts';
import { accept, type CommandContext, type CommandOutcome, refuse, unchanged } from './command-outcome.ts';

/** What a person allows a move, besides the overrides about its site. */
export type Allowances = Partial<Pick<Move, 'isShortAllowed' | 'skipped'>>;

/**
 * Judges a move that a person asks for, and opens it.
 *
 * @param wanted - site to move to; null for the first eligible one
 */
export function moveByHand(
  kind: RunKind,
  wanted: string | null,
  overrides: Overrides,
  given: CommandContext,
  allowances: Allowances = {},
): CommandOutcome {
  const context = withNamesNow(given);
  const { service, register, knowledge, by, wallMs } = context;
  const isForced = kind !== 'switchover' && overrides.isVerdictWaived;
  if (hasOpenRun(register) && !isForced) {
    return refuse(
      `a ${register.run.kind} to ${register.run.to} is in progress; watch it with "cdk-failover status ${service.name}"`,
    );
  }
  // A member of a group that could not follow may only move to where the first member is.
  const misplaced = kind === 'follow' ? null : misplacedBecause(kind, context);
  if (misplaced !== null) {
    const to = isForced ? whereGroupIs(context) : null;
    if (to === null) return refuse(misplaced);
    if (wanted !== null && wanted !== to) return refuse(`${misplaced}; ${service.name} can only go after it, to ${to}`);
    return moveByHand('follow', to, overrides, context, allowances);
  }
  const named = wanted ?? (isForced ? siteUnderWay(overrides, context) : null);
  const isAgain = isForced && hasStrangerToFence(context);
  if (named !== null && named === nameNow(service, register.active) && !isAgain)
    return isForced ? goOn(named, overrides, context) : unchanged(stayingAt(named, context));
  const to =
    named ?? candidateOrder(service, register, knowledge).find((name) => isOpenTo(name, overrides, context)) ?? null;
  if (to === null) return refuse(`no eligible site: ${explainCandidates(service, register, knowledge, overrides)}`);
  const found = ineligibilities(service, register, knowledge, to, overrides);
  const faults = found.filter((fault) => !(isAgain && fault === 'is-active'));
  if (kind !== 'follow' && !isEligibleForOthers(context.group, to)) {
    return refuse(`no eligible site: ${to} is refused for another member of group ${context.group?.name}`);
  }
  if (faults.length > 0)
    return refuse(`no eligible site: ${to} is refused (${faults.join(', ')}); ${hint(faults, to, context)}`);

  const stranger = strangerBecause(to, context) ?? unfencedBecause(given);
  if (stranger !== null) return refuse(stranger);
  const disagreement = overrides.isVerdictWaived ? null : disagreementAbout([register.active, to, groupPart], context);
  if (disagreement !== null) return refuse(disagreement);

  const times = newRunTimes(wallMs, { dataAtRiskMs: knowledge.reports[to]?.replicationLagMs ?? null });
  const from = leftSite(service, register, to);
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
    ...allowances,
    demand: demandOf(context),
    times,
    grounds: groundsFor(context, from, to),
  } as const;
  const opened = openRun(service, register, move, null);
  const ended = hasOpenRun(register) ? ` in place of the ${describeRun(register.run)} that was under way` : '';
  const open =
    nameNow(service, from) === null ? `; nobody cuts off ${from}, which this configuration does not have` : '';
  return {
    outcome: 'accepted',
    register: opened,
    message: `${kind} of ${service.name} from ${from} to ${to} has begun (epoch ${opened.epoch})${ended}${open}`,
  };
}

/** What a move by hand is decided by. */
function groundsFor({ service, register, knowledge, testimonies }: CommandContext, from: string, to: string) {
  return groundsOf(service, register, testimonies === undefined ? null : { knowledge, testimonies }, { from, to });
}

/**
 * The site that a move leaves. When the newest run has not arrived, because it is under way or has failed, this is the
 * site that the run was to leave. That site still serves, so it is the one to be fenced.
 */
function leftSite(service: NamedService, register: Register, to: string): string {
  const { run, active } = register;
  return run === null || hasArrived(register) || nameNow(service, run.from) === to ? active : run.from;
}

function hasArrived({ run, epoch, active, serving }: Register): boolean {
  return run === null || run.epoch !== epoch || serving.includes(active);
}

/**
 * Whether the newest move still has to cut off the site that it leaves, and this configuration does not have that site
 * any more. Nobody can close its fence, so the move would wait for ever. A person who has made sure that the site is
 * off begins another one in its place, without that fence.
 */
function hasStrangerToFence({ service, register }: CommandContext): boolean {
  const { run, leftUnfenced = [] } = register;
  if (run === null || hasArrived(register) || leftUnfenced.includes(run.from)) return false;
  if (nameNow(service, run.from) !== null) return false;
  return run.steps.some(({ name, state }) => name === 'fence' && (state === 'pending' || state === 'failed'));
}

/**
 * Where a forced failover goes when nobody says where to and a move has not arrived, since it waits for the proof of a
 * fence for example: on with that move. The best other site could be the one that is being left.
 *
 * @returns null when no move is under way, when one has failed and nothing more is allowed to it, or its site is down
 */
function siteUnderWay(overrides: Overrides, { register, knowledge }: CommandContext): string | null {
  const isMoreAllowed = overrides.isProofWaived === true || overrides.isDataLossAllowed;
  const canGoOn = hasOpenRun(register) || isMoreAllowed;
  const isDown = knowledge.verdicts[register.active] === 'down';
  return hasArrived(register) || !canGoOn || isDown ? null : register.active;
}

/**
 * A forced failover to the site of the newest run. A run that has left something undone is opened again at once, with
 * what the person allows; one that stands between two writers goes on as the failover that was asked for. One that is
 * under way goes on in another attempt where the person allows more than it was begun with.
 */
function goOn(to: string, overrides: Overrides, context: CommandContext): CommandOutcome {
  const { register } = context;
  const { run } = register;
  if (run === null || run.epoch !== register.epoch) return unchanged(stayingAt(to, context));
  const isProofWaived = run.isProofWaived || (overrides.isProofWaived ?? false);
  const isDataLossAllowed = run.isDataLossAllowed || overrides.isDataLossAllowed;
  const isMoreAllowed = isProofWaived !== run.isProofWaived || isDataLossAllowed !== run.isDataLossAllowed;
  const isOpen = hasOpenRun(register);
  const undone = unfinishedSteps(run).map(({ name }) => name);
  if (isOpen ? !isMoreAllowed : run.state !== 'failed' && undone.length === 0) return unchanged(stayingAt(to, context));
  const again = isOpen
    ? { ...run, holder: null, attempt: run.attempt + 1 }
    : isStuckBetweenWriters(run)
      ? reopenedAsFailover(run)
      : reopenedByHand(run, undone);
  const what = describeRun(again);
  return accept(
    { ...register, run: { ...again, isProofWaived, isDataLossAllowed } },
    `go on with ${what}${allowedIn({ isProofWaived, isDataLossAllowed })}`,
    context,
    isOpen
      ? `${what} goes on with what you allow`
      : run.state === 'failed'
        ? `${what} goes on where it failed`
        : `${what} goes on with what is not done: ${undone.join(', ')}`,
  );
}

/** The message when a service is already at the site, or is moving there. */
function stayingAt(to: string, { register, service, knowledge }: CommandContext): string {
  const { run } = register;
  if (hasOpenRun(register))
    return `${describeRun(register.run)} is under way and goes on; it waits for ${waitingIn(register.run)}`;
  const isNewest = run !== null && run.epoch === register.epoch;
  if (isNewest && run.state === 'failed' && !register.serving.includes(to)) {
    return `the ${describeRun(run)} failed and ${register.serving.join(', ')} still serves; say "cdk-failover failover ${service.name} --force --to ${to}" to go on with it`;
  }
  const [undone] = isNewest ? unfinishedSteps(run) : [];
  if (undone !== undefined) {
    return `${to} is already active, but ${undone.name} of ${undone.resource} is not done: ${undone.detail}; try it again with "cdk-failover continue ${service.name}"`;
  }
  return knowledge.verdicts[to] === 'down'
    ? `${to} is already active, and down; move to another site with "cdk-failover failover ${service.name} --force --to SITE"`
    : `${to} is already active`;
}

/**
 * Why a move that concerns these parts must wait for a deployment; null when all living watchers have the same
 * configuration of them.
 */
function disagreementAbout(sites: readonly string[], { service, disputes }: CommandContext): string | null {
  const unknown = sites.filter((site) => site !== groupPart && nameNow(service, site) === null);
  if (unknown.length > 0) {
    return `this configuration does not have ${unknown.join(', ')}, so nobody can fence it; deploy one that has it, or stop it and use "cdk-failover failover --force"`;
  }
  const about = disputesAbout(disputes, sites);
  if (about.length === 0) return null;
  return `${describeDisputes(about)}; deploy everywhere, use the configuration that is deployed, or "cdk-failover failover --force"`;
}

/**
 * Why nobody can be sent to a site, forced or not: most of the watchers that are heard do not have it. They would carry
 * out no step there and watch nobody, and no record leads there. Null where most have it, or none is heard.
 */
function strangerBecause(to: string, { testimonies = {} }: CommandContext): string | null {
  const heard = [...new Set(Object.values(testimonies).flatMap((each) => each.map(({ watcher }) => watcher)))].sort();
  const knowing = (testimonies[to] ?? []).map(({ watcher }) => watcher);
  const strangers = heard.filter((watcher) => !knowing.includes(watcher));
  if (strangers.length <= heard.length / 2) return null;
  return `the watchers in ${strangers.join(', ')} do not have ${to}: they would carry out no step there, and watch nobody; deploy a configuration with ${to} first, or use the one that is deployed`;
}

/**
 * Why nobody may leave these sites, forced or not: this configuration does not have them by the names of the register,
 * and watchers that live do. A move that is planned here would fence none of them. Null where no watcher that is heard
 * has such a name: a site that was renamed is then called by its new one, and a site that was removed has no fence.
 */
function unfencedBecause({ service, register, disputes }: CommandContext): string | null {
  for (const site of new Set([register.active, ...register.serving, ...possibleWriters(register)])) {
    const regions = disputes.find((dispute) => dispute.site === site)?.regions ?? [];
    if (Object.hasOwn(service.sites, site) || regions.length === 0) continue;
    const now = nameNow(service, site);
    const is = now === null ? `this configuration does not have ${site}` : `${site} is called ${now} here`;
    return `${is}, and the watchers in ${regions.join(', ')} know it as ${site}: a move from here would not fence it; deploy the same configuration everywhere, or use the one that is deployed there`;
  }
  return null;
}

/** The same, with sites called as this configuration calls them, where nobody who is heard knows the former names. */
function withNamesNow(context: CommandContext): CommandContext {
  const { service, register } = context;
  if (unfencedBecause(context) !== null) return context;
  return { ...context, register: inOwnNames(service, register) };
}

/** Why this service cannot be moved by hand; null when it can. */
export function misplacedBecause(kind: RunKind, { service, group }: CommandContext): string | null {
  if (service.mode === 'active-active') {
    return `${service.name} is active-active: there is no ${kind}; take a site out with "cdk-failover maintenance on ${service.name} SITE"`;
  }
  if (group === null || group.leader === service.name) return null;
  return `${service.name} follows ${group.leader} in group ${group.name}; say "cdk-failover ${kind} ${group.leader}"`;
}

/**
 * Where the first member of a group is, for a member that stands at a site which no configuration has any more, or is
 * to be moved away from one: it may not follow by itself, for nobody can fence that site. Null for any other service.
 */
function whereGroupIs(context: CommandContext): string | null {
  const { service, register, group } = context;
  if (group === null || (nameNow(service, register.active) !== null && !hasStrangerToFence(context))) return null;
  const to = group.others[group.leader]?.register?.active;
  return to !== undefined && Object.hasOwn(service.sites, to) ? to : null;
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

function hint(faults: readonly Ineligibility[], site: string, { service, knowledge }: CommandContext): string {
  const advice = adviceOnSite(faults, knowledge.verdicts[site] ?? 'unclear');
  return advice === null ? '' : adviceLine(advice, { service: service.name, site });
}
