import type { NotifyInput } from '../src/adapters/aws/lambda/lambda-notifier.ts';
import { type AlarmChange, announcementOf } from '../src/adapters/aws/notify/alarm-change.ts';
import { eventBusChannel } from '../src/adapters/aws/notify/event-bus.ts';
import { Notifier } from '../src/adapters/aws/notify/notifier.ts';
import { topicChannel } from '../src/adapters/aws/notify/topic.ts';
import { webhookChannel } from '../src/adapters/aws/notify/webhook.ts';
import { Secrets } from '../src/adapters/aws/probe/secrets.ts';
import { OtlpExporter } from '../src/adapters/net/outgoing/otlp-exporter.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import { systemRng } from '../src/adapters/system/rng.ts';
import { readLambdaEnv } from '../src/config/env.ts';
import { regionOfArn } from '../src/config/schema/aws-id.ts';
import type { Announcement } from '../src/core/alerting/event-detail.ts';
import { FailoverError } from '../src/core/errors.ts';
import { exportOrDrop } from './logging/telemetry.ts';
import { wire } from './wiring/wiring.ts';

const { clients, deployment, log, region } = wire(import.meta.url);
const { topicArn } = readLambdaEnv();
const ground = { clock: systemClock, rng: systemRng, secrets: new Secrets(clients, systemClock, region) };

const topics = [...(topicArn === null ? [] : [topicArn]), ...deployment.notify.topics];

/** Kept between invocations: it remembers who has heard what Lambda repeats. */
const notifier = new Notifier([
  ...topics.map((arn) => topicChannel(clients, arn)),
  ...deployment.notify.webhooks.map((webhook) => webhookChannel(webhook, ground)),
  eventBusChannel(clients, region),
]);

/** Those whom CloudWatch itself tells of an alarm: the topics of its own region. They alone hear how it goes on. */
const alarmNotifier = new Notifier(
  topics.filter((arn) => regionOfArn(arn) === region).map((arn) => topicChannel(clients, arn)),
);

const otlp = deployment.telemetry?.otlp;
/** Kept between invocations: it counts what a collector did not take. */
const exporter = otlp === undefined ? null : new OtlpExporter(otlp, ground);

/**
 * Tells people and machines what this region's watcher says, and what CloudWatch says of an alarm. Lambda
 * repeats it when somebody was not reached, but not what a collector did not take.
 */
export async function handler(input: NotifyInput | AlarmChange): Promise<void> {
  if ('report' in input) {
    if (exporter !== null) await exportOrDrop(exporter, input.report, log);
  } else if ('detail-type' in input) {
    const change = announcementOf(deployment, region, input);
    if (change !== null) await announce(alarmNotifier, change);
  } else await announce(notifier, input);
}

async function announce(tellers: Notifier, announcement: Announcement): Promise<void> {
  if (topicArn === null) throw new FailoverError('CONFIG', 'TOPIC_ARN is not set: deploy the stack again');
  await tellers.notify(announcement);
}
