import type { Ballot } from '../../core/register/ballot.ts';
import type { Register } from '../../core/register/register.ts';

/** A value that a majority of tables has accepted. */
export interface Decided {
  readonly service: string;
  readonly ballot: Ballot;
  readonly register: Register;
  /** The value decided before it. */
  readonly previous: Register | null;
}

/** Learns from what the tables accept which values were decided, as an outsider would: a majority for one ballot. */
export class Decisions {
  readonly #regions: readonly string[];
  readonly #majority: number;
  readonly #isCounted = new Set<string>();
  readonly #onDecided: (decided: Decided) => void;
  readonly #accepted = new Map<string, Set<string>>();
  readonly #newest = new Map<string, { readonly ballot: Ballot; readonly register: Register }>();

  /** @param regions - those of the tables, in the order of the register's slots */
  constructor(regions: readonly string[], onDecided: (decided: Decided) => void) {
    this.#regions = regions;
    this.#majority = Math.floor(regions.length / 2) + 1;
    this.#onDecided = onDecided;
  }

  /** The newest decided value of a service, null before the first. */
  newest(service: string): Register | null {
    return this.#newest.get(service)?.register ?? null;
  }

  note(region: string, service: string, ballot: Ballot, register: Register): void {
    const key = `${service} ${ballot}`;
    const regions = this.#accepted.get(key) ?? new Set<string>();
    // A table that is only joining has no vote yet.
    if (register.joining === null || this.#regions[register.joining] !== region) regions.add(region);
    this.#accepted.set(key, regions);
    if (this.#isCounted.has(key) || regions.size < (register.isForming ? this.#regions.length : this.#majority)) return;
    this.#isCounted.add(key);
    const before = this.#newest.get(service);
    this.#newest.set(service, { ballot, register });
    this.#onDecided({ service, ballot, register, previous: before?.register ?? null });
  }
}
