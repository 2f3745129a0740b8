import { type Decision, type DecisionInput, hold } from '../decision/decision-input.ts';
import { ineligibilities } from '../decision/eligibility.ts';
import { isEligibleForOthers } from '../decision/group-view.ts';
import { blockLeftMs } from '../decision/limits.ts';
import { frozenBecause, withMaintenance } from '../decision/open-windows.ts';
import { isRestingBriefly, setbackOf } from '../decision/setback.ts';
import { keptByWriter } from '../decision/writer/outside-writer.ts';
import type { Verdict } from '../detection/verdict.ts';
import { groupPart } from '../model/digest.ts';
import { lastResortName, nameNow } from '../model/service.ts';
import type { PlannedSwitchover } from '../register/planned-switchover.ts';
import { describeDisputes, disputesAbout } from '../tables/dispute.ts';
import { pauseText, secondOf } from './pause.ts';

/**
 * What becomes of a planned switchover now.
 *
 * `early`: its time has not come. `due`: it may begin. `waits`: its time has come, and something stands in its way.
 * `over`: it never happens any more, and is to be dropped.
 */
export type PlannedOutlook =
  | { readonly kind: 'early' | 'due' }
  | { readonly kind: 'waits' | 'over'; readonly why: string };

/** Verdicts of an active site that may be left as planned. What is down is left by a failover, or by a person. */
const leavable: readonly Verdict[] = ['up', 'degraded'];

/**
 * Judges the planned switchover of a service by the time that a majority's clocks agree on.
 *
 * A plan is for leaving the site that was active when it was made. Whoever made it knew nothing of what has made
 * another site active since, so it is over then, wherever it leads.
 *
 * @returns null when nothing is planned, or when the time is not known
 */
export function plannedOutlook(given: DecisionInput): PlannedOutlook | null {
  const { service, register, wallMs } = given;
  const { planned } = register;
  if (planned === undefined || wallMs === undefined) return null;
  if (register.active !== planned.from) {
    return { kind: 'over', why: `${register.active} has become active since it was planned` };
  }
  const isLate = wallMs > planned.latestMs;
  if (wallMs < planned.atMs) return { kind: 'early' };
  const why =
    nameNow(service, planned.to) === planned.to ? obstacle(withMaintenance(given), planned) : unknown(planned);
  if (isLate) {
    const until = `it could not begin until ${secondOf(planned.latestMs)}`;
    return {
      kind: 'over',
      why: why === null ? `${until}: no majority of watchers decided it in time` : `${until}: ${why}`,
    };
  }
  return why === null ? { kind: 'due' } : { kind: 'waits', why };
}

function unknown({ to }: PlannedSwitchover): string {
  return `this configuration does not have ${to}`;
}

/** What stands in the way of a planned switchover whose time has come; null when nothing does. */
function obstacle(input: DecisionInput, { from, to }: PlannedSwitchover): string | null {
  const { service, register, knowledge, group, disputes } = input;
  if (service.mode === 'active-active') return `${service.name} is a pool now`;
  if (group !== null && group.leader !== service.name) return `${service.name} follows ${group.leader} now`;
  if (register.pause !== null) return `paused ${pauseText(register.pause)}`;
  if (register.serving.includes(lastResortName)) return 'the static endpoint serves';
  const verdict = knowledge.verdicts[from] ?? 'unclear';
  if (!leavable.includes(verdict)) return `${from}, which is to be left, is ${verdict}`;
  const faults = ineligibilities(service, register, knowledge, to);
  if (faults.length > 0) return `${to} is refused (${faults.join(', ')})`;
  if (!isEligibleForOthers(group, to)) return `${to} is refused for another member of group ${group?.name}`;
  const setback = setbackOf(register, to);
  // A person has asked for it, and trying costs nobody anything: it rests no longer the more often it was tried.
  if (setback?.kind === 'rehearsal' && isRestingBriefly(input, setback))
    return `it could not be completed (${setback.step}: ${setback.detail})`;
  const leftMs = blockLeftMs(input, to);
  if (leftMs > 0) return `an automatic failover left ${to} recently; blocked for ${Math.ceil(leftMs / 1_000)} s more`;
  const about = disputesAbout(disputes, [from, to, groupPart]);
  if (about.length > 0) return describeDisputes(about);
  const kept = keptByWriter(service, register, { run: 'switchover', to });
  return (kept ?? frozenBecause(input, { run: 'switchover', to }))?.detail ?? null;
}

/**
 * Decides a planned switchover whose time has come. Null where there is none, and while the service is paused, which is
 * then the reason that people are told.
 */
export function decidePlanned(input: DecisionInput): Decision | null {
  const { register } = input;
  const { planned } = register;
  const outlook = plannedOutlook(input);
  if (planned === undefined || outlook === null || register.pause !== null) return null;
  const { from, to, by, atMs } = planned;
  if (outlook.kind === 'waits') return hold('planned-waits', `the planned switchover to ${to} waits: ${outlook.why}`);
  if (outlook.kind !== 'due') return null;
  const detail = `${by} planned the switchover to ${to} for ${secondOf(atMs)}`;
  return { kind: 'move', run: 'switchover', from, to, serving: [to], reason: 'planned', detail };
}
