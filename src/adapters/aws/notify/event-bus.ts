import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { eventSource } from '../../../config/plan/names.ts';
import type { AwsClients } from '../clients.ts';
import { toPortError } from '../faults.ts';
import type { Channel } from './notifier.ts';

/** The default event bus of a region, for machines. */
export function eventBusChannel(clients: AwsClients, region: string): Channel {
  return {
    name: 'event-bus',
    send: async (event) => {
      const command = new PutEventsCommand({
        Entries: [{ Source: eventSource, DetailType: event.kind, Detail: JSON.stringify(event) }],
      });
      const { FailedEntryCount, Entries } = await clients.call((options) =>
        clients.of(EventBridgeClient, region).send(command, options),
      );
      if (!FailedEntryCount) return;
      const { ErrorCode: name, ErrorMessage: why } = Entries?.find(({ ErrorCode }) => ErrorCode) ?? {};
      throw toPortError(Object.assign(new Error(`PutEvents: ${why}`), { name }));
    },
  };
}
