import { expect, test } from 'vitest';
import { lastResortName, type NamedService } from '../../../../src/core/model/service.ts';
import {
  canonicalRamp,
  canShiftInParts,
  fullShareOf,
  rampPercent,
  recordWeightsOf,
  type Shares,
  shareOf,
  targetWeightsOf,
  weightsOf,
} from '../../../../src/core/register/share.ts';
import {
  address,
  oracleDns,
  recordsDns,
  service,
  serviceWith,
  targets,
  weightedDns,
  zonal,
} from '../service.fixture.ts';

const pool = serviceWith({
  mode: 'active-active',
  traffic: { dns: weightedDns },
  sites: { one: { capacity: 400 }, two: { capacity: 200 }, far: { capacity: 1 } },
});
const all: Shares = { serving: ['one', 'far', 'two'], ramp: {} };
const names = ['one', 'two', 'far'];
const behindOne = { ...targets, targetGroups: { one: 'group-1', two: 'group-2', far: 'group-3' } };

test.each<[string, Shares, number]>([
  ['serves', { serving: ['one'], ramp: {} }, 100],
  ['does not serve', { serving: ['two'], ramp: {} }, 0],
  ['serves and is being ramped up', { serving: ['one'], ramp: { one: 25 } }, 25],
  ['does not serve yet and is being ramped up', { serving: ['two'], ramp: { one: 25 } }, 25],
  ['serves and is ramped down to nothing', { serving: ['one'], ramp: { one: 0 } }, 0],
])('a site that %s gets %j: %i %% of its own share', (_, shares, percent) => {
  expect(rampPercent(shares, 'one')).toBe(percent);
});

test('in a pool the share is the capacity times the ramp; in active-passive every site counts 100', () => {
  const shares = { serving: ['one', 'two'], ramp: { two: 50 } };
  const sites = serviceWith({ sites: { one: { capacity: 400 }, two: { capacity: 200 } } });

  const inPool = names.map((site) => shareOf(pool, shares, site));
  const alone = names.map((site) => shareOf(sites, shares, site));

  expect(inPool).toEqual([400, 100, 0]);
  expect(alone).toEqual([100, 50, 0]);
});

test('the largest share has the largest weight, and a share above 0 never rounds to 0 (capacities=400, 200, 1)', () => {
  const weights = weightsOf(pool, all, names, 100);

  expect(weights).toEqual({ one: 100, two: 50, far: 1 });
});

test('a weight stays what it is while another site leaves: nobody else is scaled up to fill the range', () => {
  const weights = weightsOf(pool, { serving: ['two'], ramp: {} }, names, 100);

  expect(weights).toEqual({ one: 0, two: 50, far: 0 });
});

test('all weights are 0 while the static endpoint serves', () => {
  const weights = weightsOf(pool, { serving: [lastResortName], ramp: {} }, names, 100);

  expect(weights).toEqual({ one: 0, two: 0, far: 0 });
});

test('target weights are for the sites that have a target group, and none without a balancer', () => {
  const balanced = serviceWith({ traffic: { targets } });
  const shifting = { serving: ['one'], ramp: { one: 90, two: 10 } };

  expect(targetWeightsOf(balanced, shifting)).toEqual({ one: 90, two: 10 });
  expect(targetWeightsOf(pool, shifting)).toEqual({});
});

const withLast: NamedService = serviceWith({
  traffic: { dns: { ...weightedDns, lastResort: { a: ['192.0.2.250'] } } },
});

test.each<[string, Shares, object]>([
  ['a site serves', { serving: ['one'], ramp: {} }, { one: 100, two: 0, far: 0, [lastResortName]: 0 }],
  [
    'the static endpoint serves',
    { serving: [lastResortName], ramp: {} },
    { one: 0, two: 0, far: 0, [lastResortName]: 100 },
  ],
  [
    'the static endpoint is being ramped up beside a site that serves',
    { serving: ['one'], ramp: { [lastResortName]: 100 } },
    { one: 0, two: 0, far: 0, [lastResortName]: 100 },
  ],
  [
    'a site is being ramped up while the static endpoint still serves',
    { serving: [lastResortName], ramp: { one: 100 } },
    { one: 100, two: 0, far: 0, [lastResortName]: 0 },
  ],
])('record weights while %s: never both, never none', (_, shares, expected) => {
  expect(recordWeightsOf(withLast, shares)).toEqual(expected);
});

test('without a static endpoint the records are those of the sites', () => {
  expect(Object.keys(recordWeightsOf(pool, all)).sort()).toEqual(['far', 'one', 'two']);
});

test.each<[string, NamedService['traffic'], boolean]>([
  ['weights of target groups', { targets: behindOne }, true],
  ['weights of target groups that not all sites are behind', { targets }, false],
  ['edited weights of records', { dns: weightedDns }, true],
  ['votes of oracles', { dns: oracleDns }, false],
  ['weights that oracles guard', { dns: { ...oracleDns, policy: 'weighted' } }, false],
  ['one edited record', { dns: recordsDns }, false],
  ['an address', { address }, false],
])('traffic by %s can be left in part (%j): %s', (_, traffic, expected) => {
  expect(canShiftInParts({ ...service, traffic })).toBe(expected);
});

test('where DNS gives several answers at once, every site counts the same whatever its capacity', () => {
  const even = serviceWith({
    mode: 'active-active',
    traffic: { dns: { ...oracleDns, policy: 'multivalue' } },
    sites: { one: { capacity: 400 }, two: { capacity: 200 } },
  });

  expect(names.map((site) => shareOf(even, all, site))).toEqual([100, 100, 100]);
});

test('a ramp says nothing of a site that serving does not say: 100 for who serves, 0 for who does not', () => {
  const ramp = canonicalRamp({ serving: ['one', 'two'], ramp: { one: 100, two: 99, far: 0, left: 1 } });

  expect(ramp).toEqual({ two: 99, left: 1 });
});

test.each<[string, NamedService['traffic'], readonly number[]]>([
  ['a load balancer spreads over zones', { zonal }, [100, 100, 100]],
  ['DNS gives several answers at once', { dns: { ...oracleDns, policy: 'multivalue' } }, [100, 100, 100]],
  [
    'target groups have weights, whatever DNS does',
    { targets, dns: { ...oracleDns, policy: 'multivalue' } },
    [400, 200, 1],
  ],
  ['DNS answers by the place of the client', { dns: { ...oracleDns, policy: 'latency' } }, [400, 200, 1]],
])('what a site of a pool gets at most, where %s', (_, traffic, full) => {
  expect(names.map((site) => fullShareOf({ ...pool, traffic }, site))).toEqual(full);
});

test('a site that a pool does not have gets nothing', () => {
  expect(fullShareOf(pool, 'gone')).toBe(0);
});

test('where oracles answer, the static endpoint has no weight of its own', () => {
  const given = serviceWith({ traffic: { dns: { ...oracleDns, lastResort: { a: ['192.0.2.250'] } } } });

  expect(recordWeightsOf(given, { serving: [lastResortName], ramp: {} })).toEqual({ one: 0, two: 0, far: 0 });
});

test('weights of no sites at all are none', () => {
  expect(weightsOf(pool, all, [], 100)).toEqual({});
});

test('without DNS the weights are those of the sites', () => {
  expect(recordWeightsOf({ ...pool, traffic: { targets } }, all)).toEqual({ one: 100, two: 50, far: 1 });
});
