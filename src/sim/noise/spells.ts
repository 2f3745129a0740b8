import { seededRandom } from '../random.ts';

/**
 * What happens to a site that nobody has to leave. `errors`: 1 to 30 % of its answers, for ten seconds to five minutes.
 * `blip`: all, for 0.5 to 3 s. `blip-in-errors`: one within the other. `restarts`: three instances behind a balancer
 * that go one after the other, each for 3 to 10 s, in which every third answer fails.
 */
export type NoiseKind = 'errors' | 'blip' | 'blip-in-errors' | 'restarts';

/** All kinds of noise. */
export const noiseKinds: readonly NoiseKind[] = ['errors', 'blip', 'blip-in-errors', 'restarts'];

/**
 * One spell of noise: how likely an answer fails at an instant, and whether a failure is told at once or by the
 * deadline.
 */
export interface Spell {
  readonly kind: NoiseKind;
  readonly lengthMs: number;
  readonly failsAt: (ms: number) => number;
  readonly isHang: boolean;
}

const dayMs = 86_400_000;
/** A spell begins so long after the one before it has ended, on average: a service that is never left in peace. */
const peaceMs = 600_000;

/** The spells of so many days, the same for every detector. */
export function drawSpells(days: number): readonly Spell[] {
  const random = seededRandom(1, 'noise');
  const between = (least: number, most: number) => least + random() * (most - least);
  const spells: Spell[] = [];
  for (let atMs = 0; atMs < days * dayMs; ) {
    const spell = drawSpell(noiseKinds[Math.floor(random() * noiseKinds.length)] ?? 'errors', between, random() < 0.5);
    spells.push(spell);
    atMs += spell.lengthMs + between(0, 2 * peaceMs);
  }
  return spells;
}

function drawSpell(kind: NoiseKind, between: (least: number, most: number) => number, isHang: boolean): Spell {
  const share = between(0.01, 0.3);
  const blipMs = between(500, 3_000);
  const errorsMs = between(10_000, 300_000);
  const blipAtMs = between(0, errorsMs - blipMs);
  const restarts = [0, 1, 2].map(() => between(3_000, 10_000));
  const gapMs = between(2_000, 15_000);
  switch (kind) {
    case 'errors':
      return { kind, lengthMs: errorsMs, failsAt: () => share, isHang };
    case 'blip':
      return { kind, lengthMs: blipMs, failsAt: () => 1, isHang };
    case 'blip-in-errors':
      return {
        kind,
        lengthMs: errorsMs,
        failsAt: (ms) => (ms >= blipAtMs && ms < blipAtMs + blipMs ? 1 : share),
        isHang,
      };
    case 'restarts':
      return { kind, lengthMs: sum(restarts) + 2 * gapMs, failsAt: restartsAt(restarts, gapMs), isHang };
  }
}

/** One instance after the other is away, and the balancer has not noticed. */
function restartsAt(restarts: readonly number[], gapMs: number): (ms: number) => number {
  const begins = restarts.map((_, index) => sum(restarts.slice(0, index)) + index * gapMs);
  return (ms) => (begins.some((beginMs, index) => ms >= beginMs && ms < beginMs + (restarts[index] ?? 0)) ? 1 / 3 : 0);
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
