import { type Decision, type DecisionInput, hold } from '../decision/decision-input.ts';
import { isDownForOther } from '../decision/group-view.ts';
import type { AwaitedApproval, Register } from '../register/register.ts';
import { secondOf } from './pause.ts';

/** The approval that a failover from the present active site waits for, or has; null before it was asked for. */
export function approvalOf({ approval, active }: Pick<Register, 'approval' | 'active'>): AwaitedApproval | null {
  return approval?.from === active ? approval : null;
}

/**
 * What holds a failover back that a person has to approve; null once one has, once its time is over by the voters'
 * clocks, and where nobody is asked.
 */
export function approvalWait({ service, register, wallMs }: DecisionInput, to: string): Decision | null {
  const policy = service.failover.approval;
  const asked = approvalOf(register);
  if (policy === undefined || asked?.approvedBy !== undefined) return null;
  const untilMs = asked?.untilMs;
  if (untilMs !== undefined && wallMs !== undefined && wallMs >= untilMs) return null;
  const goMs = policy.goAfterMs;
  const end = untilMs !== undefined ? `, or ${secondOf(untilMs)}` : goMs === undefined ? '' : `, or ${goMs / 1_000} s`;
  const what = `the failover to ${to} waits for "cdk-failover approve ${service.name}"${end}`;
  return hold('approval-waits', `${register.active} is down; ${what}`);
}

/**
 * Whether what a person was asked for is over: the site has been left, or is well again, for every member of a group.
 * An approval that was given stays while moves from the site fail.
 */
export function isApprovalOver({
  register,
  knowledge,
  group,
}: Pick<DecisionInput, 'register' | 'knowledge' | 'group'>): boolean {
  const { approval, active } = register;
  const isWell = knowledge.verdicts[active] === 'up' && !isDownForOther(group, active);
  return approval !== undefined && (approval.from !== active || isWell);
}

/** The register without what a person was asked for. */
export function withoutApproval(register: Register): Register {
  const { approval: _, ...rest } = register;
  return rest;
}

/** An approval as status shows it: of what, and by whom, or until when it is waited for. */
export function approvalText({
  from,
  untilMs,
  approvedBy,
}: Pick<AwaitedApproval, 'from'> & { readonly untilMs: number | null; readonly approvedBy: string | null }): string {
  const end = untilMs === null ? '' : `; it goes by itself at ${secondOf(untilMs)}`;
  return `of the failover from ${from}: ${approvedBy === null ? `not yet${end}` : `by ${approvedBy}`}`;
}
