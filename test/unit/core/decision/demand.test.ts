import { describe, expect, test } from 'vitest';
import { demandOf } from '../../../../src/core/decision/demand.ts';
import type { SiteReport } from '../../../../src/core/detection/observation.ts';
import type { Verdict } from '../../../../src/core/detection/verdict.ts';
import type { Register } from '../../../../src/core/register/register.ts';
import { sharesWatch } from '../../../../src/core/tables/stopwatch.ts';
import { registerWith, runWith, serviceWith, weightedDns } from '../service.fixture.ts';

const pool = serviceWith({
  mode: 'active-active',
  traffic: { dns: weightedDns },
  sites: { one: { capacity: 100 }, two: { capacity: 100 }, far: { capacity: 200 } },
});

/** The demand while these sites report these loads, with the present shares in force for an hour. */
function demand(
  loads: Readonly<Record<string, number>>,
  verdicts: Readonly<Record<string, Verdict>> = {},
  more: Partial<Register> = {},
) {
  const reports = Object.fromEntries(
    Object.entries(loads).map(([site, load]): [string, SiteReport] => [site, { load }]),
  );
  const register = registerWith({ serving: ['one', 'two', 'far'], ...more });
  const stopwatches = { [sharesWatch('shop', register)]: 3_600_000 };
  return demandOf({ service: pool, register, knowledge: { verdicts, reports, dependencies: {} }, stopwatches });
}

describe('the demand', () => {
  test('is what all sites carry', () => {
    expect(demand({ one: 30, two: 20, far: 70 })).toBe(120);
  });

  test('counts a site that reports nothing by its share', () => {
    expect(demand({ one: 30 })).toBe(120);
    expect(demand({ one: 30, far: 70 })).toBeCloseTo((100 * 4) / 3);
  });

  test('does not count what a site still shows that gets no traffic any more', () => {
    expect(demand({ one: 30, two: 500, far: 70 }, {}, { serving: ['one', 'far'] })).toBe(100);
  });

  test('does not count what a dead site still shows, unless no other site shows anything', () => {
    expect(demand({ one: 30, two: 500 }, { two: 'down' })).toBe(120);
    expect(demand({ two: 30 }, { two: 'down' })).toBe(120);
  });

  test('is not known while nobody reports a load, but for what the last decision knew', () => {
    expect(demand({})).toBeNull();
    expect(demand({}, {}, { epoch: 2, run: runWith({ state: 'done', demand: 77 }) })).toBe(77);
  });
});
