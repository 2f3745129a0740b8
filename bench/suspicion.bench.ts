import { combineObservations, type Observation } from '../src/core/detection/observation.ts';
import { blankTrack, foldObservation, type SiteTrack } from '../src/core/detection/opinion.ts';
import { suspicionPauseMs } from '../src/core/detection/suspicion.ts';
import { judge } from '../src/core/detection/verdict.ts';
import { serviceOf } from '../src/core/model/deployment.ts';
import type { Detection } from '../src/core/model/policy.ts';
import { seededRandom } from '../src/sim/random.ts';
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

/**
 * What happens to a site that nobody has to leave. `errors`: 1 to 30 % of its answers, for ten seconds to five minutes.
 * `blip`: all, for 0.5 to 3 s. `blip-in-errors`: one within the other. `restarts`: three instances behind a balancer
 * that go one after the other, each for 3 to 10 s, in which every third answer fails.
 */
export type NoiseKind = 'errors' | 'blip' | 'blip-in-errors' | 'restarts';

const kinds: readonly NoiseKind[] = ['errors', 'blip', 'blip-in-errors', 'restarts'];

/**
 * One spell of noise: how likely an answer fails at an instant, and whether a failure is told at once or by the
 * deadline.
 */
interface Spell {
  readonly kind: NoiseKind;
  readonly lengthMs: number;
  readonly failsAt: (ms: number) => number;
  readonly isHang: boolean;
}

const watchers = ['a', 'b', 'c'];
const quorum = 2;
const dayMs = 86_400_000;
/** A spell begins so long after the one before it has ended, on average: a service that is never left in peace. */
const peaceMs = 600_000;
/** A probe's deadline, and the time of an answer: the default, and half way across a continent and back. */
const timeoutMs = 1_500;
const answerMs = 40;

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
  const outcomes = spells.map((spell, seed) => ({ spell, ...watchThrough(detection, spell, seed) }));
  const falseMoves = countKinds(outcomes.filter(({ downMs }) => downMs !== null).map(({ spell }) => spell.kind));
  const noisyMs = spells.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
  const probes = outcomes.reduce((sum, outcome) => sum + outcome.probes, 0);
  return {
    name,
    falseMoves,
    falseMovesTotal: kinds.reduce((sum, kind) => sum + falseMoves[kind], 0),
    killMs: medianToDown(detection, false, kills),
    hangMs: medianToDown(detection, true, kills),
    probesASecond: (probes * 1_000) / noisyMs / watchers.length,
  };
}

function countKinds(found: readonly NoiseKind[]): Record<NoiseKind, number> {
  const of = (kind: NoiseKind) => found.filter((each) => each === kind).length;
  return { errors: of('errors'), blip: of('blip'), 'blip-in-errors': of('blip-in-errors'), restarts: of('restarts') };
}

function medianToDown(detection: Detection, isHang: boolean, kills: number): number {
  const fault: Spell = { kind: 'blip', lengthMs: 30_000, failsAt: () => 1, isHang };
  const samples = Array.from({ length: kills }, (_, seed) => watchThrough(detection, fault, seed).downMs ?? Number.NaN);
  return quantile(
    samples.sort((a, b) => a - b),
    0.5,
  );
}

/** The spells of so many days, the same for every detector. */
function drawSpells(days: number): readonly Spell[] {
  const random = seededRandom(1, 'noise');
  const between = (least: number, most: number) => least + random() * (most - least);
  const spells: Spell[] = [];
  for (let atMs = 0; atMs < days * dayMs; ) {
    const spell = drawSpell(kinds[Math.floor(random() * kinds.length)] ?? 'errors', between, random() < 0.5);
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

/** One watcher's account of the site, and what it does next. */
interface Watcher {
  track: SiteTrack;
  probes: number;
  nextTickMs: number;
  /** Next probe between ticks; infinite while the site is not suspected. */
  nextExtraMs: number;
  countedMs: number;
  newestMs: number;
}

/** A probe under way. */
interface Flight {
  readonly watcher: number;
  readonly beganMs: number;
  readonly endsMs: number;
  readonly hasFailed: boolean;
  readonly isExtra: boolean;
}

/**
 * Has three watchers with ticks of their own watch one spell, which begins at 0.
 *
 * @returns when a quorum held the site down, null when none did, and how many probes were made of it
 */
function watchThrough(detection: Detection, spell: Spell, seed: number): { downMs: number | null; probes: number } {
  const phase = seededRandom(seed, 'phase');
  const crew = watchers.map((): Watcher => {
    const nextTickMs = phase() * detection.intervalMs;
    const track: SiteTrack = { ...blankTrack, opinion: 'up', passStreak: detection.riseCount };
    return { track, probes: 0, nextTickMs, nextExtraMs: Number.POSITIVE_INFINITY, countedMs: 0, newestMs: 0 };
  });
  const probes = () => sum(crew.map((watcher) => watcher.probes));
  const flights: Flight[] = [];
  for (;;) {
    const nowMs = Math.min(
      ...crew.map(({ nextTickMs, nextExtraMs }) => Math.min(nextTickMs, nextExtraMs)),
      ...flights.map(({ endsMs }) => endsMs),
    );
    const isQuiet =
      crew.every(({ track }) => track.failureStreak === 0) && flights.every(({ hasFailed }) => !hasFailed);
    if (nowMs > spell.lengthMs && isQuiet) return { downMs: null, probes: probes() };
    const landed = flights.findIndex(({ endsMs }) => endsMs <= nowMs);
    if (landed >= 0) {
      land(crew, flights.splice(landed, 1)[0], detection, nowMs);
      if (isDown(crew)) return { downMs: nowMs, probes: probes() };
    } else flights.push(takeOff(crew, spell, detection, seed, nowMs));
  }
}

/** Begins the probe that is due. Both detectors get the same answer for a probe of one watcher at one instant. */
function takeOff(crew: readonly Watcher[], spell: Spell, detection: Detection, seed: number, nowMs: number): Flight {
  const watcher = crew.findIndex(({ nextTickMs, nextExtraMs }) => nextTickMs <= nowMs || nextExtraMs <= nowMs);
  const self = crew[watcher];
  if (self === undefined) throw new Error('nothing is due');
  const isExtra = self.nextTickMs > nowMs;
  if (isExtra) self.nextExtraMs = Number.POSITIVE_INFINITY;
  else self.nextTickMs += detection.intervalMs;
  self.newestMs = nowMs;
  self.probes += nowMs <= spell.lengthMs ? 1 : 0;
  const share = nowMs <= spell.lengthMs ? spell.failsAt(nowMs) : 0;
  const hasFailed = seededRandom(seed, `${watcher} ${Math.round(nowMs)}`)() < share;
  const tookMs = hasFailed && spell.isHang ? timeoutMs : answerMs;
  return { watcher, beganMs: nowMs, endsMs: nowMs + tookMs, hasFailed, isExtra };
}

/** Folds an answer as the watcher does, and plans the next probe between ticks as it does. */
function land(crew: readonly Watcher[], flight: Flight | undefined, detection: Detection, nowMs: number): void {
  const self = flight === undefined ? undefined : crew[flight.watcher];
  if (flight === undefined || self === undefined) return;
  const { beganMs, hasFailed, isExtra } = flight;
  if (!hasFailed || beganMs >= self.countedMs) {
    const timing = { sinceLastMs: Math.max(0, beganMs - self.countedMs), isExtra };
    self.track = foldObservation(self.track, observationOf(hasFailed), detection, timing);
    self.countedMs = Math.max(self.countedMs, beganMs);
  }
  const isInDoubt = self.track.failureStreak > 0 && self.track.opinion !== 'down';
  const times = { nowMs, newestMs: self.newestMs, countedMs: self.countedMs };
  const dueMs = nowMs + suspicionPauseMs(self.track, detection, times);
  const isRoom = isInDoubt && dueMs < self.nextTickMs && detection.suspectIntervalMs < detection.intervalMs;
  if (isRoom) self.nextExtraMs = Math.min(self.nextExtraMs, dueMs);
  else if (!isInDoubt) self.nextExtraMs = Number.POSITIVE_INFINITY;
}

function observationOf(hasFailed: boolean): ReturnType<typeof combineObservations> {
  const observation: Observation = hasFailed
    ? { outcome: 'fail', reason: 'timeout', latencyMs: answerMs }
    : { outcome: 'pass', latencyMs: answerMs };
  return combineObservations([{ observation, isCorroborating: false }], 'all');
}

function isDown(crew: readonly Watcher[]): boolean {
  const testimonies = crew.map(({ track: { opinion, report } }, index) => {
    return { watcher: watchers[index] ?? '', opinion, isCorroboratedAlive: false, report };
  });
  return judge(testimonies, { quorum, watcherCount: watchers.length }) === 'down';
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
