import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Subscription, SubscriptionReading } from '../../../core/checkup/subscription-checks.ts';
import type { Deployment } from '../../../core/model/deployment.ts';
import { PortError } from '../../../ports/port-error.ts';
import type { AwsClients } from '../clients.ts';
import type { ReadFunction } from './deployed-functions.ts';
import { errorName } from './fault-explanation.ts';
import type { Patience } from './patience.ts';

/** Most answers to one question, of a hundred subscriptions each. Source of the hundred: SNS API Reference. */
const pagesMax = 10;
/** In place of an ARN until somebody has confirmed. Source: SNS API Reference, `ListSubscriptionsByTopic`. */
const unconfirmed = 'PendingConfirmation';
/** In place of the ARN of a subscription that was ended. */
const ended = 'Deleted';

/** Who is subscribed to the topic of each region, by the ARN that its `notify` function publishes to. */
export async function readSubscriptions(
  clients: AwsClients,
  { notify }: Deployment,
  functions: readonly ReadFunction[],
  patience: Patience,
): Promise<readonly SubscriptionReading[]> {
  const hasOthers = notify.topics.length > 0 || notify.webhooks.length > 0;
  return await Promise.all(
    functions
      .filter(({ kind }) => kind === 'notify')
      .map(async ({ region, deployed }) => {
        const read = deployed.then((found) =>
          found === null ? null : subscriptionsOf(clients, region, found.environment.TOPIC_ARN).catch(noneOfMissing),
        );
        return { region, emails: notify.emails, hasOthers, reading: await patience.read(read) };
      }),
  );
}

/** A topic that is not there has no subscribers. */
function noneOfMissing(error: unknown): readonly Subscription[] {
  if (error instanceof PortError && ['NotFound', 'NotFoundException'].includes(errorName(error))) return [];
  throw error;
}

async function subscriptionsOf(
  clients: AwsClients,
  region: string,
  topic: string | undefined,
): Promise<readonly Subscription[]> {
  if (!topic) throw new PortError({ kind: 'invalid', detail: 'its notify function names no topic' });
  const client = clients.of(SNSClient, region);
  const found: Subscription[] = [];
  let token: string | undefined;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const command = new ListSubscriptionsByTopicCommand({ TopicArn: topic, NextToken: token });
    const page = await clients.call((options) => client.send(command, options));
    for (const { Protocol = '', Endpoint = '', SubscriptionArn } of page.Subscriptions ?? []) {
      if (SubscriptionArn === ended) continue;
      found.push({ protocol: Protocol, endpoint: Endpoint, isConfirmed: SubscriptionArn !== unconfirmed });
    }
    token = page.NextToken;
    if (!token) return found;
  }
  throw new PortError({ kind: 'invalid', detail: `its topic has more than ${pagesMax} pages of subscriptions` });
}
