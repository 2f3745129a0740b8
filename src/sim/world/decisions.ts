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
  readonly #majority: number;
  readonly #onDecided: (decided: Decided) => void;
  readonly #accepted = new Map<string, Set<string>>();
  readonly #newest = new Map<string, { readonly ballot: Ballot; readonly register: Register }>();

  constructor(tableCount: number, onDecided: (decided: Decided) => void) {
    this.#majority = Math.floor(tableCount / 2) + 1;
    this.#onDecided = onDecided;
  }

  /** The newest decided value of a service, null before the first. */
  newest(service: string): Register | null {
    return this.#newest.get(service)?.register ?? null;
  }

  note(region: string, service: string, ballot: Ballot, register: Register): void {
    const key = `${service} ${ballot}`;
    const regions = this.#accepted.get(key) ?? new Set<string>();
    this.#accepted.set(key, regions.add(region));
    if (regions.size !== this.#majority) return;
    const before = this.#newest.get(service);
    this.#newest.set(service, { ballot, register });
    this.#onDecided({ service, ballot, register, previous: before?.register ?? null });
  }
}
