import { eventBusChannel } from '../src/adapters/aws/notify/event-bus.ts';
import { Notifier } from '../src/adapters/aws/notify/notifier.ts';
import { topicChannel } from '../src/adapters/aws/notify/topic.ts';
import { readLambdaEnv } from '../src/config/env.ts';
import type { Telling } from '../src/core/alerting/notice.ts';
import { FailoverError } from '../src/core/errors.ts';
import { wire } from './wiring.ts';

const { clients, deployment, region } = wire(import.meta.url);
const { topicArn } = readLambdaEnv();

/** Kept between invocations: it remembers who has heard what Lambda repeats. */
const notifier = new Notifier([
  ...[...(topicArn === null ? [] : [topicArn]), ...deployment.notify.topics].map((arn) => topicChannel(clients, arn)),
  eventBusChannel(clients, region),
]);

/** Tells people and machines what this region's watcher says. Lambda repeats it when somebody was not reached. */
export async function handler(telling: Telling): Promise<void> {
  if (topicArn === null) throw new FailoverError('CONFIG', 'TOPIC_ARN is not set: deploy the stack again');
  await notifier.notify(telling);
}
