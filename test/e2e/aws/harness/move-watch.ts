import { setTimeout as sleep } from 'node:timers/promises';
import type { CapabilitiesWorld, SiteName } from './capabilities-world.ts';

/** Pause between two looks: each asks moto four times, which is a development server on the same machine. */
const pollMs = 200;

/** What the account showed at one moment, in the order in which it was read: traffic first, what it needs after it. */
export interface Moment {
  /** What the name answers. */
  readonly answer: string;
  /** Weights of the two sites behind the load balancer. */
  readonly left: number;
  readonly right: number;
  /** Whether the target of `left` is in its group. */
  readonly isLeftRegistered: boolean;
  /** Instances in service for `right`. */
  readonly size: number;
  /** Instances that run for `remote`. */
  readonly running: number;
  readonly writer: SiteName;
}

/** Reads the account past the proxy all the time, and keeps each change. */
export class MoveWatch {
  readonly moments: Moment[] = [];
  readonly #in: CapabilitiesWorld;
  #isOver = false;
  readonly #ended: Promise<void>;

  constructor(world: CapabilitiesWorld) {
    this.#in = world;
    this.#ended = this.#watch();
  }

  /** Ends it, after a last look. */
  async stop(): Promise<readonly Moment[]> {
    if (this.#isOver) return this.moments;
    this.#isOver = true;
    await this.#ended;
    await this.#look();
    return this.moments;
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      await this.#look();
      await sleep(pollMs);
    }
  }

  async #look(): Promise<void> {
    const moment = await readMoment(this.#in);
    if (JSON.stringify(moment) !== JSON.stringify(this.moments.at(-1))) this.moments.push(moment);
  }
}

async function readMoment({ world, cloud, data }: CapabilitiesWorld): Promise<Moment> {
  const answer = await world.answer();
  const { left, right } = await cloud.weights();
  const isLeftRegistered = await cloud.isRegistered();
  const size = await cloud.groupSize();
  const running = await cloud.runningCount();
  return { answer, left, right, isLeftRegistered, size, running, writer: data.writer };
}
