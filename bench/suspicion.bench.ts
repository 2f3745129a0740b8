import { serviceOf } from '../src/core/model/deployment.ts';
import type { Detection } from '../src/core/model/policy.ts';
import { watchThrough } from '../src/sim/noise/detector-trial.ts';
import { drawSpells, type NoiseKind, noiseKinds, type Spell } from '../src/sim/noise/spells.ts';
import { begin, deploymentOf, dns, head, quantile, twoRegions } from './recovery.bench.ts';

/** How one way of detecting fares. */
export interface DetectorResult {
  readonly name: string;
  /** Spells of noise, by kind, in which a quorum came to hold a site down that nobody had to leave. */
  readonly falseMoves: Readonly<Record<NoiseKind, number>>;
  readonly falseMovesTotal: number;
  /** From a kill, and from a hang, to a quorum that holds the site down, in the median; milliseconds. */
  readonly killMs: number;
  readonly hangMs: number;
  /** Probes of the serving site by one watcher while there was noise, of all seconds of noise. */
  readonly probesASecond: number;
}

/** Both detectors on the same noise, and the whole engine in the simulator. */
export interface SuspicionBench {
  readonly days: number;
  readonly spells: Readonly<Record<NoiseKind, number>>;
  readonly detectors: readonly DetectorResult[];
  /** From a kill to the accepted decision, at the defaults, in the simulator. */
  readonly decided: {
    readonly runs: number;
    readonly medianMs: number;
    readonly p90Ms: number;
    readonly maxMs: number;
  };
}

/** Three watchers, two of whom make a verdict, and the default deadline of a probe. */
const watching = { watcherCount: 3, quorum: 2, timeoutMs: 1_500 };

const base = serviceOf(
  deploymentOf(`${head}    mode: active-passive${twoRegions()}    traffic:${dns}`),
  'web',
).detection;

/** Three ticks alone, as it was before there was suspicion; and the defaults. */
const detectors: readonly { readonly name: string; readonly detection: Detection }[] = [
  { name: 'three ticks', detection: { ...base, minDownMs: 0, suspectIntervalMs: base.intervalMs } },
  { name: 'suspicion', detection: base },
];

/**
 * Compares both detectors on one seeded stream of noise, by the very functions that the watcher folds its probes with.
 * What is not simulated here: tables, links and processes; two watchers that hold the site down at one instant are a
 * move.
 *
 * @param days - days of service, one spell of noise every few minutes
 * @param kills - faults that last, for the time to detect them, and runs of the whole engine
 */
export function benchSuspicion(days: number, kills: number): SuspicionBench {
  const spells = drawSpells(days);
  const counts = countKinds(spells.map(({ kind }) => kind));
  return {
    days,
    spells: counts,
    detectors: detectors.map(({ name, detection }) => measureDetector(name, detection, spells, kills)),
    decided: measureDecided(Math.max(20, Math.floor(kills / 5))),
  };
}

function measureDetector(name: string, detection: Detection, spells: readonly Spell[], kills: number): DetectorResult {
  const outcomes = spells.map((spell, seed) => ({ spell, ...watchThrough({ ...watching, detection }, spell, seed) }));
  const falseMoves = countKinds(outcomes.filter(({ downMs }) => downMs !== null).map(({ spell }) => spell.kind));
  const noisyMs = spells.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
  const probes = outcomes.reduce((sum, outcome) => sum + outcome.probes, 0);
  return {
    name,
    falseMoves,
    falseMovesTotal: noiseKinds.reduce((sum, kind) => sum + falseMoves[kind], 0),
    killMs: medianToDown(detection, false, kills),
    hangMs: medianToDown(detection, true, kills),
    probesASecond: (probes * 1_000) / noisyMs / watching.watcherCount,
  };
}

function countKinds(found: readonly NoiseKind[]): Record<NoiseKind, number> {
  const of = (kind: NoiseKind) => found.filter((each) => each === kind).length;
  return { errors: of('errors'), blip: of('blip'), 'blip-in-errors': of('blip-in-errors'), restarts: of('restarts') };
}

function medianToDown(detection: Detection, isHang: boolean, kills: number): number {
  const fault: Spell = { kind: 'blip', lengthMs: 30_000, failsAt: () => 1, isHang };
  const samples = Array.from(
    { length: kills },
    (_, seed) => watchThrough({ ...watching, detection }, fault, seed).downMs ?? Number.NaN,
  );
  return quantile(
    samples.sort((a, b) => a - b),
    0.5,
  );
}

/** The whole engine, at its defaults: from the kill to the epoch that a majority of tables has accepted. */
function measureDecided(runs: number): SuspicionBench['decided'] {
  const deployment = deploymentOf(`${head}    mode: active-passive${twoRegions()}    traffic:${dns}`);
  const samples = Array.from({ length: runs }, (_, seed) => {
    const { world, faultMs, fail } = begin(deployment, seed);
    let decidedMs = Number.NaN;
    world.observe((event) => {
      if (event.type !== 'decided' || event.register.epoch < 2 || !Number.isNaN(decidedMs)) return;
      decidedMs = event.atMs;
    });
    fail('one', 'stop');
    world.scheduler.runUntil(faultMs + 20_000);
    return decidedMs - faultMs;
  }).sort((a, b) => a - b);
  return { runs, medianMs: quantile(samples, 0.5), p90Ms: quantile(samples, 0.9), maxMs: samples.at(-1) ?? Number.NaN };
}
