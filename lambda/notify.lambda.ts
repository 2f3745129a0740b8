import type { Notification } from '../src/adapters/aws/lambda/lambda-notifier.ts';
import { SnsNotifier } from '../src/adapters/aws/sns-notifier.ts';
import { readLambdaEnv } from '../src/config/env.ts';
import { messageOf } from '../src/core/alerting/message.ts';
import { FailoverError } from '../src/core/errors.ts';
import { wire } from './wiring.ts';

const { clients, deployment, region } = wire(import.meta.url);
const { topicArn } = readLambdaEnv();

/** Sends a message of this region's watcher to people and to EventBridge. Lambda repeats it when it fails. */
export async function handler({ event }: Notification): Promise<void> {
  if (topicArn === null) throw new FailoverError('CONFIG', 'TOPIC_ARN is not set: deploy the stack again');
  await new SnsNotifier(clients, { deployment: deployment.name, region, topicArn, messageOf }).notify(event);
}
