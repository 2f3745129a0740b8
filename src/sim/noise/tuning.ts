import type { Detection } from '../../core/model/policy.ts';
import { type Detector, watchThrough } from './detector-trial.ts';
import { drawSpells, type Spell } from './spells.ts';

/** What a person may choose, in milliseconds and in failures in a row. */
export type Setting = Pick<Detection, 'intervalMs' | 'fallCount' | 'suspectIntervalMs' | 'minDownMs'>;

/** How a setting fares. */
export interface Trial {
  readonly setting: Setting;
  /** From a kill, and from a hang, until a quorum holds the site down, in the median; milliseconds. */
  readonly killMs: number;
  readonly hangMs: number;
  /** Times in a hundred days of noise at which a quorum holds a site down that nobody had to leave. */
  readonly falseMovesIn100Days: number;
}

/** The settings that are tried beside the present one: every combination that the schema allows. */
export const grid: readonly Setting[] = [1_000, 2_000, 5_000].flatMap((intervalMs) =>
  [2, 3, 4].flatMap((fallCount) =>
    [250, 500, 1_000].flatMap((suspectIntervalMs) =>
      [1_000, 3_000, 5_000].map((minDownMs) => ({ intervalMs, fallCount, suspectIntervalMs, minDownMs })),
    ),
  ),
);

/** Faults that last, for the median of the time to detect them. */
const kills = 40;
const faultMs = 120_000;

/** Spells that are watched through without a pause: some milliseconds of work. */
const spellsAtOnce = 50;

/** Tries settings on one seeded stream of noise and on the same faults. */
export class Tuning {
  readonly #detector: Detector;
  readonly #days: number;
  readonly #spells: readonly Spell[];

  /** @param days - of noise, a spell every few minutes; more days, finer counts */
  constructor(detector: Detector, days: number) {
    this.#detector = detector;
    this.#days = days;
    this.#spells = drawSpells(days);
  }

  /** Tries a setting; whoever goes through it may stop, or let others work, at each step. */
  *try(setting: Setting): Generator<undefined, Trial> {
    const detector = { ...this.#detector, detection: { ...this.#detector.detection, ...setting } };
    let falseMoves = 0;
    for (const [seed, spell] of this.#spells.entries()) {
      if (watchThrough(detector, spell, seed).downMs !== null) falseMoves += 1;
      if (seed % spellsAtOnce === 0) yield;
    }
    return {
      setting,
      killMs: medianToDown(detector, false),
      hangMs: medianToDown(detector, true),
      falseMovesIn100Days: (100 * falseMoves) / this.#days,
    };
  }
}

function medianToDown(detector: Detector, isHang: boolean): number {
  const fault: Spell = { kind: 'blip', lengthMs: faultMs, failsAt: () => 1, isHang };
  const samples = Array.from({ length: kills }, (_, seed) => watchThrough(detector, fault, seed).downMs ?? Number.NaN);
  return samples.sort((a, b) => a - b)[kills / 2] ?? Number.NaN;
}

/** A trial with what it would cost. */
export interface PricedTrial extends Trial {
  /** US dollars a month for the whole deployment, at list price. */
  readonly listUsd: number;
}

/** The three settings that may be better than the present one; each is absent when no other one is. */
export interface Advice {
  /** Sees a kill soonest, with no more false moves than now. */
  readonly quicker: PricedTrial | null;
  /** Has the fewest false moves, and sees a kill no later than now. */
  readonly calmer: PricedTrial | null;
  /** Costs least, with no more false moves than now, and sees a kill at most half as late again. */
  readonly cheaper: PricedTrial | null;
}

/** How much slower the cheaper setting may be. */
const slowerMax = 1.5;

/** The best of some trials beside the present one. */
export function adviseFrom(now: PricedTrial, trials: readonly PricedTrial[]): Advice {
  const isCalm = ({ falseMovesIn100Days }: PricedTrial) => falseMovesIn100Days <= now.falseMovesIn100Days;
  const best = (allowed: (trial: PricedTrial) => boolean, by: readonly (keyof PricedTrial)[]): PricedTrial | null => {
    const order = (a: PricedTrial, b: PricedTrial) =>
      by.map((key) => Number(a[key]) - Number(b[key])).find((difference) => difference !== 0) ?? 0;
    const [first] = trials.filter(allowed).sort(order);
    const [by0] = by;
    return first !== undefined && by0 !== undefined && Number(first[by0]) < Number(now[by0]) ? first : null;
  };
  return {
    quicker: best(isCalm, ['killMs', 'falseMovesIn100Days', 'listUsd']),
    calmer: best(({ killMs }) => killMs <= now.killMs, ['falseMovesIn100Days', 'killMs', 'listUsd']),
    cheaper: best(
      (trial) => isCalm(trial) && trial.killMs <= slowerMax * now.killMs,
      ['listUsd', 'killMs', 'falseMovesIn100Days'],
    ),
  };
}
