import { functionName } from '../../../config/plan/names.ts';
import type { FailoverEvent } from '../../../core/alerting/event.ts';
import type { Announcement } from '../../../core/alerting/event-detail.ts';
import type { TelemetryReport } from '../../../core/telemetry/report.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Rng } from '../../../ports/rng.ts';
import type { AwsClients } from '../clients.ts';
import { sendEvent } from './lambda-calls.ts';

/** What a notifier of a region needs. */
export interface LambdaNotifierOptions {
  readonly deployment: string;
  readonly region: string;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly rng: Rng;
}

/** Hands messages to the region's own `notify` function, which tries again by itself when somebody does not answer. */
export class LambdaNotifier {
  readonly #clients: AwsClients;
  readonly #options: LambdaNotifierOptions;

  constructor(clients: AwsClients, options: LambdaNotifierOptions) {
    this.#clients = clients;
    this.#options = options;
  }

  /** @throws {PortError} when it is not known that the function was handed the message */
  async notify(event: FailoverEvent): Promise<void> {
    const { deployment, region, clock, rng } = this.#options;
    const announcement: Announcement = { deployment, region, id: idFrom(rng), atMs: clock.wallMs(), event };
    await this.#send(announcement);
  }

  /** @throws {PortError} when it is not known that the function was handed the report */
  async export(report: TelemetryReport): Promise<void> {
    await this.#send({ report });
  }

  async #send(input: NotifyInput): Promise<void> {
    const { deployment, region } = this.#options;
    await sendEvent(this.#clients, region, functionName(deployment, 'notify'), input);
  }
}

/** What the notify function is handed: a message, or telemetry for the collector. */
export type NotifyInput = Announcement | { readonly report: TelemetryReport };

/** Sixteen hexadecimal digits: two of a million messages are the same once in many millions of deployments. */
function idFrom(rng: Rng): string {
  const half = () => Math.floor(rng.next() * 2 ** 32);
  const digits = [half(), half()].map((value) => value.toString(16).padStart(8, '0'));
  return `msg_${digits.join('')}`;
}
