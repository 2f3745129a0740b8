import type { Register } from '../../../core/register/register.ts';
import type { SimEvent } from '../../event.ts';

/** A value that would begin an epoch, and the value that is decided before it. */
export interface Proposal {
  readonly service: string;
  readonly atMs: number;
  readonly register: Register;
  readonly previous: Register;
}

/**
 * What was true of each move at the instant at which a table first accepted it.
 *
 * One table may accept a move whose proposer then reaches nobody else. The move may be decided, so nobody may pass it
 * over: whoever reaches that table next completes it, perhaps minutes later and whatever has become of the sites. So a
 * move is judged by when it was proposed, and not by when a later proposer completed it.
 */
export class FirstAccepts<T> {
  readonly #newestOf: (service: string) => Register | null;
  readonly #look: (proposal: Proposal) => T;
  readonly #found = new Map<string, T>();

  /**
   * @param newestOf - the newest decided value of a service
   * @param look - what is true of a move now
   */
  constructor(newestOf: (service: string) => Register | null, look: (proposal: Proposal) => T) {
    this.#newestOf = newestOf;
    this.#look = look;
  }

  hear(event: SimEvent): void {
    if (event.type !== 'accept') return;
    const { service, register, atMs } = event;
    const previous = this.#newestOf(service);
    if (previous === null || register.epoch <= previous.epoch) return;
    const key = keyOf(service, register);
    if (!this.#found.has(key)) this.#found.set(key, this.#look({ service, atMs, register, previous }));
  }

  /** What was true of a move that is decided now; null when no table accepted it as one. */
  of({ service, register }: Pick<Proposal, 'service' | 'register'>): T | null {
    return this.#found.get(keyOf(service, register)) ?? null;
  }
}

/** Names a decision: its epoch, where it leads, and who made it when. A completed value keeps all of these. */
function keyOf(service: string, { epoch, active, run }: Register): string {
  return [service, epoch, active, run?.kind, run?.from, run?.to, run?.by, run?.times.decidedMs].join(' ');
}
