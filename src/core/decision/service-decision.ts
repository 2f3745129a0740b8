import { approvalWait } from '../calendar/approval.ts';
import { pauseText } from '../calendar/pause.ts';
import { decidePlanned } from '../calendar/planned-outlook.ts';
import type { Verdict } from '../detection/verdict.ts';
import { groupPart } from '../model/digest.ts';
import { lastResortName, nameNow } from '../model/service.ts';
import { hasOpenRun } from '../register/register.ts';
import { renamingOf } from '../register/renaming.ts';
import { movesActive } from '../register/run.ts';
import { describeDisputes, disputesAbout } from '../tables/dispute.ts';
import { epochWatch } from '../tables/stopwatch.ts';
import { abstain, type Decision, type DecisionInput, hold, type MoveDecision, type Reason } from './decision-input.ts';
import { sharedDependency } from './eligibility.ts';
import { decideFailback } from './failback.ts';
import {
  chooseForFailover,
  chooseShort,
  eligibleInGroup,
  explainChoice,
  explainLastResort,
} from './failover-choice.ts';
import { decideFollow, decideReunion } from './group-decision.ts';
import { isDownForOther } from './group-view.ts';
import { stoppedBecause } from './limits.ts';
import { frozenBecause, withMaintenance } from './open-windows.ts';
import { decidePool } from './pool-decision.ts';
import { restingFence } from './setback.ts';
import { decideStuckRun, decideUnderWay, whatIsUnfinished } from './stuck-run.ts';
import { decideTurnBack, isReopening, isReturnFenced, isTurnBack } from './turn-back.ts';
import { keptByWriter, whatIsElsewhere } from './writer/outside-writer.ts';

/**
 * Decides about one service.
 *
 * Invariants: the function is total; the same input gives the same decision; a `move` always goes to an eligible site,
 * and only while nothing forbids automatic moves. It checks in this order: a run in progress, pause, the automatic
 * rules. Commands of operators pass the same checks in `command.ts`.
 */
export function decide(given: DecisionInput): Decision {
  const input = withMaintenance(given);
  const decision = contradicted(input, decideByFacts(input));
  const { service, register } = input;
  if (decision.kind !== 'move')
    return whatIsUnfinished(register, decision) ?? whatIsElsewhere(service, register, decision) ?? decision;
  return heldBecause(input, decision) ?? decision;
}

/**
 * Reasons that would be false where watchers contradict each other about the active site: each of them judges it, by
 * the name or the place that it has for it. Such as while one region still knows a site by its former name only.
 */
const untrueReasons: readonly Reason[] = ['unknown-site', 'no-quorum'];

/** The decision as it is, or what the watchers contradict each other about where that is why nothing is known. */
function contradicted({ service, register, disputes }: DecisionInput, decision: Decision): Decision {
  const { active } = register;
  const now = nameNow(service, active);
  if (now === null || !untrueReasons.includes(decision.reason)) return decision;
  const about = disputesAbout(disputes, [active, now]);
  const renamed = now === active ? '' : `${active} is called ${now} here; `;
  if (about.length > 0) return hold('configurations-differ', `${renamed}${describeDisputes(about)}`);
  return now === active ? decision : hold('configurations-differ', `${renamed}the register is about to follow`);
}

/**
 * What keeps a move from beginning now, whatever the facts: watchers that contradict each other, data that is written
 * elsewhere, or a freeze.
 *
 * Watchers that do not mean the same group would move its members to and fro: each for one follows another. No rescue
 * waits for that: a site that is dead is dead for all of them.
 */
function heldBecause(input: DecisionInput, move: MoveDecision): Decision | null {
  const { from, to, serving, run, reason } = move;
  const restsOnGroup = run === 'failback' || run === 'switchover' || (run === 'follow' && reason === 'group-planned');
  const disputes = disputesAbout(input.disputes, [from, to, ...serving, ...(restsOnGroup ? [groupPart] : [])]);
  if (disputes.length > 0) return hold('configurations-differ', describeDisputes(disputes));
  // What the register says of a site it says under the name that the register knows.
  const renamed = Object.entries(renamingOf(input.service, input.register)).find(([, name]) =>
    [from, to, ...serving].includes(name),
  );
  if (renamed !== undefined)
    return hold('configurations-differ', `${renamed[0]} is called ${renamed[1]} here; the register is about to follow`);
  return keptByWriter(input.service, input.register, move) ?? frozenBecause(input, move);
}

/** The decision from the facts alone, before it is checked whether the watchers run the same configuration. */
function decideByFacts(input: DecisionInput): Decision {
  const { service, register, knowledge } = input;
  if (hasOpenRun(register)) return decideUnderWay(input, register.run);
  if (service.detection.quorum > input.watcherCount) {
    return hold('quorum-unreachable', `quorum is ${service.detection.quorum} of ${input.watcherCount} watchers`);
  }

  if (input.freshWatcherCount <= input.watcherCount / 2) {
    return hold(
      'no-majority',
      `${input.freshWatcherCount} of ${input.watcherCount} watchers have fresh opinions; a move needs more than half`,
    );
  }

  if (service.mode === 'active-active') return decideInPool(input);
  if (service.sites[register.active] === undefined) return hold('unknown-site', explainUnknownSite(register.active));
  const turnedBack = decideTurnBack(input);
  if (turnedBack !== null) return decideOnward(input, turnedBack) ?? turnedBack;
  if (input.group !== null && input.group.leader !== service.name) return decideFollow(input, input.group);
  const passedOn = decideStuckRun(input);
  if (passedOn !== null) return passedOn;
  if (register.serving.includes(lastResortName)) return decideRecovery(input);
  const alone = decideAlone(input);
  if (alone !== null) return alone;
  switch (activeVerdict(input)) {
    case 'down':
      return knowledge.reports[register.active]?.isSelfFenced
        ? hold(
            'self-fenced',
            `${register.active} cut itself off while it was out of contact; its fence is being opened`,
          )
        : decideFailover(input);
    case 'up':
      return decidePlanned(input) ?? decideReunion(input) ?? decideFailback(input);
    case 'degraded':
      return decidePlanned(input) ?? decideDegraded(input);
    case 'unclear':
      // A fault that can never be confirmed is not one that waits to be: people have to hear of it.
      if (input.freshWatcherCount < service.detection.quorum)
        return abstain(
          'no-quorum',
          `only ${input.freshWatcherCount} watchers are heard, and ${service.detection.quorum} have to agree`,
        );
      return input.isActiveSuspected
        ? hold(
            'suspected',
            `${register.active} is failing for some watchers, not for a quorum of ${service.detection.quorum}`,
          )
        : abstain('no-quorum', 'too few watchers have a fresh opinion');
  }
}

/**
 * A pool goes on by its own rules. Where they move nothing, a move that failed before the service became a pool is
 * taken back: its fences are closed, and no site may be left.
 */
function decideInPool(input: DecisionInput): Decision {
  const decision = decidePool(input);
  const { run } = input.register;
  const isOfBefore = run !== null && movesActive(run);
  return decision.kind === 'move' || !isOfBefore ? decision : (decideTurnBack(input) ?? decision);
}

function decideDegraded({ service, register, isActiveSuspected }: DecisionInput): Decision {
  return isActiveSuspected
    ? hold(
        'suspected',
        `${register.active} is failing for some watchers, not for a quorum of ${service.detection.quorum}`,
      )
    : hold('degraded', `${register.active} fails, but corroborating probes still see life`);
}

function explainReopening(site: string): string {
  return `${site} was behind its own fence, which is being opened; it is given the time to answer`;
}

function explainUnknownSite(site: string): string {
  return `${site} is active, but this configuration does not have it, so nobody watches it`;
}

/**
 * The verdict on the active site. For the leader of a group, the verdicts of the members that have arrived there count
 * too.
 */
function activeVerdict({ register, knowledge, group }: DecisionInput): Verdict {
  const own = knowledge.verdicts[register.active] ?? 'unclear';
  return isDownForOther(group, register.active) ? 'down' : own;
}

/**
 * Takes all but the active site out of a service that was a pool before its mode was changed: one site serves. With the
 * active site not well, what is done about that comes first, and leaves one site, too.
 */
function decideAlone(input: DecisionInput): Decision | null {
  const { active, serving } = input.register;
  const others = serving.filter((site) => site !== active);
  const [from] = others;
  if (from === undefined || !serving.includes(active) || activeVerdict(input) !== 'up') return null;
  const detail = `${others.join(', ')} served beside ${active} when the service was a pool`;
  const move = { kind: 'move', run: 'withdraw', from, to: active, serving: [active], reason: 'mode-changed' } as const;
  return stoppedBecause(input) ?? { ...move, detail };
}

/**
 * Goes on to a third site at once, where the return would lead to a site that is down and would first have to fence one
 * site and promote the other: in a region that is dark that takes a minute and fails, while clients wait. The move owes
 * the fences of both, as it would after the return. Null where nobody is there to go to, or may go now; then the return
 * comes first: a move that may not begin would leave the old site behind its fence, however well it is by then.
 */
function decideOnward(input: DecisionInput, turnBack: Decision): Decision | null {
  const { register, knowledge, group, service } = input;
  if (turnBack.kind !== 'move' || turnBack.reason !== 'failover-undone' || turnBack.from === turnBack.to) return null;
  const isLed = group !== null && group.leader !== service.name;
  const isDown = register.serving.concat(turnBack.to).every((site) => knowledge.verdicts[site] === 'down');
  if (isLed || !isDown) return null;
  const onward = decideFailover({ ...input, register: { ...register, active: turnBack.to } }, false);
  if (onward.kind !== 'move' || onward.run !== 'failover' || onward.isShortAllowed === true) return null;
  return heldBecause(input, onward) === null ? onward : null;
}

/** @param mayBoot - whether the active site may still boot, having become active a moment ago */
function decideFailover(input: DecisionInput, mayBoot = !isTurnBack(input.register)): Decision {
  const { service, register, knowledge, stopwatches } = input;
  const shared = sharedDependency(service, register, knowledge);
  if (shared !== null) {
    // No other site would help, but the static endpoint does.
    const lastResort = stoppedBecause(input) === null ? decideLastResort(input) : null;
    return lastResort ?? hold('shared-dependency', `${shared} fails for several sites; a move would not help`);
  }
  if (isReopening(service, register, stopwatches)) return hold('self-fenced', explainReopening(register.active));
  if (isReturnFenced(register))
    return hold('fence-waits', `${register.active} is behind its own fence until another is closed`);
  const stopped = stoppedBecause(input);
  if (stopped !== null) return stopped;
  const choice = chooseForFailover(input);
  const short = choice.to === null ? chooseShort(input) : null;
  const to = choice.to ?? short;
  const lastResort = to === null ? decideLastResort(input) : null;
  if (lastResort !== null) return lastResort;
  if (choice.limited !== null) return choice.limited;
  const sinceEpochMs = stopwatches[epochWatch(service.name, register.epoch)] ?? 0;
  // A site that is active again because a move failed does not boot.
  if (register.epoch > 1 && mayBoot && sinceEpochMs < service.detection.bootGraceMs) {
    return hold(
      'boot-grace',
      `${register.active} became active ${Math.round(sinceEpochMs / 1_000)} s ago and may still boot`,
    );
  }
  if (to === null) return hold('no-eligible-site', explainChoice(input));
  const fence = restingFence(input);
  if (fence !== null) {
    const tries = fence.count === 1 ? 'once' : `${fence.count} times`;
    return hold(
      'fence-waits',
      `${register.active} could not be cut off (${fence.detail}), tried ${tries}; tried again soon`,
    );
  }
  const waiting = approvalWait(input, to);
  if (waiting !== null) return waiting;
  return {
    kind: 'move',
    run: 'failover',
    from: register.active,
    to,
    serving: [to],
    reason: 'active-down',
    detail: `${register.active} is down for a quorum`,
    ...(short === null ? {} : { isShortAllowed: true }),
  };
}

/**
 * Sends clients to the static endpoint when every site is down, if the service asks for that. A site in maintenance
 * does not count, however well it is: no move leads there.
 */
function decideLastResort(input: DecisionInput): Decision | null {
  const { service, register, knowledge } = input;
  const isAsked = service.failover.allDown === 'last-resort' && service.traffic.dns?.lastResort !== undefined;
  const isLeftOut = (site: string) => site !== register.active && register.maintenance.includes(site);
  const areAllDown = Object.keys(service.sites).every((site) => isLeftOut(site) || knowledge.verdicts[site] === 'down');
  if (!isAsked || !areAllDown) return null;
  return {
    kind: 'move',
    run: 'last-resort',
    from: register.active,
    to: register.active,
    serving: [lastResortName],
    reason: 'all-down',
    detail: 'every site is down; clients are sent to the static endpoint',
  };
}

/**
 * Decides, while the static endpoint serves, the return to the active site or to an eligible one, as soon as one is
 * well.
 */
function decideRecovery(input: DecisionInput): Decision {
  const { service, register, knowledge } = input;
  if (register.pause !== null) return hold('paused', `paused ${pauseText(register.pause)}`);
  const isBack = knowledge.verdicts[register.active] === 'up';
  const choice = isBack ? { to: register.active, limited: null } : chooseForFailover(input);
  const stopped = isBack ? null : stoppedBecause(input);
  if (stopped !== null && eligibleInGroup(input).length > 0) return stopped;
  if (choice.limited !== null) return choice.limited;
  const { to } = choice;
  if (to === null) return hold('all-down', explainLastResort(service));
  return {
    kind: 'move',
    run: isBack ? 'recover' : 'failover',
    from: register.active,
    to,
    serving: [to],
    reason: 'site-back',
    detail: `${to} is up again`,
  };
}
