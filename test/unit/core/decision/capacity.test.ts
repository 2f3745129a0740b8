import { expect, test } from 'vitest';
import { carriesMax, hasSpare, isGrowing, isOverLimit, readyReserves } from '../../../../src/core/decision/capacity.ts';
import type { SiteReport } from '../../../../src/core/detection/observation.ts';
import type { SiteKnowledge } from '../../../../src/core/detection/site-knowledge.ts';
import { registerWith, serviceWith, warm } from '../service.fixture.ts';

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
  ['that is not known', undefined, 22.5],
  ['of a quarter', 1, 22.5],
  ['of half', 2, 45],
  ['of all', 4, 90],
  ['above all', 9, 90],
])(
  'a warm site at a size %s carries at most what that size does, and 90 90 once it is scaled (capacity=100, limitPercent=90)',
  (_, size, most) => {
    const given = serviceWith({ mode: 'active-active', sites: { ...hundred, two: { capacity: 100, ...warm } } });
    const knowledge = reported({ two: size === undefined ? {} : { inService: size } });

    const [present, full] = (['present', 'full'] as const).map((basis) => carriesMax(given, knowledge, 'two', basis));

    expect([present, full]).toEqual([most, 90]);
  },
);

test.each([
  ['warm site at a quarter of its size', warm, { inService: 1 }, true],
  ['warm site at its size', warm, { inService: 4 }, false],
  ['warm site of unknown size', warm, {}, true],
  ['hot site of unknown size', { ...warm, standby: 'hot' as const }, {}, false],
  ['site that is not scaled', {}, { inService: 1 }, false],
  [
    'cold site whose instances are stopped',
    { standby: 'cold' as const, scale: [{ kind: 'instances' as const, instanceIds: ['i-1'] }] },
    { inService: 0 },
    true,
  ],
  [
    'cold site whose instances nobody has counted',
    { standby: 'cold' as const, scale: [{ kind: 'instances' as const, instanceIds: ['i-1'] }] },
    {},
    true,
  ],
])('a %s can grow: %#', (_, place, report, expected) => {
  const given = serviceWith({ sites: { two: place } });

  expect(isGrowing(given, reported({ two: report }), 'two')).toBe(expected);
});

test.each([
  [90, false],
  [91.8, false],
  [91.9, true],
  [undefined, false],
])(
  'a site that carries %s is over its limit: %s (capacity=100, limitPercent=90, 2 %% for whole weights)',
  (load, expected) => {
    const knowledge = reported({ one: load === undefined ? {} : { load } });

    expect(isOverLimit(pool, knowledge, 'one')).toBe(expected);
  },
);

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

test('after a loss the reserves of a pool come in, unless they are known to be down', () => {
  const far = { capacity: 100, reserve: true };
  const given = serviceWith({
    mode: 'active-active',
    sites: { one: { capacity: 100 }, two: { capacity: 100 }, far },
    capacity: { spareSites: 1 },
  });
  const spare = (verdict: 'up' | 'down') =>
    hasSpare(
      given,
      { serving: ['one', 'two'], ramp: {} },
      {
        verdicts: { far: verdict },
        reports: { one: { load: 80 }, two: { load: 80 } },
        dependencies: {},
      },
    );

  expect([spare('up'), spare('down')]).toEqual([true, false]);
});

test('a reserve that is called already is not counted twice', () => {
  const given = serviceWith({
    mode: 'active-active',
    sites: { ...hundred, far: { capacity: 100, reserve: true } },
    capacity: { spareSites: 1 },
  });
  const shares = { serving: ['one', 'two', 'far'], ramp: {} };

  expect([180, 181].map((total) => hasSpare(given, shares, loaded(total, 0, 0)))).toEqual([true, false]);
});

test.each(['up', 'degraded', 'unclear', 'down'] as const)('a reserve is called only while it is up (%s)', (verdict) => {
  const far = { capacity: 100, reserve: true };
  const given = serviceWith({ mode: 'active-active', sites: { ...hundred, far } });
  const knowledge = { verdicts: { far: verdict }, reports: {} };

  const called = readyReserves({ service: given, register: registerWith({ serving: ['one'] }), knowledge });

  expect(called).toEqual(verdict === 'up' ? ['far'] : []);
});

test('a site that the configuration does not have carries nothing', () => {
  expect([carriesMax(pool, reported({}), 'gone', 'full'), carriesMax(pool, reported({}), 'gone', 'present')]).toEqual([
    0, 0,
  ]);
  expect([isOverLimit(pool, reported({ gone: { load: 1 } }), 'gone'), isOverLimit(pool, reported({}), 'one')]).toEqual([
    true,
    false,
  ]);
});
