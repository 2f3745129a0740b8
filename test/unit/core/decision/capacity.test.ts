import { expect, test } from 'vitest';
import { fitOf, hasSpare, isGrowing, isOverLimit, keptWeightPercent } from '../../../../src/core/decision/capacity.ts';
import type { SiteReport } from '../../../../src/core/detection/observation.ts';
import type { SiteKnowledge } from '../../../../src/core/detection/site-knowledge.ts';
import { serviceWith, warm } from '../service.fixture.ts';

const hundred = { one: { capacity: 100 }, two: { capacity: 100 }, far: { capacity: 100 } };
/** Each site carries 100 and is full at 90. */
const pool = serviceWith({ mode: 'active-active', sites: hundred });

function reported(reports: Readonly<Record<string, SiteReport>>): SiteKnowledge {
  return { verdicts: {}, reports, dependencies: {} };
}

function loaded(one: number, two: number, far: number): SiteKnowledge {
  return reported({ one: { load: one }, two: { load: two }, far: { load: far } });
}

test.each([
  [60, 60, 60, 100],
  [60, 70, 70, 66],
  [80, 50, 90, 50],
  [80, 90, 90, 0],
  [80, 95, 95, 0],
  [0, 95, 95, 100],
])(
  'of a load of %i onto sites that carry %i and %i, %i %% fits (capacity=100, limitPercent=90)',
  (one, two, far, percent) => {
    const fit = fitOf(pool, loaded(one, two, far), ['one'], ['two', 'far']);

    expect(fit).toMatchObject({ nowPercent: percent, scaledPercent: percent });
  },
);

test('a site above its limit lends no room to the others: the excess of one is not taken from the room of another', () => {
  const fit = fitOf(pool, loaded(40, 200, 70), ['one'], ['two', 'far']);

  expect(fit?.nowPercent).toBe(50);
});

test('a site that takes traffic and does not say what it carries is taken to be idle (60 of 90 + 80)', () => {
  const fitting = (load: number) =>
    fitOf(pool, reported({ one: { load }, two: { load: 10 } }), ['one'], ['two', 'far'])?.nowPercent;

  expect([fitting(60), fitting(340)]).toEqual([100, 50]);
});

test('nothing is said of a fit when neither the site that leaves says what it carries nor all others do', () => {
  expect(fitOf(pool, reported({ two: { load: 10 } }), ['one'], ['two', 'far'])).toBeNull();
});

test.each([
  [70, 70, 42, 41],
  [70, 70, 100, 0],
  [46.666_666_7, 93.333_333_3, 100, 0],
  [70, 70, 0, 100],
  [70, 0, 40, 60],
  [0, 0, 100, 0],
])(
  'weights are relative: of a load of %f beside %f, %f percent moves with a weight of %i percent',
  (moving, present, moved, kept) => {
    const fit = { nowPercent: 0, scaledPercent: 0, moving, present };

    expect(keptWeightPercent(fit, moved)).toBe(kept);
  },
);

test('a site that leaves and does not say what it carried is taken to be as busy as the others (busy=60%, capacity=50)', () => {
  const uneven = serviceWith({ mode: 'active-active', sites: { ...hundred, one: { capacity: 50 } } });
  const silent = fitOf(uneven, reported({ two: { load: 80 }, far: { load: 40 } }), ['one'], ['two', 'far']);
  const spoken = fitOf(uneven, loaded(30, 80, 40), ['one'], ['two', 'far']);
  const tight = fitOf(uneven, reported({ two: { load: 85 }, far: { load: 85 } }), ['one'], ['two', 'far']);

  expect(silent).toEqual(spoken);
  // (90 - 85) * 2 = 10 of room, for 85 % of 50 = 42.5.
  expect(tight?.nowPercent).toBe(23);
});

test.each([
  ['that is not known', undefined, 0],
  ['of a quarter', 1, 0],
  ['of half', 2, 28],
  ['of all', 4, 92],
  ['above all', 9, 92],
])('onto a warm site at a size %s fits what that size carries, and all once it is scaled', (_, size, nowPercent) => {
  const given = serviceWith({ mode: 'active-active', sites: { ...hundred, two: { capacity: 100, ...warm } } });
  const two = { load: 25, ...(size === undefined ? {} : { size }) };

  const fit = fitOf(given, reported({ one: { load: 70 }, two }), ['one'], ['two']);

  // Room: 90 % of the present capacity, less 25.
  expect(fit).toMatchObject({ nowPercent, scaledPercent: 92 });
});

test.each([
  ['warm site at a quarter of its size', warm, { size: 1 }, true],
  ['warm site at its size', warm, { size: 4 }, false],
  ['warm site of unknown size', warm, {}, true],
  ['hot site of unknown size', { ...warm, standby: 'hot' as const }, {}, false],
  ['site that is not scaled', {}, { size: 1 }, false],
  [
    'cold site whose instances are stopped',
    { standby: 'cold' as const, scale: [{ kind: 'instances' as const, instanceIds: ['i-1'] }] },
    { size: 0 },
    true,
  ],
])('a %s can grow: %#', (_, place, report, expected) => {
  const given = serviceWith({ sites: { two: place } });

  expect(isGrowing(given, reported({ two: report }), 'two')).toBe(expected);
});

test.each([
  [90, false],
  [90.1, true],
  [undefined, false],
])('a site that carries %s is over its limit: %s (capacity=100, limitPercent=90)', (load, expected) => {
  const knowledge = reported({ one: load === undefined ? {} : { load } });

  expect(isOverLimit(pool, knowledge, 'one')).toBe(expected);
});

test.each([
  [0, 270, true],
  [0, 271, false],
  [1, 180, true],
  [1, 181, false],
  [2, 90, true],
  [2, 91, false],
  [3, 1, false],
])(
  'with %i sites lost, a total load of %i is still carried: %s (3 sites of 100, limitPercent=90)',
  (spareSites, total, expected) => {
    const given = serviceWith({ mode: 'active-active', sites: hundred, capacity: { spareSites } });

    const isSpare = hasSpare(given, { serving: ['one', 'two', 'far'], ramp: {} }, loaded(total, 0, 0));

    expect(isSpare).toBe(expected);
  },
);

test('the sites that are taken as lost are the largest ones', () => {
  const sites = { ...hundred, one: { capacity: 300 } };
  const given = serviceWith({ mode: 'active-active', sites, capacity: { spareSites: 1 } });
  const shares = { serving: ['one', 'two', 'far'], ramp: {} };

  expect([180, 181].map((total) => hasSpare(given, shares, loaded(total, 0, 0)))).toEqual([true, false]);
});

test('a site that gets nothing, withdrawn or ramped down, is no spare, and its silence hides nothing', () => {
  const given = serviceWith({ mode: 'active-active', sites: hundred, capacity: { spareSites: 1 } });
  const knowledge = reported({ one: { load: 60 }, two: { load: 60 } });

  const withdrawn = hasSpare(given, { serving: ['one', 'two'], ramp: {} }, knowledge);
  const rampedDown = hasSpare(given, { serving: ['one', 'two', 'far'], ramp: { far: 0 } }, knowledge);
  const silent = hasSpare(given, { serving: ['one', 'two', 'far'], ramp: {} }, knowledge);

  expect([withdrawn, rampedDown, silent]).toEqual([false, false, null]);
});
