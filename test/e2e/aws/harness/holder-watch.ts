import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './world.ts';

/** How often the holder is read; the precision of a measured move. */
const pollMs = 50;

/** One change of the address's holder, as moto has it. */
export interface Change {
  readonly holder: string | null;
  /** Epoch milliseconds at which it had been read. */
  readonly atMs: number;
}

/** Reads who holds the address, all the time, and keeps each change. */
export class HolderWatch {
  readonly changes: Change[] = [];
  readonly #world: World;
  #isOver = false;
  readonly #ended: Promise<void>;

  constructor(world: World) {
    this.#world = world;
    this.#ended = this.#watch();
  }

  /** Sites that held it, in order. */
  get holders(): readonly (string | null)[] {
    return this.changes.map(({ holder }) => holder);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#ended;
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      const holder = await this.#world.holder();
      if (this.changes.at(-1)?.holder !== holder || this.changes.length === 0) {
        this.changes.push({ holder, atMs: Date.now() });
      }
      await sleep(pollMs);
    }
  }
}
