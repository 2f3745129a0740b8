import { approvalOf } from '../../calendar/approval.ts';
import type { Register } from '../../register/register.ts';

/** A failover that a person is asked to approve, as status shows it. */
export interface ApprovalStatus {
  readonly from: string;
  readonly askedMs: number;
  /** When it goes by itself; null: never. */
  readonly untilMs: number | null;
  /** Null while nobody has. */
  readonly approvedBy: string | null;
}

/** The failover from the active site that waits for a person; null when there is none. */
export function approvalStatus(register: Register): ApprovalStatus | null {
  const asked = approvalOf(register);
  return asked === null ? null : { untilMs: null, approvedBy: null, ...asked };
}
