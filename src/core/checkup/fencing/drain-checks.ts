import { bad, type Check, doubtful, ok } from '../check.ts';
import { type Reading, unreadCheck } from '../reading.ts';

/** The target group of a fence that takes targets out of it. */
export interface DrainReading {
  /** Such as `web/oregon`. */
  readonly subject: string;
  readonly targetGroupArn: string;
  /** Whether the service has data that one site at a time may write. */
  readonly hasData: boolean;
  readonly reading: Reading<DrainFacts>;
}

/** What happens to the connections of targets that are taken out of a group. */
export interface DrainFacts {
  /** Deregistration delay: how long they go on, in seconds. */
  readonly delaySeconds: number;
  /** Whether they are cut then; null for a balancer that knows no other way. */
  readonly cutsConnections: boolean | null;
}

/**
 * Whether a fence of kind `targets` closes at once, and leaves no connection open.
 *
 * A region that is out of contact begins to drain at the end of its lease, and the others do not know for how long:
 * what writes over a connection that is still open writes beside the new writer. Source: Elastic Load Balancing, "Edit
 * target group attributes", of Application and of Network Load Balancers.
 */
export function drainCheck({ subject, targetGroupArn, hasData, reading }: DrainReading): Check {
  const asked = { name: 'drain', subject };
  if (reading.kind === 'unread') return unreadCheck(asked, reading, 'of the target group of its fence: ');
  const { delaySeconds, cutsConnections } = reading.value;
  const isOpen = cutsConnections === false;
  if (delaySeconds === 0 && !isOpen) return ok(asked, 'its fence closes at once: the deregistration delay is 0');
  const name = targetGroupArn.split('/')[1] ?? targetGroupArn;
  const flaws = [
    ...(delaySeconds > 0 ? [`the targets of its fence drain for ${delaySeconds} s`] : []),
    ...(isOpen ? ['its Network Load Balancer leaves connections open after that'] : []),
  ];
  const risk = hasData
    ? 'each move waits for that, and out of contact open connections may write beyond the lease'
    : 'each move waits for that, and out of contact clients stay beyond the lease';
  const settings = [
    ...(delaySeconds > 0 ? ['deregistration_delay.timeout_seconds to 0'] : []),
    ...(isOpen ? ['deregistration_delay.connection_termination.enabled to true'] : []),
  ];
  return (hasData ? bad : doubtful)(
    asked,
    `${flaws.join(', and ')}: ${risk}`,
    `set ${settings.join(' and ')} on target group ${name} (docs/data.md, "The order of a failover")`,
  );
}
