import { expect, test } from 'vitest';
import type { SiteObservation } from '../../../../src/core/detection/observation.ts';
import { blankTrack, foldObservation, type SiteTrack, warmUpTicks } from '../../../../src/core/detection/opinion.ts';
import { detection } from '../service.fixture.ts';

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
  return [...letters].reduce((before, letter) => foldObservation(before, observe(letter), detection), track);
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

  const track = foldObservation(fold('ppff'), seen, detection);

  expect(track).toEqual({ ...blankTrack, isCorroboratedAlive: true, report: { ready: false } });
});

test('a track has left unknown after the warm-up, whichever way the results go', () => {
  const ticks = warmUpTicks(detection);

  const opinions = ['p', 'f'].map((letter) => fold(letter.repeat(ticks)).opinion);

  expect(opinions).toEqual(['up', 'down']);
});
