import type { Ballot } from '../../core/register/ballot.ts';
import type { Register } from '../../core/register/register.ts';

/** A value that a majority of its voters has accepted. */
export interface Decided {
  readonly service: string;
  readonly ballot: Ballot;
  readonly register: Register;
  /** The value decided before it. */
  readonly previous: Register | null;
}

/** An accept as it took effect in a table. */
export interface Accepted {
  readonly region: string;
  /** Mark of the table that took it. */
  readonly incarnation: string;
  readonly service: string;
  readonly ballot: Ballot;
  readonly register: Register;
}

interface BallotedValue {
  readonly ballot: Ballot;
  readonly register: Register;
}

/**
 * Learns from what the tables accept which values were decided, as an outsider would: those that a majority of the
 * voters that the value itself names has accepted under one ballot, whatever any configuration says.
 */
export class Decisions {
  /** Marks of tables that have accepted something. */
  readonly #marks = new Set<string>();
  readonly #isCounted = new Set<string>();
  readonly #onDecided: (decided: Decided) => void;
  /** Accepts noted so far: the order in which things happened. */
  #noted = 0;
  /** When a value was first accepted anywhere, by service and ballot. */
  readonly #proposedAt = new Map<string, number>();
  readonly #accepted = new Map<string, Set<string>>();
  readonly #newest = new Map<string, BallotedValue & { readonly decidedAt: number }>();
  readonly #proposed = new Map<string, BallotedValue>();

  constructor(onDecided: (decided: Decided) => void) {
    this.#onDecided = onDecided;
  }

  /** The newest decided value of a service, null before the first. */
  newest(service: string): Register | null {
    return this.#newest.get(service)?.register ?? null;
  }

  /** The newest value that any table has accepted, decided or not: nobody may pass it over. */
  newestProposed(service: string): Register | null {
    return this.#proposed.get(service)?.register ?? null;
  }

  /** Sites of a service are called otherwise from now on. */
  rename(service: string, renamed: (register: Register) => Register): void {
    for (const values of [this.#newest, this.#proposed] as Map<string, BallotedValue & { decidedAt: number }>[]) {
      const value = values.get(service);
      if (value !== undefined) values.set(service, { ...value, register: renamed(value.register) });
    }
  }

  note({ region, incarnation, service, ballot, register }: Accepted): void {
    if (ballot >= (this.#proposed.get(service)?.ballot ?? ballot)) this.#proposed.set(service, { ballot, register });
    const key = `${service} ${ballot}`;
    this.#noted += 1;
    const proposedAt = this.#proposedAt.get(key) ?? this.#noted;
    this.#proposedAt.set(key, proposedAt);
    const votes = this.#accepted.get(key) ?? new Set<string>();
    this.#marks.add(incarnation);
    const listed = register.voters.find((voter) => voter.region === region)?.incarnation;
    // A mark that no table ever had is what a mistake wrote; it must not hide what the tables did.
    if (listed === incarnation || (listed !== undefined && !this.#marks.has(listed))) votes.add(region);
    this.#accepted.set(key, votes);
    const { length } = register.voters;
    const isDecided = register.stage === 'founded' ? votes.size > length / 2 : votes.size === length;
    if (this.#isCounted.has(key) || !isDecided) return;
    this.#isCounted.add(key);
    const before = this.#newest.get(service);
    // An old value gets its majority after a newer one was decided, by an accept that came late. Whoever made the newer
    // one has seen it, so nothing follows from it any more.
    if (before !== undefined && ballot < before.ballot && proposedAt < before.decidedAt) return;
    this.#newest.set(service, { ballot, register, decidedAt: this.#noted });
    // A register that is founded again begins its ballots anew, in a later epoch.
    const proposed = this.#proposed.get(service)?.register;
    if (proposed === undefined || proposed.epoch < register.epoch) this.#proposed.set(service, { ballot, register });
    this.#onDecided({ service, ballot, register, previous: before?.register ?? null });
  }
}
