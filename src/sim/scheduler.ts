/** Runs what is due at a virtual instant. */
export type Action = () => void;

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly action: Action;
}

/**
 * The virtual clock and the queue of everything that will happen.
 *
 * Entries of one instant run in the order in which they were added, so that a run depends on nothing but its seed.
 * A binary heap; a simulated day is millions of entries.
 */
export class Scheduler {
  #nowMs = 0;
  #added = 0;
  readonly #heap: Entry[] = [];

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Adds an action; an instant that has passed means now. */
  at(atMs: number, action: Action): void {
    this.#added += 1;
    this.#push({ atMs: Math.max(atMs, this.#nowMs), order: this.#added, action });
  }

  after(delayMs: number, action: Action): void {
    this.at(this.#nowMs + delayMs, action);
  }

  /** Runs everything up to and including `untilMs`, and leaves the clock there. */
  runUntil(untilMs: number): void {
    for (let top = this.#heap[0]; top !== undefined && top.atMs <= untilMs; top = this.#heap[0]) {
      this.#pop();
      this.#nowMs = top.atMs;
      top.action();
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Entry;
      if (!isBefore(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Entry;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child += 1;
      const below = heap[child] as Entry;
      if (!isBefore(below, last)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
