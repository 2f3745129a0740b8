import { type Check, doubtful, ok } from './check.ts';
import { type Reading, unreadCheck } from './reading.ts';

/** Who hears what a region's topic says. */
export interface SubscriptionReading {
  readonly region: string;
  /** Addresses that the configuration subscribes. */
  readonly emails: readonly string[];
  /** Whether somebody else is told than the subscribers: topics of the user's, or webhooks. */
  readonly hasOthers: boolean;
  /** Null: the region has no topic, because its `notify` function is not there. */
  readonly reading: Reading<readonly Subscription[] | null>;
}

/** One subscription of a topic. */
export interface Subscription {
  readonly protocol: string;
  /** Such as an address. */
  readonly endpoint: string;
  /** False while nobody has followed the link in the message that SNS sent. */
  readonly isConfirmed: boolean;
}

/** Whether each person that the configuration names would hear of a failover from each region. */
export function subscriptionChecks(readings: readonly SubscriptionReading[]): readonly Check[] {
  return readings.flatMap(checkOf);
}

function checkOf({ region, emails, hasOthers, reading }: SubscriptionReading): readonly Check[] {
  const asked = { name: 'subscriptions', subject: region };
  if (reading.kind === 'unread') return [unreadCheck(asked, reading)];
  if (reading.value === null) return [];
  const all = reading.value;
  const pending = all.filter(({ isConfirmed }) => !isConfirmed).map(({ endpoint }) => endpoint);
  const lost = emails.filter((email) => all.every(({ endpoint }) => endpoint !== email));
  if (pending.length > 0 || lost.length > 0) {
    const found = [
      ...(pending.length > 0 ? [`not confirmed: ${pending.join(', ')}`] : []),
      ...(lost.length > 0 ? [`not subscribed: ${lost.join(', ')}`] : []),
    ];
    const todo = 'have them follow the link that SNS mailed; where it is older than two days, or lost, subscribe again';
    return [doubtful(asked, found.join('; '), todo)];
  }
  if (all.length > 0) return [ok(asked, `confirmed: ${all.map(({ endpoint }) => endpoint).join(', ')}`)];
  if (hasOthers) return [ok(asked, 'nobody is subscribed; others are told')];
  return [doubtful(asked, 'nobody would hear of a failover', 'set notify.emails, or subscribe somebody to the topic')];
}
