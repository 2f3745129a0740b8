import { combineObservations, type Observation } from '../../core/detection/observation.ts';
import { blankTrack, foldObservation, type SiteTrack } from '../../core/detection/opinion.ts';
import { suspicionPauseMs } from '../../core/detection/suspicion.ts';
import { judge } from '../../core/detection/verdict.ts';
import type { Detection } from '../../core/model/policy.ts';
import { seededRandom } from '../random.ts';
import type { Spell } from './spells.ts';

/** Time of an answer: half way across a continent and back. */
const answerMs = 40;

/** Who watches, and how. */
export interface Detector {
  readonly detection: Detection;
  /** How many watchers there are, and how many of them make a verdict. */
  readonly watcherCount: number;
  readonly quorum: number;
  /** Deadline of a probe, in milliseconds. */
  readonly timeoutMs: number;
}

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
 * Has watchers with ticks of their own watch one spell, which begins at 0, by the very functions that a real one folds
 * its probes with. Tables, links and processes are not simulated.
 *
 * @returns when a quorum held the site down, null when none did, and how many probes were made of it
 */
export function watchThrough(
  detector: Detector,
  spell: Spell,
  seed: number,
): { readonly downMs: number | null; readonly probes: number } {
  const { detection } = detector;
  const phase = seededRandom(seed, 'phase');
  const watchers = Array.from({ length: detector.watcherCount }, (): Watcher => {
    const nextTickMs = phase() * detection.intervalMs;
    const track: SiteTrack = { ...blankTrack, opinion: 'up', passStreak: detection.riseCount };
    return { track, probes: 0, nextTickMs, nextExtraMs: Number.POSITIVE_INFINITY, countedMs: 0, newestMs: 0 };
  });
  const probes = () => watchers.reduce((count, watcher) => count + watcher.probes, 0);
  const flights: Flight[] = [];
  for (;;) {
    const nowMs = Math.min(
      ...watchers.map(({ nextTickMs, nextExtraMs }) => Math.min(nextTickMs, nextExtraMs)),
      ...flights.map(({ endsMs }) => endsMs),
    );
    const isQuiet =
      watchers.every(({ track }) => track.failureStreak === 0) && flights.every(({ hasFailed }) => !hasFailed);
    if (nowMs > spell.lengthMs && isQuiet) return { downMs: null, probes: probes() };
    const landed = flights.findIndex(({ endsMs }) => endsMs <= nowMs);
    if (landed >= 0) {
      land(watchers, flights.splice(landed, 1)[0], detection, nowMs);
      if (isDown(watchers, detector.quorum)) return { downMs: nowMs, probes: probes() };
    } else flights.push(takeOff(watchers, spell, detector, seed, nowMs));
  }
}

/** Begins the probe that is due. Both detectors get the same answer for a probe of one watcher at one instant. */
function takeOff(
  watchers: readonly Watcher[],
  spell: Spell,
  { detection, timeoutMs }: Detector,
  seed: number,
  nowMs: number,
): Flight {
  const watcher = watchers.findIndex(({ nextTickMs, nextExtraMs }) => nextTickMs <= nowMs || nextExtraMs <= nowMs);
  const self = watchers[watcher];
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
function land(watchers: readonly Watcher[], flight: Flight | undefined, detection: Detection, nowMs: number): void {
  const self = flight === undefined ? undefined : watchers[flight.watcher];
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

function isDown(watchers: readonly Watcher[], quorum: number): boolean {
  const testimonies = watchers.map(({ track: { opinion, report } }, index) => {
    return { watcher: String(index), opinion, isCorroboratedAlive: false, report };
  });
  return judge(testimonies, { quorum, watcherCount: watchers.length }) === 'down';
}
