import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { regionOfArn } from '../../../config/schema/aws-id.ts';
import type { EventDetail } from '../../../core/alerting/event-detail.ts';
import { messageOf } from '../../../core/alerting/message.ts';
import type { AwsClients } from '../clients.ts';
import type { Channel } from './notifier.ts';

/**
 * A topic of SNS, by a client of its own region: a message is published nowhere else. People read subject and text;
 * machines, and filter policies, go by the attributes.
 */
export function topicChannel(clients: AwsClients, topicArn: string): Channel {
  const region = regionOfArn(topicArn);
  return {
    name: topicArn,
    send: async (event) => {
      const { subject, body } = messageOf(event.deployment, event.region, event);
      const command = new PublishCommand({
        TopicArn: topicArn,
        Subject: subject,
        Message: body,
        MessageAttributes: attributesOf(event),
      });
      await clients.call((options) => clients.of(SNSClient, region).send(command, options));
    },
  };
}

/** At most ten: SQS takes no more by raw delivery. Source: SNS Developer Guide, "Message attributes". */
function attributesOf(event: EventDetail): Record<string, MessageAttributeValue> {
  const { version, id, deployment, region, kind, service, site, alert } = event;
  const texts: Readonly<Record<string, string | null>> = {
    id,
    deployment,
    region,
    kind,
    service,
    site,
    alert: alert?.name ?? null,
    severity: alert?.severity ?? null,
    state: alert?.state ?? null,
  };
  const attributes: Record<string, MessageAttributeValue> = {
    version: { DataType: 'Number', StringValue: String(version) },
  };
  for (const [name, text] of Object.entries(texts)) {
    // SNS takes no empty value, so what there is none of has no attribute.
    if (text !== null && text !== '') attributes[name] = { DataType: 'String', StringValue: text };
  }
  return attributes;
}
