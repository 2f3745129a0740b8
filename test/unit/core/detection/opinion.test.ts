import { expect, test } from 'vitest';
import type { SiteObservation } from '../../../../src/core/detection/observation.ts';
import {
  blankTrack,
  foldObservation,
  type ObservationTiming,
  type SiteTrack,
  warmUpTicks,
} from '../../../../src/core/detection/opinion.ts';
import { detection } from '../service.fixture.ts';

/** Observations come one a tick. */
const tick: ObservationTiming = { sinceLastMs: detection.intervalMs, isExtra: false };

const outcomes = { p: 'pass', f: 'fail', u: 'unknown' } as const;

function observe(letter: string): SiteObservation {
  const outcome = outcomes[letter as keyof typeof outcomes];
  return {
    outcome,
    reason: outcome === 'fail' ? 'timeout' : null,
    isCorroboratedAlive: false,
    report: {},
    latencyMs: outcome === 'pass' ? 10 : null,
    isPartial: false,
    dependencies: [],
  };
}

function fold(letters: string, track: SiteTrack = blankTrack): SiteTrack {
  return [...letters].reduce((before, letter) => foldObservation(before, observe(letter), detection, tick), track);
}

test.each([
  ['', 'unknown'],
  ['p', 'unknown'],
  ['pp', 'up'],
  ['ff', 'unknown'],
  ['fff', 'down'],
  ['ppf', 'suspect'],
  ['ppff', 'suspect'],
  ['ppfff', 'down'],
  ['ppfp', 'up'],
  ['ppffpff', 'suspect'],
  ['fffp', 'down'],
  ['fffpp', 'up'],
  ['fffpfp', 'down'],
  ['ppu', 'unknown'],
  ['ppffuf', 'unknown'],
  ['fffup', 'unknown'],
] as const)('%j makes %s (fallCount=3, riseCount=2)', (letters, opinion) => {
  const track = fold(letters);

  expect(track.opinion).toBe(opinion);
});

test('rows are capped at their thresholds, so that a stored track stays the same while nothing changes', () => {
  const once = fold('fff');

  const often = fold('ffffffff', once);

  expect(often).toEqual(once);
});

test('the reason is that of the newest failure and goes with the next pass', () => {
  const failing = fold('ppf');
  const passing = fold('p', failing);

  expect([failing.reason, passing.reason]).toEqual(['timeout', null]);
});

test('an unknown observation keeps what the site said of itself and forgets the rows', () => {
  const seen = { ...observe('u'), isCorroboratedAlive: true, report: { ready: false } };

  const track = foldObservation(fold('ppff'), seen, detection, tick);

  expect(track).toEqual({ ...blankTrack, isCorroboratedAlive: true, report: { ready: false } });
});

test.each([
  ['fails', 'f', 72],
  ['is not seen', 'u', 72],
  ['answers well and reports none', 'p', undefined],
])('of the last load that a site reported, what counts when it %s (%s) is %s', (_, letter, load) => {
  const before = foldObservation(fold('ppp'), { ...observe('p'), report: { load: 72 } }, detection, tick);

  expect(fold(letter, before).report.load).toBe(load);
});

test('a track has left unknown after the warm-up, whichever way the results go', () => {
  const ticks = warmUpTicks(detection);

  const opinions = ['p', 'f'].map((letter) => fold(letter.repeat(ticks)).opinion);

  expect(opinions).toEqual(['up', 'down']);
});

/** Folds failures that begin at the given times after the first, in milliseconds, into a site that was up. */
function failing(beganMs: readonly number[], more: Partial<typeof detection> = {}): SiteTrack {
  return beganMs.reduce((track, ms, index) => {
    const timing = { sinceLastMs: ms - (beganMs[index - 1] ?? ms), isExtra: true };
    return foldObservation(track, observe('f'), { ...detection, ...more }, timing);
  }, fold('pp'));
}

test.each([
  [[0, 500, 1_000], 'suspect'],
  [[0, 500, 1_000, 1_499], 'suspect'],
  [[0, 500, 1_000, 1_500], 'down'],
  [[0, 1_000, 1_900], 'down'],
] as const)('failures that begin at %j ms make %s (fallCount=3, minDownMs=1500)', (beganMs, opinion) => {
  expect(failing(beganMs).opinion).toBe(opinion);
});

test('time alone makes nothing down: two failures over an hour are two (fallCount=3)', () => {
  expect(failing([0, 3_600_000], { minDownMs: 0 }).opinion).toBe('suspect');
});

test('a gap in which nobody looked counts for one interval (intervalMs=1000, minDownMs=1500)', () => {
  const slept = failing([0, 100, 3_000]);

  expect([slept.opinion, slept.failingMs]).toEqual(['suspect', 1_100]);
});

test('one good answer begins the time anew', () => {
  const again = foldObservation(fold('p', failing([0, 500, 1_000])), observe('f'), detection, tick);

  expect([again.failureStreak, again.failingMs]).toEqual([1, 0]);
});

test('probes between ticks do not count for the share of failures, which is one of ticks', () => {
  const grey = {
    ...detection,
    grey: { ...detection.grey, windowTicks: 10, errors: { downPercent: 50, upPercent: 10 } },
  };

  const [extra, ticked] = [true, false].map((isExtra) =>
    foldObservation(fold('pp'), observe('f'), grey, { sinceLastMs: 500, isExtra }),
  );

  expect([extra?.window?.length, ticked?.window?.length]).toEqual([0, 1]);
});

test('a warm-up is long enough for a site that must have failed for longer than its row (minDownMs=10 ticks)', () => {
  expect(warmUpTicks({ ...detection, minDownMs: 10 * detection.intervalMs })).toBe(11);
});

const flakyAt50 = {
  ...detection,
  grey: { ...detection.grey, windowTicks: 4, errors: { downPercent: 50, upPercent: 10 } },
};

test('a site that answers, but fails too often, is down, and says why', () => {
  const flaky = [...'ppffpfp'].reduce(
    (before, letter) => foldObservation(before, observe(letter), flakyAt50, tick),
    blankTrack,
  );
  const well = [...'pppp'].reduce((before, letter) => foldObservation(before, observe(letter), flakyAt50, tick), flaky);

  expect([flaky.opinion, flaky.reason]).toEqual(['down', 'flaky']);
  expect([well.opinion, well.reason]).toEqual(['up', null]);
});

test.each([
  ['what could not be observed adds no failure', 'ffppu', { length: 5, failed: 0b11000 }],
  ['failures leave it after as many ticks as it is long, though little was seen since', 'ffffpuuuup', { failed: 0 }],
])('in the window %s', (_, letters, window) => {
  const detection = { ...flakyAt50, grey: { ...flakyAt50.grey, windowTicks: 6 } };

  const track = [...letters].reduce(
    (before, each) => foldObservation(before, observe(each), detection, tick),
    blankTrack,
  );

  const { length, failed } = track.window ?? { length: 0, failed: '0' };
  expect({ length, failed: Number.parseInt(failed, 16) }).toMatchObject(window);
});

test('a track says which dependencies fail, and that a site passes in part, while it is so', () => {
  const partly = { ...observe('p'), dependencies: ['queue'], isPartial: true };

  const track = foldObservation(blankTrack, partly, detection, tick);

  expect(track).toMatchObject({ dependencies: ['queue'], isPartial: true });
  expect(foldObservation(track, observe('p'), detection, tick)).not.toHaveProperty('dependencies');
  expect(foldObservation(track, observe('p'), detection, tick)).not.toHaveProperty('isPartial');
  expect(track).not.toHaveProperty('window');
});

test('a site that fails and reports a load has that load, and one that never reported any has none', () => {
  const before = foldObservation(fold('ppp'), { ...observe('p'), report: { load: 72 } }, detection, tick);

  expect(foldObservation(before, { ...observe('f'), report: { load: 5 } }, detection, tick).report).toEqual({
    load: 5,
  });
  expect(fold('pf').report).toStrictEqual({});
});
