import { approvalOf } from '../../calendar/approval.ts';
import { secondOf } from '../../calendar/pause.ts';
import { hasOpenRun } from '../../register/register.ts';
import { accept, type CommandContext, type CommandOutcome, refuse, unchanged } from '../command-outcome.ts';

/** An approval, and who gives it. */
export interface ApprovalOrder {
  readonly verb: 'approve';
  /**
   * Who it is by AWS's word: the ARN of the caller; null where AWS did not say. Absent away from AWS, where the name of
   * the operator is all that there is.
   */
  readonly principal?: string | null;
}

/** Approves the failover that waits for a person. */
export function approve({ principal }: ApprovalOrder, context: CommandContext): CommandOutcome {
  const { register, service, by } = context;
  const { name } = service;
  const byHand = `"cdk-failover failover ${name}" moves by hand`;
  const asked = approvalOf(register);
  if (asked === null || hasOpenRun(register)) {
    return refuse(`no failover of ${name} waits for approval; "cdk-failover status ${name}" says why; ${byHand}`);
  }
  if (asked.approvedBy !== undefined) return unchanged(`it is approved already, by ${asked.approvedBy}`);
  if (asked.atEnd === 'drop' && asked.lapsedMs !== undefined) {
    return refuse(
      `the failover from ${asked.from} was dropped at ${secondOf(asked.lapsedMs)}, not approved; ${byHand}`,
    );
  }
  const approvers = service.failover.approval?.by;
  if (approvers !== undefined && !approvers.some((one) => isNamed(one, principal === undefined ? by : principal))) {
    const you = principal === null ? 'AWS does not say who you are' : `you are ${principal ?? by}`;
    return refuse(`a failover of ${name} is approved by ${approvers.join(' or ')}, and ${you}; nothing was changed`);
  }
  const approvedBy = principal ? `${by} (${principal})` : by;
  const what = `approve the failover from ${asked.from}${principal ? `, as ${principal}` : ''}`;
  const next = { ...register, approval: { ...asked, approvedBy } };
  return accept(next, what, context, `${name}: the failover from ${asked.from} is approved; the watchers begin it`);
}

/**
 * Whether a caller is the one that is named: by an ARN, or by the name of a user or a role of IAM. A session of a role
 * counts as the role; its ARN leaves out the role's path. Source: IAM User Guide, "IAM identifiers" and "AWS JSON
 * policy elements: Principal".
 */
function isNamed(approver: string, caller: string | null): boolean {
  if (caller === null) return false;
  if (approver === caller) return true;
  const [account, name] = principalOf(caller);
  if (!approver.startsWith('arn:')) return approver === name;
  const [wantedAccount, wantedName, wantedKind] = principalOf(approver);
  return wantedKind === 'role' && principalOf(caller)[2] === 'role' && account === wantedAccount && name === wantedName;
}

/** Account, name and sort of a principal; of a role without its path and its session. */
function principalOf(arn: string): readonly [account: string, name: string, kind: 'role' | 'user' | null] {
  const [, account = '', path = ''] = /^arn:[^:]+:(?:iam|sts)::([0-9]{12}):(.+)$/.exec(arn) ?? [];
  const [kind, ...parts] = path.split('/');
  if (kind === 'assumed-role') return [account, parts[0] ?? '', 'role'];
  return [account, parts.at(-1) ?? arn, kind === 'role' ? 'role' : kind === 'user' ? 'user' : null];
}
