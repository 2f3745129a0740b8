import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SiteObservation } from '../../../../src/core/detection/observation.ts';
import { blankTrack, foldObservation, type SiteTrack } from '../../../../src/core/detection/opinion.ts';
import type { Detection } from '../../../../src/core/model/policy.ts';
import { detection as base } from '../service.fixture.ts';

type Outcome = SiteObservation['outcome'];
type Fold = typeof foldObservation;

const outcomes = fc.array(fc.constantFrom<Outcome>('pass', 'fail', 'unknown'), { maxLength: 40 });
const detections = fc
  .record({ fallCount: fc.integer({ min: 1, max: 5 }), riseCount: fc.integer({ min: 1, max: 5 }) })
  .map((counts): Detection => ({ ...base, ...counts }));

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
    track = fold(track, observed(outcome), detection);
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
  const forgetful: Fold = (track, observation, detection) =>
    observation.outcome === 'unknown' ? track : foldObservation(track, observation, detection);

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
        (before, next) => foldObservation(before, observed(next), detection),
        blankTrack,
      );

      expect(track.opinion).toBe(isPassing ? 'up' : 'down');
    }),
  );
});
