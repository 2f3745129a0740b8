import { describe, expect, test } from 'vitest';
import { defineDeployment } from '../../../../src/config/loader.ts';
import { serviceOf } from '../../../../src/core/model/deployment.ts';
import {
  adviseFrom,
  grid,
  type PricedTrial,
  type Setting,
  type Trial,
  Tuning,
} from '../../../../src/sim/noise/tuning.ts';
import { shop } from '../../config/shop.fixture.ts';

const detection = serviceOf(defineDeployment(shop), 'web').detection;
const detector = { detection, watcherCount: 3, quorum: 2, timeoutMs: 1_500 };
const { intervalMs, fallCount, suspectIntervalMs, minDownMs } = detection;
const defaults = { intervalMs, fallCount, suspectIntervalMs, minDownMs };
const plain = { intervalMs, fallCount: 3, suspectIntervalMs: intervalMs, minDownMs: 0 };

function tried(tuning: Tuning, setting: Setting): Trial {
  const steps = tuning.try(setting);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

test('the defaults move for nothing less often than three plain ticks, and are faster', () => {
  const tuning = new Tuning(detector, 3);
  const [suspicion, ticks] = [tried(tuning, defaults), tried(tuning, plain)];

  expect(ticks.falseMovesIn100Days).toBeGreaterThan(0);
  expect(suspicion.falseMovesIn100Days).toBeLessThan(ticks.falseMovesIn100Days);
  expect(suspicion.killMs).toBeLessThan(ticks.killMs);
  expect(suspicion.hangMs).toBeLessThan(ticks.hangMs);
});

test('the same noise and faults give the same figures', () => {
  expect(tried(new Tuning(detector, 1), defaults)).toEqual(tried(new Tuning(detector, 1), defaults));
});

test('a quorum of all watchers moves for nothing no more often than a majority', () => {
  const all = tried(new Tuning({ ...detector, quorum: 3 }, 2), plain);

  expect(all.falseMovesIn100Days).toBeLessThanOrEqual(tried(new Tuning(detector, 2), plain).falseMovesIn100Days);
});

test('no setting of the grid is there twice', () => {
  expect(new Set(grid.map((setting) => JSON.stringify(setting))).size).toBe(grid.length);
});

describe('advice', () => {
  const trial = (killMs: number, falseMovesIn100Days: number, listUsd: number): PricedTrial => {
    return { setting: defaults, killMs, hangMs: killMs, falseMovesIn100Days, listUsd };
  };
  const now = trial(4_000, 20, 50);

  test.each<[string, PricedTrial, readonly string[]]>([
    ['sooner and as calm', trial(3_000, 20, 60), ['quicker']],
    ['sooner, and less calm', trial(3_000, 21, 40), []],
    ['calmer and as soon', trial(4_000, 10, 60), ['calmer']],
    ['calmer, and later', trial(4_001, 10, 60), []],
    ['cheaper, as calm, and half as slow again', trial(6_000, 20, 40), ['cheaper']],
    ['cheaper, and slower than that', trial(6_001, 20, 40), []],
    ['better in everything', trial(3_000, 10, 40), ['quicker', 'calmer', 'cheaper']],
    ['the same', now, []],
  ])('%s', (_, other, names) => {
    const advice = adviseFrom(now, [other]);

    expect(Object.entries(advice).flatMap(([name, found]) => (found === null ? [] : [name]))).toEqual(names);
  });
});
