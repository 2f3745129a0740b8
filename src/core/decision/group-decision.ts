import type { Register } from '../register/register.ts';
import { hasOpenRun } from '../register/register.ts';
import { abstain, type Decision, type DecisionInput, type GroupView, hold } from './decision-input.ts';
import { ineligibilities, noOverrides, type Overrides } from './eligibility.ts';
import { restingSites } from './setback.ts';

/** A member goes where the first member of its group has gone, once all that it needs are there. */
export function decideFollow(input: DecisionInput, group: GroupView): Decision {
  const { service, register, knowledge } = input;
  const ahead = group.others[group.leader]?.register ?? null;
  if (ahead === null) return abstain('group-waits', `the register of ${group.leader} cannot be read`);
  if (ahead.active === register.active) return decideStay(register, group);
  if (register.pause !== null) return hold('paused', `paused by ${register.pause.by}: ${register.pause.reason}`);
  if (register.maintenance.includes(ahead.active)) return hold('group-waits', `${ahead.active} is in maintenance`);
  const missing = group.needs.filter((name) => !hasArrived(group.others[name]?.register ?? null, ahead.active));
  if (missing.length > 0) return hold('group-waits', `${missing.join(', ')} must be at ${ahead.active} first`);
  const overrides = overridesOf(ahead);
  const faults = ineligibilities(service, register, knowledge, ahead.active, overrides);
  if (faults.length > 0) {
    return hold('no-eligible-site', `${ahead.active}, where ${group.leader} is, is refused (${faults.join(', ')})`);
  }
  if (restingSites(input).includes(ahead.active)) {
    return hold('group-waits', `the move to ${ahead.active} came to nothing a moment ago`);
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

/** What a person allowed for the first member holds for those that follow it: the group moves as one. */
function overridesOf({ run, epoch }: Register): Overrides {
  if (run === null || run.epoch !== epoch) return noOverrides;
  return { isVerdictWaived: run.reason === 'operator', isDataLossAllowed: run.isDataLossAllowed };
}

/** A member that is where its group is has nothing to do; one that was turned back on its way needs a person. */
function decideStay({ active, serving, run }: Register, group: GroupView): Decision {
  const isTurnedBack = run?.state === 'failed' && !serving.includes(active);
  return isTurnedBack
    ? hold('turned-back', `the move to ${active} failed and ${serving.join(', ')} still serves`)
    : hold('healthy', `${active} is where group ${group.name} is`);
}

/** Whether a member serves at a site and is done with getting there. */
export function hasArrived(register: Register | null, site: string): boolean {
  return register !== null && register.active === site && register.serving.includes(site) && !hasOpenRun(register);
}
