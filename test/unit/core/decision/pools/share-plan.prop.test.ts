import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  percentsJoined,
  percentsLeft,
  percentsTurnedBack,
  type SharePlanInput,
  type SitePercents,
} from '../../../../../src/core/decision/share-plan.ts';
import type { Verdict } from '../../../../../src/core/detection/verdict.ts';
import { rampPercent, shareOf } from '../../../../../src/core/register/share.ts';
import { serviceWith, weightedDns } from '../../service.fixture.ts';

const names = ['one', 'two', 'far'];
/** What whole percents may add to what was planned, as a part of it. */
const error = 1e-6;

interface Drawn {
  readonly input: SharePlanInput & { readonly demand: number };
  readonly moving: readonly string[];
}

const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    capacities: fc.tuple(...names.map(() => fc.integer({ min: 10, max: 400 }))),
    percents: fc.tuple(...names.map(() => fc.constantFrom(0, 7, 40, 66, 100, 100))),
    verdicts: fc.tuple(...names.map(() => fc.constantFrom<Verdict>('up', 'up', 'down'))),
    demand: fc.integer({ min: 0, max: 1_500 }),
    moving: fc.subarray(names, { minLength: 1, maxLength: 2 }),
  })
  .map(({ capacities, percents, verdicts, demand, moving }) => {
    const bySite = <T>(values: readonly T[]) => Object.fromEntries(names.map((name, place) => [name, values[place]]));
    const service = serviceWith({
      mode: 'active-active',
      traffic: { dns: weightedDns },
      sites: Object.fromEntries(names.map((name, place) => [name, { capacity: capacities[place] ?? 1 }])),
    });
    const shares = { serving: names, ramp: bySite(percents) as SitePercents };
    const knowledge = { verdicts: bySite(verdicts) as Record<string, Verdict>, reports: {}, dependencies: {} };
    return { input: { service, shares, knowledge, demand }, moving };
  });

/** Load of each site, by the shares that a plan leads to. */
function loadsWith({ service, shares, demand }: Drawn['input'], plan: SitePercents): Readonly<Record<string, number>> {
  const after = { ...shares, ramp: { ...shares.ramp, ...plan } };
  const all = names.reduce((sum, site) => sum + shareOf(service, after, site), 0);
  return Object.fromEntries(
    names.map((site) => [site, all === 0 ? 0 : (demand * shareOf(service, after, site)) / all]),
  );
}

const limitOf = ({ service }: Drawn['input'], site: string) =>
  ((service.sites[site]?.capacity ?? 0) * service.capacity.limitPercent) / 100;

/** Sites of some that carry more than they may, and more than before. */
function overloaded(given: Drawn['input'], plan: SitePercents, sites: readonly string[]): readonly string[] {
  const [before, after] = [loadsWith(given, {}), loadsWith(given, plan)];
  return sites.filter((site) => {
    const most = Math.max(limitOf(given, site), before[site] ?? 0);
    return given.knowledge.verdicts[site] !== 'down' && (after[site] ?? 0) > most * (1 + error);
  });
}

const others = (moving: readonly string[]) => names.filter((site) => !moving.includes(site));

test('no site that stays is planned above its limit when others leave, and demand is neither made nor lost', () => {
  fc.assert(
    fc.property(drawn, ({ input, moving }) => {
      const plan = percentsLeft(input, moving, 'full');
      const hasAny = names.some((site) => ({ ...input.shares.ramp, ...plan })[site] !== 0);

      expect(overloaded(input, plan, others(moving))).toEqual([]);
      const sum = Object.values(loadsWith(input, plan)).reduce((total, load) => total + load, 0);
      if (hasAny) expect(sum).toBeCloseTo(input.demand, 6);
    }),
    { numRuns: 3_000 },
  );
});

test('whoever leaves gets as little as the others can carry, one percent less of each overloads, or all when all others are down', () => {
  fc.assert(
    fc.property(drawn, ({ input, moving }) => {
      const plan = percentsLeft(input, moving, 'full');
      const less = Object.fromEntries(Object.entries(plan).map(([site, percent]) => [site, Math.max(0, percent - 1)]));

      for (const site of moving) expect(plan[site]).toBeLessThanOrEqual(rampPercent(input.shares, site));
      const isWell = (site: string) =>
        input.knowledge.verdicts[site] !== 'down' && shareOf(input.service, input.shares, site) > 0;
      if (!others(moving).some(isWell)) {
        expect(moving.map((site) => plan[site])).toEqual(moving.map((site) => rampPercent(input.shares, site)));
        return;
      }
      const isTight = overloaded(input, less, others(moving)).length > 0;
      const isOut = moving.every((site) => plan[site] === 0);
      const isAbove = overloadedNow(input, others(moving));
      expect(isTight || isOut || isAbove).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});

/** Whether a site that stays carries all that it may already: then nothing can go to it, and nothing has to. */
function overloadedNow(given: Drawn['input'], sites: readonly string[]): boolean {
  const before = loadsWith(given, {});
  return sites.some((site) => given.knowledge.verdicts[site] !== 'down' && (before[site] ?? 0) >= limitOf(given, site));
}

test('no site that comes in is planned above its limit, none of the others gets more, and none loses what it had', () => {
  fc.assert(
    fc.property(drawn, ({ input, moving }) => {
      const plan = percentsJoined(input, moving, 'full');
      const up = { ...input, knowledge: { ...input.knowledge, verdicts: {} } };
      const [before, after] = [loadsWith(input, {}), loadsWith(input, plan)];
      const isFirst = others(moving).every((site) => input.shares.ramp[site] === 0);

      if (!isFirst) expect(overloaded(up, plan, moving)).toEqual([]);
      for (const site of moving) expect(plan[site]).toBeGreaterThanOrEqual(rampPercent(input.shares, site));
      for (const site of others(moving)) expect(after[site]).toBeLessThanOrEqual((before[site] ?? 0) + error);
    }),
    { numRuns: 3_000 },
  );
});

test.each<[string, Partial<SharePlanInput>, SitePercents]>([
  ['nobody says what clients ask for', { demand: null }, { one: 0 }],
  ['nobody asks', { demand: 0 }, { one: 0 }],
  ['the service shifts whatever it costs', { service: shifting() }, { one: 0 }],
])('all leaves when %s', (_, more, plan) => {
  const service = serviceWith({ mode: 'active-active', traffic: { dns: weightedDns } });
  const shares = { serving: names, ramp: {} };
  const knowledge = { verdicts: {}, reports: {}, dependencies: {} };

  expect(percentsLeft({ service, shares, knowledge, demand: 1_000, ...more }, ['one'], 'full')).toEqual(plan);
});

function shifting() {
  return serviceWith({ mode: 'active-active', traffic: { dns: weightedDns }, capacity: { shortage: 'shift' } });
}

test('a return that is turned back gives nobody more than it can carry, and no site less than it had before', () => {
  const before = fc.constantFrom(0, 7, 40, 66);
  fc.assert(
    fc.property(drawn, before, ({ input, moving }, had) => {
      const ramp = Object.fromEntries(
        names.map((site) => [site, moving.includes(site) ? Math.min(had, rampPercent(input.shares, site)) : 100]),
      );
      const plan = percentsTurnedBack(input, moving, ramp, 'full');

      expect(overloaded(input, plan, others(moving))).toEqual([]);
      for (const site of moving) {
        expect(plan[site]).toBeGreaterThanOrEqual(ramp[site] ?? 0);
        expect(plan[site]).toBeLessThanOrEqual(rampPercent(input.shares, site));
      }
    }),
    { numRuns: 3_000 },
  );
});
