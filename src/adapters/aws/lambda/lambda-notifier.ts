import { functionName } from '../../../config/plan/names.ts';
import type { FailoverEvent } from '../../../core/alerting/event.ts';
import type { AwsClients } from '../clients.ts';
import { sendEvent } from './lambda-calls.ts';

/** What the `notify` function is sent. */
export interface Notification {
  readonly deployment: string;
  readonly region: string;
  readonly event: FailoverEvent;
}

/** Hands messages to the region's own `notify` function, which tries again by itself when SNS does not answer. */
export class LambdaNotifier {
  readonly #clients: AwsClients;
  readonly #deployment: string;
  readonly #region: string;

  constructor(clients: AwsClients, deployment: string, region: string) {
    this.#clients = clients;
    this.#deployment = deployment;
    this.#region = region;
  }

  async notify(event: FailoverEvent): Promise<void> {
    const notification: Notification = { deployment: this.#deployment, region: this.#region, event };
    await sendEvent(this.#clients, this.#region, functionName(this.#deployment, 'notify'), notification);
  }
}
