import { seededRandom } from '../../../src/sim/random.ts';

/** What is done to a process: ended, or stopped where it is. */
export type Blow = 'kill' | 'freeze';

/** One process of a lab. */
export interface Victim {
  readonly role: 'watchers' | 'oracles' | 'sites' | 'tables';
  readonly place: string;
}

/** A blow, and when the process is back. */
export interface Strike extends Victim {
  readonly blow: Blow;
  readonly atMs: number;
  readonly backMs: number;
}

/** Time that the lab is left alone at the end, to be well again. */
export const calmMs = 20_000;
/** Shortest pause between the return of one process and the next blow, and how much longer it may be. */
const pauseMs = { least: 3_000, spread: 6_000 };
/** The same for the time that a process is away: some are back before anybody is sure, some long after a move. */
const awayMs = { least: 500, spread: 8_000 };

/**
 * Draws blows one after another: the same seed gives the same. A table is only frozen: one that comes back empty has
 * lost its vote for good, which is more than a process that dies.
 */
export function planStrikes(seed: number, durationMs: number, victims: readonly Victim[]): readonly Strike[] {
  const random = seededRandom(seed, 'soak');
  const drawn = ({ least, spread }: typeof awayMs) => Math.round(least + random() * spread);
  const strikes: Strike[] = [];
  for (let atMs = drawn(pauseMs); ; ) {
    const victim = victims[Math.floor(random() * victims.length)];
    const backMs = atMs + drawn(awayMs);
    if (victim === undefined || backMs > durationMs - calmMs) return strikes;
    const blow = victim.role === 'tables' || random() < 0.25 ? 'freeze' : 'kill';
    strikes.push({ ...victim, blow, atMs, backMs });
    atMs = backMs + drawn(pauseMs);
  }
}
