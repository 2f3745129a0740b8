import { type Decision, type DecisionInput, hold } from '../decision/decision-input.ts';
import { isDownForOther } from '../decision/group-view.ts';
import { goesUnapproved } from '../model/policy.ts';
import type { AwaitedApproval, Register } from '../register/register.ts';
import { secondOf } from './pause.ts';

/** The approval that a failover from the present active site waits for, or has; null before it was asked for. */
export function approvalOf({ approval, active }: Pick<Register, 'approval' | 'active'>): AwaitedApproval | null {
  return approval?.from === active ? approval : null;
}

/**
 * What holds a failover back that a person has to approve; null once one has, where nobody is asked, and once its time
 * is over by the voters' clocks and it then goes by itself.
 */
export function approvalWait({ service, register, wallMs }: DecisionInput, to: string): Decision | null {
  const policy = service.failover.approval;
  const asked = approvalOf(register);
  if (policy === undefined) return null;
  if (asked?.lapsedMs !== undefined) return lapsed(service.name, asked, asked.lapsedMs);
  if (asked?.approvedBy !== undefined) return null;
  const untilMs = asked?.untilMs;
  if (
    untilMs !== undefined &&
    asked?.atEnd === undefined &&
    goesUnapproved(policy) &&
    wallMs !== undefined &&
    wallMs >= untilMs
  )
    return null;
  const { waitMs } = policy;
  const end =
    untilMs !== undefined ? `, until ${secondOf(untilMs)}` : waitMs === undefined ? '' : `, ${waitMs / 1_000} s`;
  const then = waitMs === undefined ? '' : `; then ${endText[policy.atEnd ?? 'go']}`;
  const who = policy.by === undefined ? '' : ` by ${policy.by.join(' or ')}`;
  const what = `the failover to ${to} waits for "cdk-failover approve ${service.name}"${who}${end}${then}`;
  return hold('approval-waits', `${register.active} is down; ${what}`);
}

const endText = { go: 'it goes by itself', hold: 'it goes on waiting', drop: 'it is dropped' } as const;

function lapsed(service: string, { from, atEnd, approvedBy }: AwaitedApproval, atMs: number): Decision | null {
  if (atEnd === 'hold' && approvedBy !== undefined) return null;
  const nobody = `${from} is down; nobody had approved the failover by ${secondOf(atMs)}`;
  const byHand = `"cdk-failover failover ${service}" moves by hand`;
  const isHeld = atEnd === 'hold';
  const what = isHeld
    ? `it is held until somebody does: "cdk-failover approve ${service}"`
    : `it was dropped: ${byHand}`;
  return hold('approval-lapsed', `${nobody}, so ${what}`);
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

/** An approval as status shows it: of what, and by whom, or until when it is waited for and what then. */
export function approvalText({
  from,
  untilMs,
  atEnd,
  lapsedMs,
  approvedBy,
  by,
}: Pick<AwaitedApproval, 'from'> & {
  readonly untilMs: number | null;
  readonly atEnd: keyof typeof endText;
  readonly lapsedMs: number | null;
  readonly approvedBy: string | null;
  readonly by: readonly string[] | null;
}): string {
  const what = `of the failover from ${from}`;
  if (approvedBy !== null) return `${what}: by ${approvedBy}`;
  const who = by === null ? '' : `, by ${by.join(' or ')}`;
  if (lapsedMs !== null) {
    const now = atEnd === 'drop' ? 'it was dropped' : `it is held until somebody does${who}`;
    return `${what}: nobody until ${secondOf(lapsedMs)}; ${now}`;
  }
  const end = untilMs === null ? '' : `; ${endText[atEnd]} at ${secondOf(untilMs)}`;
  return `${what}: not yet${who}${end}`;
}
