import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { eventSource } from '../../config/plan/names.ts';
import type { FailoverEvent } from '../../core/alerting/event.ts';
import type { AwsClients } from './clients.ts';
import { toPortError } from './faults.ts';
import { afterAll } from './settlement.ts';

/** A message for people. */
export interface Message {
  /** At most 100 ASCII characters, without a line break: what SNS takes. */
  readonly subject: string;
  readonly body: string;
}

/** Where messages go, and how they are put into words. */
export interface SnsNotifierOptions {
  readonly deployment: string;
  readonly region: string;
  readonly topicArn: string;
  readonly messageOf: (deployment: string, region: string, event: FailoverEvent) => Message;
}

/** Tells people by SNS and machines by EventBridge, both at once; one that fails does not stop the other. */
export class SnsNotifier {
  readonly #clients: AwsClients;
  readonly #options: SnsNotifierOptions;

  constructor(clients: AwsClients, options: SnsNotifierOptions) {
    this.#clients = clients;
    this.#options = options;
  }

  /** @throws {PortError} the first fault, after both were tried */
  async notify(event: FailoverEvent): Promise<void> {
    await afterAll([this.#publish(event), this.#putEvent(event)]);
  }

  async #publish(event: FailoverEvent): Promise<void> {
    const { deployment, region, topicArn, messageOf } = this.#options;
    const { subject, body } = messageOf(deployment, region, event);
    const command = new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: body });
    await this.#clients.call((options) => this.#clients.of(SNSClient, region).send(command, options));
  }

  async #putEvent(event: FailoverEvent): Promise<void> {
    const { deployment, region } = this.#options;
    const command = new PutEventsCommand({
      Entries: [
        {
          Source: eventSource,
          DetailType: event.kind,
          Detail: JSON.stringify({ deployment, region, ...event }),
        },
      ],
    });
    const { FailedEntryCount, Entries } = await this.#clients.call((options) =>
      this.#clients.of(EventBridgeClient, region).send(command, options),
    );
    if (!FailedEntryCount) return;
    const { ErrorCode: name, ErrorMessage: why } = Entries?.find(({ ErrorCode }) => ErrorCode) ?? {};
    throw toPortError(Object.assign(new Error(`PutEvents: ${why}`), { name }));
  }
}
