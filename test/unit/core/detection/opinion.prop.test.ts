import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SiteObservation } from '../../../../src/core/detection/observation.ts';
import {
  blankTrack,
  foldObservation,
  type ObservationTiming,
  type SiteTrack,
} from '../../../../src/core/detection/opinion.ts';
import type { Detection } from '../../../../src/core/model/policy.ts';
import { detection as base } from '../service.fixture.ts';

type Outcome = SiteObservation['outcome'];
type Fold = typeof foldObservation;

const outcomes = fc.array(fc.constantFrom<Outcome>('pass', 'fail', 'unknown'), { maxLength: 40 });
const detections = fc
  .record({ fallCount: fc.integer({ min: 1, max: 5 }), riseCount: fc.integer({ min: 1, max: 5 }) })
  .map((counts): Detection => ({ ...base, ...counts, minDownMs: 0 }));
const tick: ObservationTiming = { sinceLastMs: base.intervalMs, isExtra: false };

function observed(outcome: Outcome): SiteObservation {
  const latencyMs = outcome === 'pass' ? 10 : null;
  return {
    outcome,
    reason: null,
    isCorroboratedAlive: false,
    report: {},
    latencyMs,
    isPartial: false,
    dependencies: [],
  };
}

/** Whether each change of opinion has the row of results behind it that it needs. */
function keepsHysteresis(history: readonly Outcome[], detection: Detection, fold: Fold): boolean {
  let track: SiteTrack = blankTrack;
  for (const [index, outcome] of history.entries()) {
    const before = track.opinion;
    track = fold(track, observed(outcome), detection, tick);
    const endsIn = (wanted: Outcome, count: number) => {
      const row = history.slice(Math.max(0, index + 1 - count), index + 1);
      return row.length === count && row.every((one) => one === wanted);
    };
    if (outcome === 'unknown' && track.opinion !== 'unknown') return false;
    if (track.opinion === 'down' && before !== 'down' && !endsIn('fail', detection.fallCount)) return false;
    const isRisen = track.opinion === 'up' && (before === 'down' || before === 'unknown');
    if (isRisen && !endsIn('pass', detection.riseCount)) return false;
    if (track.opinion === 'suspect' && before !== 'up' && before !== 'suspect') return false;
    if (track.passStreak > 0 && track.failureStreak > 0) return false;
  }
  return true;
}

test('no opinion changes without the row of equal results that it needs', () => {
  fc.assert(
    fc.property(outcomes, detections, (history, detection) => keepsHysteresis(history, detection, foldObservation)),
  );
});

test('the property catches a fold that lets an unknown keep the row of failures', () => {
  const forgetful: Fold = (track, observation, detection, timing) =>
    observation.outcome === 'unknown' ? track : foldObservation(track, observation, detection, timing);

  const result = fc.check(
    fc.property(outcomes, detections, (history, detection) => keepsHysteresis(history, detection, forgetful)),
    { numRuns: 5_000 },
  );

  expect(result.failed).toBe(true);
});

test('a row of failures as long as fallCount always ends in down, one of passes as long as riseCount in up', () => {
  fc.assert(
    fc.property(outcomes, detections, fc.boolean(), (history, detection, isPassing) => {
      const outcome: Outcome = isPassing ? 'pass' : 'fail';
      const row = new Array<Outcome>(isPassing ? detection.riseCount : detection.fallCount).fill(outcome);
      const track = [...history, ...row].reduce<SiteTrack>(
        (before, next) => foldObservation(before, observed(next), detection, tick),
        blankTrack,
      );

      expect(track.opinion).toBe(isPassing ? 'up' : 'down');
    }),
  );
});

interface Blip {
  readonly detection: Detection;
  /** Gaps between the beginnings of probes, and whether each is one between ticks. */
  readonly gaps: readonly { readonly ms: number; readonly isExtra: boolean }[];
  readonly blipMs: number;
  readonly blipAtMs: number;
}

const blips: fc.Arbitrary<Blip> = fc.record({
  detection: fc
    .record({ fallCount: fc.integer({ min: 1, max: 5 }), minDownMs: fc.integer({ min: 100, max: 6_000 }) })
    .map((counts): Detection => ({ ...base, ...counts })),
  gaps: fc.array(fc.record({ ms: fc.integer({ min: 1, max: 2_000 }), isExtra: fc.boolean() }), {
    minLength: 5,
    maxLength: 40,
  }),
  blipMs: fc.integer({ min: 1, max: 6_000 }),
  blipAtMs: fc.integer({ min: 0, max: 20_000 }),
});

/** The opinions on a site that is well but for one blip, however and whenever it is probed. */
function opinionsThrough({ detection, gaps, blipMs, blipAtMs }: Blip, fold: Fold): readonly string[] {
  let track: SiteTrack = { ...blankTrack, opinion: 'up' };
  let nowMs = 0;
  return gaps.map(({ ms, isExtra }) => {
    nowMs += ms;
    const outcome = nowMs >= blipAtMs && nowMs < blipAtMs + blipMs ? 'fail' : 'pass';
    track = fold(track, observed(outcome), detection, { sinceLastMs: ms, isExtra });
    return track.opinion;
  });
}

const neverCounts = (fold: Fold) =>
  fc.property(blips, (blip) => {
    fc.pre(blip.blipMs <= blip.detection.minDownMs);
    return !opinionsThrough(blip, fold).includes('down');
  });

test('a blip no longer than minDownMs never counts, however often the site is probed meanwhile', () => {
  fc.assert(neverCounts(foldObservation), { numRuns: 2_000 });
});

test('the property catches a fold that counts failures alone', () => {
  const hasty: Fold = (track, observation, detection, timing) =>
    foldObservation(track, observation, { ...detection, minDownMs: 0 }, timing);

  expect(fc.check(neverCounts(hasty), { numRuns: 5_000 }).failed).toBe(true);
});

test('the property catches a fold that counts from the last good answer', () => {
  const early: Fold = (track, observation, detection, timing) =>
    foldObservation(track, observation, { ...detection, minDownMs: detection.minDownMs - timing.sinceLastMs }, timing);

  expect(fc.check(neverCounts(early), { numRuns: 5_000 }).failed).toBe(true);
});
