import { pauseText } from '../calendar/pause.ts';
import type { Register } from '../register/register.ts';
import { hasOpenRun } from '../register/register.ts';
import { epochWatch, upWatch } from '../tables/stopwatch.ts';
import { abstain, type Decision, type DecisionInput, type GroupView, hold } from './decision-input.ts';
import { candidateOrder, ineligibilities, noOverrides, type Overrides } from './eligibility.ts';
import { isDownForOther, isEligibleForOthers } from './group-view.ts';
import { movesToday, stoppedBecause } from './limits.ts';
import { hasFailedForGood, isResting, isUnchanged, setbackOf } from './setback.ts';

type Other = GroupView['others'][string];

/** Decides that a member follows the first member of its group, once all the members that it needs have arrived. */
export function decideFollow(input: DecisionInput, group: GroupView): Decision {
  const { service, register, knowledge } = input;
  const ahead = group.others[group.leader]?.register ?? null;
  if (ahead === null) return abstain('group-waits', `the register of ${group.leader} cannot be read`);
  if (ahead.active === register.active) return decideStay(register, group);
  if (register.pause !== null) return hold('paused', `paused ${pauseText(register.pause)}`);
  if (register.maintenance.includes(ahead.active)) return hold('group-waits', `${ahead.active} is in maintenance`);
  const missing = group.needs.filter((name) => !hasArrived(group.others[name]?.register ?? null, ahead.active));
  if (missing.length > 0) return hold('group-waits', `${missing.join(', ')} must be at ${ahead.active} first`);
  if (service.sites[ahead.active] === undefined)
    return hold('group-waits', `${ahead.active}, where ${group.leader} is, is not configured`);
  const overrides = overridesOf(ahead);
  const faults = ineligibilities(service, register, knowledge, ahead.active, overrides);
  if (faults.length > 0) {
    const refused = `${ahead.active}, where ${group.leader} is, is refused (${faults.join(', ')})`;
    // Nobody is told of a site that is down where the member serves well, only away from the others.
    if (knowledge.verdicts[register.active] === 'down') return hold('no-eligible-site', refused);
    return hold('group-apart', `${service.name} serves at ${register.active} and cannot follow: ${refused}`);
  }
  const setback = setbackOf(register, ahead.active);
  if (setback !== null && isResting(input, setback)) {
    return hold('group-waits', `the last move to ${ahead.active} failed a moment ago`);
  }
  // The member serves where it is, and each attempt to move cuts it off. So the first member has to come back, or a
  // person has to help.
  if (setback !== null && hasFailedForGood(input, ahead.active) && isUnchanged(input, setback)) {
    const why = `${setback.step}: ${setback.detail}`;
    return hold('group-apart', `${group.leader} is at ${ahead.active}, and ${service.name} cannot follow (${why})`);
  }
  const isFault = ahead.run?.kind === 'failover';
  return {
    kind: 'move',
    run: 'follow',
    from: register.active,
    to: ahead.active,
    serving: [ahead.active],
    reason: isFault ? 'group-failover' : 'group-planned',
    detail: `group ${group.name} has gone to ${ahead.active}`,
    isDataLossAllowed: overrides.isDataLossAllowed,
  };
}

/**
 * Time for which the first member and one that is elsewhere have to have stayed where they are before the first one
 * comes to the other. Source: our own; a verdict and a survey of lag that were unknown after a move are known by then.
 */
const apartMsMin = 90_000;

/**
 * Reunites a group whose members are at two sites. When a member has failed for good to follow, or the site of the
 * first one is refused for it, the first member moves to a site where all members can be. Null when no member is left
 * behind, or when there is no such site.
 *
 * A site can be refused although the first member went there, as when a deployment makes another member the first one
 * in the middle of a move.
 *
 * The move takes back one that failed for the group as a whole, so no block period forbids it. It counts as a failback
 * against the daily limit, and like a failback it waits until the site has been well for long enough. It also waits
 * while a person has paused a member, which would stay behind.
 */
export function decideReunion(input: DecisionInput): Decision | null {
  const { service, register, knowledge, stopwatches, group } = input;
  if (group === null || group.leader !== service.name) return null;
  // Whom a person has paused stays where it is, wherever the others go.
  if (Object.values(group.others).some(({ register: other }) => other !== null && other.pause !== null)) return null;
  const left = Object.entries(group.others).find(([, other]) => isLeftBehind(input, other));
  if (left === undefined) return null;
  const [name, { register: leftRegister }] = left;
  const isPlace = (site: string) =>
    ineligibilities(service, register, knowledge, site).length === 0 &&
    isEligibleForOthers(group, site) &&
    // A member that is there already may be down there.
    !isDownForOther(group, site) &&
    (stopwatches[upWatch(service.name, site)] ?? 0) >= service.failback.healthyForMs &&
    Object.values(group.others).every((other) => other.register !== null && setbackOf(other.register, site) === null);
  const order = candidateOrder(service, register, knowledge);
  const to = [leftRegister?.active ?? '', ...order].find((site) => order.includes(site) && isPlace(site));
  if (to === undefined || stoppedBecause(input) !== null) return null;
  const isOverLimit =
    movesToday(input, { kind: 'failback', from: register.active, to }) >= service.failover.maxMovesPerDay;
  if (isOverLimit) return null;
  return {
    kind: 'move',
    run: 'failback',
    from: register.active,
    to,
    serving: [to],
    reason: 'group-apart',
    detail: `${name} could not follow to ${register.active}; the group comes together at ${to}`,
  };
}

/** Whether a member of a group is at rest elsewhere than the first one, and cannot follow it. */
function isLeftBehind({ service, register: first, stopwatches }: DecisionInput, other: Other): boolean {
  const { register, knowledge } = other;
  if (register === null || register.active === first.active || hasOpenRun(register)) return false;
  if (hasFailedForGood({ ...other, register, stopwatches }, first.active)) return true;
  const isSettled =
    (stopwatches[epochWatch(service.name, first.epoch)] ?? 0) >= apartMsMin &&
    (stopwatches[epochWatch(other.service.name, register.epoch)] ?? 0) >= apartMsMin;
  const faults = ineligibilities(other.service, register, knowledge, first.active, overridesOf(first));
  // A person who has moved the first one, or has put a site in maintenance, knows that the member stays behind.
  const isMeant = isMovedByPerson(first) || register.maintenance.includes(first.active);
  return isSettled && faults.length > 0 && !isMeant;
}

function isMovedByPerson({ run, epoch }: Register): boolean {
  return run?.epoch === epoch && run.reason === 'operator';
}

/**
 * What a person allowed for the first member also holds for the members that follow it, because the group moves as one.
 */
function overridesOf({ run, epoch }: Register): Overrides {
  if (run === null || run.epoch !== epoch) return noOverrides;
  return { isVerdictWaived: run.reason === 'operator', isDataLossAllowed: run.isDataLossAllowed };
}

/** A member that is where its group is has nothing to do. A member whose move was turned back needs a person. */
function decideStay({ active, serving, run }: Register, group: GroupView): Decision {
  const isTurnedBack = run?.state === 'failed' && !serving.includes(active);
  return isTurnedBack
    ? hold('turned-back', `the move to ${active} failed and ${serving.join(', ')} still serves`)
    : hold('healthy', `${active} is where group ${group.name} is`);
}

/** Whether a member serves at a site and its run to that site has ended. */
export function hasArrived(register: Register | null, site: string): boolean {
  return register !== null && register.active === site && register.serving.includes(site) && !hasOpenRun(register);
}
