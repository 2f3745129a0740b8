import { approvalOf } from '../../calendar/approval.ts';
import { hasOpenRun } from '../../register/register.ts';
import { accept, type CommandContext, type CommandOutcome, refuse, unchanged } from '../command-outcome.ts';

/** Approves the failover that waits for a person. */
export function approve(context: CommandContext): CommandOutcome {
  const { register, service, by } = context;
  const { name } = service;
  const asked = approvalOf(register);
  if (asked === null || hasOpenRun(register)) {
    const instead = `"cdk-failover status ${name}" says why; "cdk-failover failover ${name}" moves by hand`;
    return refuse(`no failover of ${name} waits for approval; ${instead}`);
  }
  if (asked.approvedBy !== undefined) return unchanged(`it is approved already, by ${asked.approvedBy}`);
  const what = `approve the failover from ${asked.from}`;
  const next = { ...register, approval: { ...asked, approvedBy: by } };
  return accept(next, what, context, `${name}: the failover from ${asked.from} is approved; the watchers begin it`);
}
