import type { Announcement, EventDetail } from '../../../core/alerting/event-detail.ts';
import { eventDetailOf } from '../../../core/alerting/event-detail.ts';
import { afterAll } from '../settlement.ts';

/** A way to those who hear of events. */
export interface Channel {
  /** Tells it apart from the other channels of a deployment. */
  readonly name: string;
  /** @throws {PortError} when it is not known that the message was taken */
  send(event: EventDetail): Promise<void>;
}

/** Tellings whose channels are remembered; Lambda repeats one within minutes. Source: our own. */
const rememberedMax = 100;

/**
 * Tells an event by every channel at once. A channel that fails stops no other.
 *
 * Lambda repeats the whole when a channel has failed. The channels that have taken the message are remembered by its id
 * as long as the process lives, so that a repetition reaches the others alone. In a new process some hear it twice,
 * with the same id: twice is better than never.
 */
export class Notifier {
  readonly #channels: readonly Channel[];
  readonly #taken = new Map<string, Set<string>>();

  constructor(channels: readonly Channel[]) {
    this.#channels = channels;
  }

  /** @throws {PortError} the first fault, after every channel was tried */
  async notify(announcement: Announcement): Promise<void> {
    const event = eventDetailOf(announcement);
    const taken = this.#takenOf(event.id);
    const left = this.#channels.filter(({ name }) => !taken.has(name));
    await afterAll(
      left.map(async (channel) => {
        await channel.send(event);
        taken.add(channel.name);
      }),
    );
  }

  #takenOf(id: string): Set<string> {
    const known = this.#taken.get(id) ?? new Set<string>();
    this.#taken.delete(id);
    this.#taken.set(id, known);
    const [oldest] = this.#taken.keys();
    if (this.#taken.size > rememberedMax && oldest !== undefined) this.#taken.delete(oldest);
    return known;
  }
}
