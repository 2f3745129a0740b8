import type { World } from '../../world/world.ts';
import { asDecided, deciderOf } from '../checker.ts';
import type { Proposal } from './first-accepts.ts';
import { agreedTimes } from './windows.ts';

/**
 * Whether a failover goes that a person has to approve, for each configuration that whoever decided may have had, while
 * nobody has, and before it may go by itself by any majority's clocks.
 */
export function isUnapproved(world: World, { service, register: { run }, previous }: Proposal): boolean {
  if (run?.kind !== 'failover' || run.reason !== 'active-down') return false;
  const configured = asDecided(world, deciderOf(run), service);
  if (configured.length === 0 || !configured.every(({ failover }) => failover.approval !== undefined)) return false;
  const { approval, active, epoch, run: before } = previous;
  // A move that failed has left nothing: whoever goes on to another site leaves the one that it was to leave.
  const left = before?.epoch === epoch && before.state === 'failed' ? before.from : active;
  if (approval?.from !== active && approval?.from !== left) return true;
  if (approval.atEnd === 'drop' && approval.lapsedMs !== undefined) return true;
  if (approval.approvedBy !== undefined) return false;
  if (configured.every(({ failover }) => (failover.approval?.atEnd ?? 'go') !== 'go')) return true;
  return approval.untilMs === undefined || Math.max(...agreedTimes(world, service)) < approval.untilMs;
}
