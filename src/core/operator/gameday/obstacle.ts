import { approvalText } from '../../calendar/approval.ts';
import { pauseText, secondOf } from '../../calendar/pause.ts';
import { type Deployment, serviceOf } from '../../model/deployment.ts';
import { groupOf, groupOrder } from '../../model/group.ts';
import { goesUnapproved } from '../../model/policy.ts';
import type { ServiceStatus } from '../status.ts';

/**
 * What would hold a failover back if its fault came now, or makes a game day of this service meaningless; each in a
 * sentence. Empty when the watchers would move it.
 */
export function obstaclesTo(deployment: Deployment, name: string, status: ServiceStatus): readonly string[] {
  const { protection, pause, calendar, planned, approval, blockLeftMs, owed } = status;
  const service = serviceOf(deployment, name);
  const group = groupOf(deployment, name);
  const [leader = name] = group === null ? [] : groupOrder(group);
  const freeze = calendar?.freeze ?? null;
  const found = [
    protection.level === 'protected' ? null : protection.why,
    pause === null ? null : `paused ${pauseText(pause)}`,
    freeze?.moves === 'all' ? `frozen until ${secondOf(freeze.untilMs)}: nothing moves by itself` : null,
    service.failover.automatic ? null : 'failover.automatic is false: nothing moves by itself',
    goesUnapproved(service.failover.approval) ? null : 'each failover waits for a person: "cdk-failover approve"',
    approval === null ? null : `an approval is open ${approvalText(approval)}`,
    planned === null ? null : `a switchover to ${planned.to} is planned for ${secondOf(planned.atMs)}`,
    blockLeftMs > 0 ? 'an automatic failover was made recently: end its block with "cdk-failover ack"' : null,
    owed.length > 0 ? `fences are owed: ${owed.map(({ site }) => site).join(', ')}` : null,
    leader === name ? null : `${name} follows ${leader} in group ${group?.name}: rehearse ${leader}`,
  ];
  const [first, ...others] = found;
  const more = others.filter((each) => each !== null && first?.includes(each) !== true);
  return [first, ...more].filter((each) => typeof each === 'string');
}
