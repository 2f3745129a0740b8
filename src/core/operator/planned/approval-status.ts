import { approvalOf } from '../../calendar/approval.ts';
import type { ApprovalEnd, FailoverPolicy } from '../../model/policy.ts';
import type { Register } from '../../register/register.ts';

/** A failover that a person is asked to approve, as status shows it. */
export interface ApprovalStatus {
  readonly from: string;
  readonly askedMs: number;
  /** Until when it is waited for; null: for as long as it takes. */
  readonly untilMs: number | null;
  /** What comes then. */
  readonly atEnd: ApprovalEnd;
  /** When that time was found over, and the failover held or dropped; null: it was not. */
  readonly lapsedMs: number | null;
  /** Null while nobody has. */
  readonly approvedBy: string | null;
  /** Whose word counts; null: anybody's. */
  readonly by: readonly string[] | null;
}

/** The failover from the active site that waits for a person; null when there is none. */
export function approvalStatus(register: Register, { approval }: FailoverPolicy): ApprovalStatus | null {
  const asked = approvalOf(register);
  const unsaid = { untilMs: null, atEnd: 'go', lapsedMs: null, approvedBy: null } as const;
  return asked === null ? null : { ...unsaid, ...asked, by: approval?.by ?? null };
}
